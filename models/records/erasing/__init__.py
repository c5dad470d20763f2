"""The end of records: what is due, what is held, what goes along, and the proof that it is gone.
See docs/retention.md."""
