"""What is kept about records: the kinds of activities, what becomes of them, and how an attribute
of theirs is called. The definitions are written out by `packager`.
"""

NOTE, CALL, MAIL, APPOINTMENT, TASK = range(1, 6)
OUTGOING, INCOMING = 1, 2
OPEN, DONE, CANCELLED = 1, 2, 3


def activity_attribute(entity: str, part: str) -> str:
    """The logical name, by the entity's: what comes after the publisher's prefix is `part`."""
    return f"{entity.partition('_')[0]}_{part}"
