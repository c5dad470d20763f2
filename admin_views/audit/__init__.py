"""The auditors' room: the log, one record's history, and the monthly inspections (点検)."""
