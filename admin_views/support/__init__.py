"""Support sessions: seeing the office as somebody else does. See `identity/support.py`."""
