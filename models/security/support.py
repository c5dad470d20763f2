"""What of a person's rights an administrator has who sees the office as that person does.

Never more than both have: the Caller that comes of it asks for everything of both. And to look
only: nobody changes, sends out or decides anything in somebody else's name. It knows no session.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege

SEEN_IN_SUPPORT = frozenset({Miscellaneous.REVEAL})
"""Of what is not on records: one masked value, for a purpose, noted with both names."""
Held = TypeVar("Held")


def supported(person: Caller, supporter: Caller) -> Caller:
    """The person's Caller for the supporter's eyes. The language stays the supporter's."""
    return replace(
        person,
        supporter=supporter,
        language=supporter.language,
        privileges=_to_read(person.privileges),
        team_reaches=_to_read(person.team_reaches),
        miscellaneous=person.miscellaneous & SEEN_IN_SUPPORT,
    )


def _to_read(held: Mapping[tuple[str, Privilege], Held]) -> dict[tuple[str, Privilege], Held]:
    return {key: one for key, one in held.items() if key[1] is Privilege.READ}
