"""Public views in the forms in which they leave: pages, a feed, open data."""
