"""The same work, later: system jobs, mail, recurrences. They act through the record service."""
