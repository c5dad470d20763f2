"""THE path: every record is read and written here, for a caller, in batches, audited."""
