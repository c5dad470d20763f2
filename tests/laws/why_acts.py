"""What a question of “why” asks, really done: by the record service, as the person."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import update

from models.metadata.errors import AccessDenied, RecordNotFound, ValidationFailed
from models.records.changes import Change, Deletion
from models.records.service import RecordService
from models.security import access, column_security
from models.security import caller as callers
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Miscellaneous, Privilege
from models.tables.base import utc_now
from tests.laws.building import ENTITY, SUPERIOR, Built
from tests.laws.worlds import PERSONAL, SECURED

OPEN, OF_PLATFORM = "tst_fullname", "createdon"
VALUES: dict[str, object] = {
    SECURED: 3,
    PERSONAL: "taro@example.jp",
    OPEN: "改",
    OF_PLATFORM: utc_now(),
}
WITH_ATTRIBUTE = {Privilege.READ, Privilege.CREATE, Privilege.WRITE}
ON_RECORDS = {Miscellaneous.REVEAL, Miscellaneous.EXPORT}


@dataclass(frozen=True)
class Question:
    """May this person do this: by number of the world's people and records."""

    person: int
    privilege: Privilege | Miscellaneous
    record: int | None = None
    attribute: str = ""
    is_on_entity: bool = True


def does(service: RecordService, built: Built, question: Question) -> bool:
    """Try it; the world may be another one afterwards."""
    caller = built.caller(question.person)
    if caller is None:
        return False
    try:
        _Trying(service, built, caller, question).do()
    except (AccessDenied, RecordNotFound, ValidationFailed):
        return False
    return True


class _Trying:
    def __init__(
        self, service: RecordService, built: Built, caller: Caller, question: Question
    ) -> None:
        self.service, self.built, self.caller, self.asked = service, built, caller, question
        self.entity = service.catalog.entity(ENTITY)
        self.values = (
            {question.attribute: VALUES[question.attribute]} if question.attribute else {}
        )

    def do(self) -> None:
        privilege = self.asked.privilege
        if isinstance(privilege, Miscellaneous):
            access.require_miscellaneous(self.caller, privilege)
            if self.asked.is_on_entity:
                self._on_records(privilege)
        elif privilege is Privilege.CREATE:
            self._create()
        elif self.asked.record is None:
            self._in_general(privilege)
        else:
            self._leave_alone()
            VERBS[privilege](self)

    def _leave_alone(self) -> None:
        """The record is asked about; what goes along with it is another question."""
        table = self.service.unit.store.table(self.entity)
        mine = table.c[SUPERIOR] == self.record
        self.built.write(update(table).where(mine).values({SUPERIOR: None}))

    @property
    def record(self) -> callers.UUID:
        assert self.asked.record is not None
        return self.built.records[self.asked.record]

    def _on_records(self, privilege: Miscellaneous) -> None:
        if self.asked.record is None:
            self._in_general(Privilege.READ, revealing=privilege is Miscellaneous.REVEAL)
        elif privilege is Miscellaneous.REVEAL and self.asked.attribute:
            self.service.reveal(
                self.caller, ENTITY, self.record, self.asked.attribute, purpose="連絡"
            )
        else:
            self.read()

    def _create(self) -> None:
        """Of a status that the contract allows."""
        contract = self.built.world.people[self.asked.person].contract
        statuses = sorted(contract.statuses) if contract else []
        given = {"statuscode": statuses[0]} if statuses else {}
        values = {OPEN: "新", **given, **self.values}
        self.service.create_multiple(self.caller, ENTITY, [values])

    def _in_general(self, privilege: Privilege, *, revealing: bool = False) -> None:
        """Without a record, it is asked of the functions that decide before one is looked for."""
        access.require(self.caller, privilege, self.entity)
        name = self.asked.attribute
        if not name:
            return
        if privilege is Privilege.READ:
            column_security.require_readable(self.caller, self.entity, [name])
            if revealing:
                column_security.require_searchable(self.caller, self.entity, name)
        else:
            column_security.require_updatable(self.caller, self.entity, [self.values])
            if self.entity.attributes[name].is_read_only:
                raise AccessDenied("set by the platform")

    def read(self) -> None:
        columns = [self.asked.attribute or OPEN]
        self.service.retrieve(self.caller, ENTITY, self.record, columns=columns)

    def write(self) -> None:
        self.service.update_multiple(self.caller, ENTITY, [Change(self.record, self.values)])

    def delete(self) -> None:
        self.service.delete_multiple(self.caller, ENTITY, [Deletion(self.record)])

    def share(self) -> None:
        self.service.sharing(self.caller, ENTITY, [self.record]).revoke(callers.EVERYONE)

    def assign(self) -> None:
        """To anybody at all: who the new owner may be is another question."""
        owners = [id for name, id in self.built.ids.items() if id != callers.EVERYONE]
        for position, owner in enumerate(owners):
            try:
                self.service.assign_multiple(self.caller, ENTITY, [self.record], owner=owner)
            except (AccessDenied, RecordNotFound):
                if position == len(owners) - 1:
                    raise
            else:
                return

    def append(self) -> None:
        self._relate(besides=Privilege.APPEND_TO)

    def append_to(self) -> None:
        self._relate(besides=Privilege.APPEND)

    def _relate(self, *, besides: Privilege) -> None:
        """As somebody for whom the other privilege, which it takes as well, is no matter."""
        held = {**self.caller.privileges, (ENTITY, besides): AccessLevel.GLOBAL}
        caller = replace(self.caller, privileges=held)
        self.service.associate(caller, "tst_person_friends", [(self.record, self.record)])


VERBS: dict[Privilege, Callable[[_Trying], None]] = {
    Privilege.READ: _Trying.read,
    Privilege.WRITE: _Trying.write,
    Privilege.DELETE: _Trying.delete,
    Privilege.SHARE: _Trying.share,
    Privilege.ASSIGN: _Trying.assign,
    Privilege.APPEND: _Trying.append,
    Privilege.APPEND_TO: _Trying.append_to,
}
