"""How far a privilege reaches, as a plain value: everything, or the records of some owners and
business units.

It knows no role and no table; `visibility` makes SQL of it.
"""

from dataclasses import dataclass
from uuid import UUID

from models.security.privileges import AccessLevel


@dataclass(frozen=True, slots=True)
class Reach:
    """False where nothing is reached; only then are shared records out of reach as well."""

    everything: bool = False
    owners: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.owners or self.units)

    def __or__(self, other: "Reach") -> "Reach":
        """Rights add up."""
        return Reach(
            self.everything or other.everything,
            self.owners | other.owners,
            self.units | other.units,
        )

    def holds(self, *, owner: UUID | None, unit: UUID | None) -> bool:
        return self.everything or owner in self.owners or unit in self.units


NOTHING, EVERYTHING = Reach(), Reach(everything=True)


def reach_of(
    level: AccessLevel,
    *,
    owners: frozenset[UUID],
    unit: UUID | None,
    below: frozenset[UUID],
) -> Reach:
    """What a level reaches for a holder: these owners, its business unit, and those below it."""
    if level is AccessLevel.GLOBAL:
        return EVERYTHING
    units = frozenset({unit} if unit else ()) if level >= AccessLevel.LOCAL else frozenset()
    if level is AccessLevel.DEEP:
        units |= below
    return Reach(owners=owners, units=units) if level else NOTHING
