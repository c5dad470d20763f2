"""Solutions as YAML: read, checked and installed. It knows nothing of records."""
