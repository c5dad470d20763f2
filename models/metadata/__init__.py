"""What an entity is: definitions, compiled to tables. They know nothing of callers or records."""
