"""What somebody was sent to the provider for, as the session remembers it until they are back.

It is kept beside Authlib's own state, under the same unguessable name, and can be used once.
"""

import time
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

LASTS = 15 * 60
"""Seconds; who takes longer begins anew."""
MOST = 5
"""Begun at once in one browser; older ones are forgotten, or a session would grow without end."""
NAME = "federation"
"""Begins the names under which Authlib keeps what it began in the session."""
BEGUN = f"_state_{NAME}_"


class Purpose(StrEnum):
    SIGN_IN = "sign-in"
    STEP_UP = "step-up"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    purpose: Purpose
    way_on: str
    """A path of this site."""
    account: str = ""
    """Whose proof it will be: the id of the account that is signed in."""
    begun_on: float

    @classmethod
    def now(cls, purpose: Purpose, *, way_on: str, account: str) -> "Attempt":
        return cls(purpose=purpose, way_on=way_on, account=account, begun_on=time.time())

    @property
    def must_be_fresh(self) -> bool:
        """Whether the person has to enter something there, whatever they are signed in to."""
        return self.purpose is not Purpose.SIGN_IN

    def is_over(self) -> bool:
        return not 0 <= time.time() - self.begun_on <= LASTS

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> "Attempt":
        return cls(**kept | {"purpose": Purpose(kept["purpose"])})


def forget_older(session: MutableMapping[str, Any]) -> None:
    """Leave room for one more."""
    begun = [name for name in session if name.startswith(BEGUN)]
    begun.sort(key=lambda name: float(session[name].get("exp", 0)))
    for name in begun[: max(0, len(begun) - MOST + 1)]:
        del session[name]


def forget_all(session: MutableMapping[str, Any]) -> None:
    """What was begun before a sign-in is not ended after it."""
    for name in [name for name in session if name.startswith(BEGUN)]:
        del session[name]
