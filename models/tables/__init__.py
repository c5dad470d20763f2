"""The platform's own tables. They know nothing of entities' meaning, callers or rules."""
