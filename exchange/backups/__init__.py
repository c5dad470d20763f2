"""Backups of an installation, and its move to another database: made, listed, verified, restored.

It knows databases and keystores as files and tables, and no front door. What a record is it asks
the record engine; the bytes that leave are sealed before they are written.
"""
