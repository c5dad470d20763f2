"""Is this one record reached: by its owner, its business unit, a share, as a manager, in the
contract? The record store answers; this tells the way.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import SYSTEM_ATTRIBUTES_OF_OWNERS, EntityDefinition
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.reading import read_page
from models.records.why import belonging, roles
from models.records.why.asking import OnRecords, Subject
from models.security.caller import EVERYONE, Caller
from models.security.findings import Finding, Section
from models.security.labels import PRIVILEGES
from models.security.privileges import SHAREABLE, AccessLevel
from models.tables.principals import BusinessUnit, SystemUser, Team
from models.tables.sharing import SharedRecord

EVERYONE_NAME = Label("全員", "Everyone")
LOOKING = Caller.system("explaining access")


def sections(subject: Subject, asked: OnRecords, record_id: UUID) -> Iterator[Section]:
    stored = _stored(subject, asked.entity, record_id)
    if stored is None:
        yield Section("record", allowed=False, findings=(Finding("no_such_record"),))
        return
    if asked.entity.is_user_owned:
        yield _Reaching(subject, asked, record_id, stored=stored).section()
    yield from _within_contract(subject, asked.entity, stored)
    yield from belonging.sections(subject, asked.entity, record_id)


def _stored(
    subject: Subject, entity: EntityDefinition, record_id: UUID
) -> Mapping[str, Any] | None:
    """Owner, business unit, and what the contract looks at."""
    limited = [name for name in _options(subject, entity) if name in entity.attributes]
    owners = SYSTEM_ATTRIBUTES_OF_OWNERS if entity.is_user_owned else ()
    columns = (*owners, *limited) or (entity.primary_id,)
    query = Query(entity=entity.logical_name, columns=columns, ids=(record_id,))
    page = read_page(subject.unit, LOOKING, query)
    return dict(page.records[0]) if page.records else None


def _options(subject: Subject, entity: EntityDefinition) -> Mapping[str, frozenset[int]]:
    return (subject.caller.scope or {}).get(entity.logical_name, {})


def _within_contract(
    subject: Subject, entity: EntityDefinition, stored: Mapping[str, Any]
) -> Iterator[Section]:
    options = _options(subject, entity)
    if not options:
        return
    outside = [name for name, allowed in options.items() if stored.get(name) not in allowed]
    labels = {
        name: attribute.display_name if (attribute := entity.attributes.get(name)) else Label(name)
        for name in outside
    }
    findings = [Finding("outside_options", {"attribute": label}) for label in labels.values()]
    if outside:
        ja, en = ([label.text(one) for label in labels.values()] for one in ("ja", "en"))
        attributes = Label("・".join(ja), ", ".join(en))
        told = {"name": subject.caller.organization, "attributes": attributes}
        findings.append(Finding("contract_options_needed", told))
    else:
        findings.append(Finding("within_options"))
    yield Section.of("contract_record", allowed=not outside, findings=findings)


class _Reaching:
    """Of an entity whose records have owners."""

    def __init__(
        self, subject: Subject, asked: OnRecords, record_id: UUID, *, stored: Mapping[str, Any]
    ) -> None:
        self.subject, self.asked, self.record_id = subject, asked, record_id
        self.caller = subject.outside_contracts
        self.owner: UUID = stored["ownerid"]
        self.unit: UUID = stored["owningbusinessunit"]

    def section(self) -> Section:
        entity, privilege = self.asked.entity, self.asked.privilege
        store = self.subject.unit.store
        found = bool(store.visible_ids(self.caller, privilege, entity, [self.record_id]))
        findings = self._why() if found else self._why_not()
        return Section.of("record", allowed=found, findings=findings)

    def _why(self) -> Iterator[Finding]:
        privilege, name = self.asked.privilege, self.asked.entity.logical_name
        reach = self.caller.reach_by_roles(name, privilege)
        if reach.everything:
            yield Finding("by_level_global")
            return
        if self.owner in reach.owners:
            yield Finding("by_owner", {"owner": self._name(self.owner)})
        if self.unit in reach.units:
            yield Finding("by_unit", {"unit": self._unit_name()})
        if self.owner in self.caller.reports(privilege):
            yield Finding("by_report", {"owner": self._name(self.owner)})
        yield from self._shares()

    def _why_not(self) -> Iterator[Finding]:
        yield Finding("not_reached", {"owner": self._name(self.owner), "unit": self._unit_name()})
        yield from roles.that_would(self.subject, self.asked, self._least_level())
        if self.asked.privilege in SHAREABLE:
            yield Finding("share_would_grant", {"privilege": PRIVILEGES[self.asked.privilege]})

    def _least_level(self) -> AccessLevel:
        """The narrowest level of a role of the person's own that reaches the record."""
        if self.owner in self.caller.principals:
            return AccessLevel.BASIC
        if self.unit == self.caller.business_unit:
            return AccessLevel.LOCAL
        return AccessLevel.DEEP if self.unit in self.caller.units_below else AccessLevel.GLOBAL

    def _shares(self) -> Iterator[Finding]:
        privilege = self.asked.privilege
        if privilege not in SHAREABLE:
            return
        statement = select(SharedRecord.principal_id).where(
            SharedRecord.record_id == self.record_id,
            SharedRecord.entity == self.asked.entity.logical_name,
            SharedRecord.principal_id.in_(self.caller.receivers(privilege)),
            SharedRecord.rights.bitwise_and(SHAREABLE[privilege]) != 0,
        )
        for receiver in self.subject.connection.scalars(statement).all():
            told = {"receiver": self._name(receiver), "privilege": PRIVILEGES[privilege]}
            yield Finding("by_share", told)

    def _name(self, principal: UUID) -> object:
        if principal == EVERYONE:
            return EVERYONE_NAME
        user = select(SystemUser.full_name).where(SystemUser.id == principal)
        team = select(Team.name).where(Team.id == principal)
        found = self.subject.connection
        return found.scalar(user) or found.scalar(team) or ""

    def _unit_name(self) -> str:
        statement = select(BusinessUnit.name).where(BusinessUnit.id == self.unit)
        return self.subject.connection.scalar(statement) or ""
