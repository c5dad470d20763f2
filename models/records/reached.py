"""Why a caller reaches one record with a privilege, or what would be needed for it.

Whether it is reached is asked of the record store; this tells the way. It shows whose the record
is, and nothing else of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import SYSTEM_ATTRIBUTES_OF_OWNERS, EntityDefinition
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.reading import read_page
from models.records.unit import UnitOfWork
from models.security.caller import EVERYONE, Caller
from models.security.findings import LEVELS, PRIVILEGES, Finding
from models.security.privileges import SHAREABLE, AccessLevel, Privilege
from models.tables.principals import BusinessUnit, SystemUser, Team
from models.tables.sharing import SharedRecord

EVERYONE_NAME = Label("全員", "Everyone")


@dataclass(frozen=True, slots=True)
class OneRecord:
    entity: EntityDefinition
    id: UUID
    privilege: Privilege


def findings_on_record(
    unit: UnitOfWork, caller: Caller, asked: OneRecord
) -> tuple[bool, list[Finding]]:
    """Whether the record is reached, and why."""
    stored = _stored(unit, caller, asked)
    if stored is None:
        return False, [Finding("no_such_record")]
    found = unit.store.visible_ids(caller, asked.privilege, asked.entity, [asked.id])
    telling = _Telling(unit, caller, asked, stored)
    return bool(found), list(telling.why() if found else telling.why_not())


def _stored(unit: UnitOfWork, caller: Caller, asked: OneRecord) -> dict[str, Any] | None:
    """Owner, business unit, and what the contract looks at."""
    entity = asked.entity
    limited = [name for name in _allowed(caller, entity) if name in entity.attributes]
    owners = SYSTEM_ATTRIBUTES_OF_OWNERS if entity.is_user_owned else ()
    columns = (*owners, *limited) or (entity.primary_id,)
    query = Query(entity=entity.logical_name, columns=columns, ids=(asked.id,))
    page = read_page(unit, Caller.system("explaining access"), query)
    return dict(page.records[0]) if page.records else None


def _allowed(caller: Caller, entity: EntityDefinition) -> Mapping[str, frozenset[int]]:
    return (caller.scope or {}).get(entity.logical_name, {})


class _Telling:
    def __init__(
        self, unit: UnitOfWork, caller: Caller, asked: OneRecord, stored: dict[str, Any]
    ) -> None:
        self.connection, self.caller = unit.transaction.connection, caller
        self.asked, self.entity = asked, asked.entity
        self.owner: UUID | None = stored.get("ownerid")
        self.unit: UUID | None = stored.get("owningbusinessunit")
        self.stored = stored
        self.reach = caller.reach(self.entity.logical_name, asked.privilege)

    def why(self) -> Iterator[Finding]:
        if self.reach.everything:
            yield Finding("by_level_global")
            return
        own = self.reach.owners - self.caller.reports(self.asked.privilege)
        if self.owner in own:
            yield Finding("by_owner", {"owner": self._name(self.owner)})
        elif self.owner in self.reach.owners:
            yield Finding("by_report", {"owner": self._name(self.owner)})
        if self.unit in self.reach.units:
            yield Finding("by_unit", {"unit": self._unit_name()})
        yield from self._shares()

    def why_not(self) -> Iterator[Finding]:
        yield from self._outside_contract()
        if self.owner is None or self.reach.holds(owner=self.owner, unit=self.unit):
            return
        yield Finding("not_reached", {"owner": self._name(self.owner), "unit": self._unit_name()})
        parameters = {"privilege": PRIVILEGES[self.asked.privilege]}
        yield Finding("level_would_reach", {**parameters, "level": LEVELS[self._least_level()]})

    def _least_level(self) -> AccessLevel:
        """The narrowest level of a role of the user's own that reaches the record."""
        if self.owner in self.caller.principals:
            return AccessLevel.BASIC
        if self.unit == self.caller.business_unit:
            return AccessLevel.LOCAL
        return AccessLevel.DEEP if self.unit in self.caller.units_below else AccessLevel.GLOBAL

    def _outside_contract(self) -> Iterator[Finding]:
        for name, options in _allowed(self.caller, self.entity).items():
            if self.stored.get(name) not in options:
                attribute = self.entity.attributes.get(name)
                label = attribute.display_name if attribute else name
                yield Finding("outside_options", {"attribute": label})

    def _shares(self) -> Iterator[Finding]:
        privilege = self.asked.privilege
        if privilege not in SHAREABLE:
            return
        statement = select(SharedRecord.principal_id).where(
            SharedRecord.record_id == self.asked.id,
            SharedRecord.entity == self.entity.logical_name,
            SharedRecord.principal_id.in_(self.caller.receivers(privilege)),
            SharedRecord.rights.bitwise_and(SHAREABLE[privilege]) != 0,
        )
        for receiver in self.connection.scalars(statement).all():
            parameters = {"receiver": self._name(receiver), "privilege": PRIVILEGES[privilege]}
            yield Finding("by_share", parameters)

    def _name(self, principal: UUID | None) -> object:
        if principal == EVERYONE:
            return EVERYONE_NAME
        user = select(SystemUser.full_name).where(SystemUser.id == principal)
        team = select(Team.name).where(Team.id == principal)
        return self.connection.scalar(user) or self.connection.scalar(team) or ""

    def _unit_name(self) -> str:
        name = self.connection.scalar(
            select(BusinessUnit.name).where(BusinessUnit.id == self.unit)
        )
        return name or ""
