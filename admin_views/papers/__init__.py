"""The papers that the law asks for: on a page, for print, as a file."""
