"""Keys and bytes: sealing values, keeping their keys, and finding sealed values again.

Knows nothing of entities, records or callers: here an attribute is a number and a record sixteen
bytes.
"""
