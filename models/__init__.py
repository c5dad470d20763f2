"""The entity table layer, modelled on Common Data Service: four levels, each a folder."""
