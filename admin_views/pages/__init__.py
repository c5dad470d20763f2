"""Pages that are not about one entity's records: start, audit, jobs, users, metadata, export."""
