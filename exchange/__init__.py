"""Records as CSV: out for officials, in for offices. It goes through the record service."""
