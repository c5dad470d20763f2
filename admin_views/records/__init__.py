"""Records of any entity in the back office: list, details, forms, reveal, assign, delete."""
