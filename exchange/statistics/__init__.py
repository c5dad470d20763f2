"""Statistics: how many records there are, told so that no small number can be found out."""
