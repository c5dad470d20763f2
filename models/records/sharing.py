"""Sharing: single rights on single records, given to a user, a team or everyone.

What belongs to the records is shared with them. A share gives nothing by itself: the receiver's
role must hold the privilege at some level, which is asked anew at every question. It is told which
records; it opens none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError, RecordNotFound
from models.records import owners, parental
from models.records.auditing import Act
from models.records.changes import Change
from models.records.locking import locked_rows
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import EVERYONE, Caller
from models.security.privileges import SHAREABLE, Privilege
from models.tables.base import utc_now
from models.tables.principals import SystemUser, Team
from models.tables.sharing import SharedRecord

Rights = frozenset[Privilege]
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Share:
    """What one principal was given on one record."""

    principal: UUID
    rights: Rights


@dataclass(frozen=True, slots=True)
class Sharing:
    """One caller's sharing of some records of one entity.

    Every method first asks whether the caller may share each of them: RecordNotFound,
    AccessDenied, DefinitionError.
    """

    unit: UnitOfWork
    caller: Caller
    entity: EntityDefinition
    ids: Sequence[UUID]

    def grant(self, share: Share) -> None:
        """Add the rights to those the principal was given already."""
        self._grant(share)
        self._along(lambda one: one._grant(share))

    def modify(self, share: Share) -> None:
        """Put the rights in the place of those the principal was given; none: as `revoke`."""
        self._modify(share)
        self._along(lambda one: one._modify(share))

    def revoke(self, principal: UUID) -> None:
        """Take back what the principal was given; nothing where nothing was."""
        self._revoke(principal)
        self._along(lambda one: one._revoke(principal))

    def _along(self, act: Callable[["Sharing"], None]) -> None:
        """Or nothing is shared, where the caller may not share what belongs to the records."""
        records = self.entity, self.ids
        parental.along(
            *(self.unit, self.caller, records),
            lambda entity, ids: act(replace(self, entity=entity, ids=ids)),
        )

    def _grant(self, share: Share) -> None:
        self._check(share)
        held = self._held(share.principal)
        self._widen(share, held)
        self._insert(share, [one for one in dict.fromkeys(self.ids) if one not in held])
        self._note("share", share)

    def _modify(self, share: Share) -> None:
        self._check(share)
        self._clear(share.principal)
        self._insert(share, dict.fromkeys(self.ids))
        self._note("modify_share", share)

    def _revoke(self, principal: UUID) -> None:
        self._check_reached()
        self._clear(principal)
        self._note("revoke_share", Share(principal, frozenset()))

    def shares(self) -> list[Share]:
        """With whom the records are shared."""
        self._check_seen()
        order = SharedRecord.modified_on, SharedRecord.principal_id
        statement = select(SharedRecord.principal_id, SharedRecord.rights).where(*self._ours)
        rows = self.unit.transaction.read(statement.order_by(*order))
        return [Share(row.principal_id, _rights(row.rights)) for row in rows]

    def is_allowed(self) -> bool:
        """Whether the caller may share all of the records; it refuses nothing."""
        owned = self.entity.is_user_owned
        return owned and all(one._holds(Privilege.SHARE) for one in self._all())

    def rights_to_give(self) -> Rights:
        """What the caller holds on all of the records, and on what goes along."""
        self._check_seen()
        everything = list(self._all())
        return frozenset(
            privilege
            for privilege in SHAREABLE
            if all(one._holds(privilege) for one in everything)
        )

    def _all(self) -> Iterator["Sharing"]:
        yield self
        for entity, ids in parental.below(self.unit, self.entity, self.ids):
            yield replace(self, entity=entity, ids=ids)

    @property
    def _ours(self) -> tuple[ColumnElement[bool], ...]:
        ids = SharedRecord.record_id.in_(self.ids)
        return ids, SharedRecord.entity == self.entity.logical_name

    def _check(self, share: Share) -> None:
        """What one gives away one must hold, on each of the records."""
        self._check_reached()
        self._check_receiver(share.principal)
        for privilege in sorted(share.rights):
            if privilege not in SHAREABLE:
                raise DefinitionError(f"{privilege} cannot be shared")
            if not self._holds(privilege):
                what = f"sharing {privilege} on these records of {self.entity.logical_name}"
                raise AccessDenied(what, caller=self.caller)

    def _holds(self, privilege: Privilege) -> bool:
        reached = self.unit.store.visible_ids(self.caller, privilege, self.entity, self.ids)
        return reached == set(self.ids)

    def _check_seen(self) -> None:
        """As `_check_reached`, for who only looks: nothing is locked."""
        access.require(self.caller, Privilege.SHARE, self.entity)
        owners.require_owned(self.entity)
        if not self._holds(Privilege.READ):
            raise RecordNotFound(self.entity.logical_name)
        if not self._holds(Privilege.SHARE):
            what = f"sharing these records of {self.entity.logical_name}"
            raise AccessDenied(what, caller=self.caller)

    def _check_reached(self) -> None:
        access.require(self.caller, Privilege.SHARE, self.entity)
        owners.require_owned(self.entity)
        if len(self.ids) > MOST_AT_ONCE:
            raise DefinitionError(f"{MOST_AT_ONCE} records are shared at once, no more")
        batch = [Change(one, {}) for one in self.ids]
        locked_rows(self.unit.store, self.caller, Privilege.SHARE, entity=self.entity, batch=batch)

    def _check_receiver(self, principal: UUID) -> None:
        user = select(SystemUser.id).where(SystemUser.id == principal, SystemUser.active)
        team = select(Team.id).where(Team.id == principal)
        found = self.unit.transaction.read(user.union_all(team)).first()
        if principal != EVERYONE and found is None:
            raise RecordNotFound("principal")

    def _held(self, principal: UUID) -> dict[UUID, int]:
        """The rights given already, by record, locked."""
        statement = select(SharedRecord.record_id, SharedRecord.rights).where(*self._ours)
        mine = statement.where(SharedRecord.principal_id == principal).with_for_update()
        rows = self.unit.transaction.lock().execute(mine)
        return {row.record_id: row.rights for row in rows}

    def _widen(self, share: Share, held: Mapping[UUID, int]) -> None:
        for record_id, before in held.items():
            mine = SharedRecord.principal_id == share.principal
            this = SharedRecord.record_id == record_id
            rights = {"rights": before | _bits(share.rights), "modified_on": utc_now()}
            self.unit.transaction.write(
                update(SharedRecord).where(mine, this, *self._ours).values(**rights)
            )

    def _insert(self, share: Share, ids: Iterable[UUID]) -> None:
        given = {
            "principal_id": share.principal,
            "entity": self.entity.logical_name,
            "rights": _bits(share.rights),
            "modified_on": utc_now(),
        }
        rows = [{**given, "record_id": one} for one in ids]
        if rows and share.rights:
            self.unit.transaction.write(insert(SharedRecord), rows)

    def _clear(self, principal: UUID) -> None:
        mine = SharedRecord.principal_id == principal
        self.unit.transaction.write(delete(SharedRecord).where(mine, *self._ours))

    def _name_of(self, principal: UUID) -> str:
        user = select(SystemUser.email).where(SystemUser.id == principal)
        team = select(Team.name).where(Team.id == principal)
        found = self.unit.transaction.read(user.union_all(team)).scalar()
        return "everyone" if principal == EVERYONE else str(found or "")

    def _note(self, action: str, share: Share) -> None:
        details = {
            "receiver": self._name_of(share.principal),
            "principal": share.principal.hex,
            "rights": [str(one) for one in SHAREABLE if one in share.rights],
        }
        for record_id in self.ids:
            name = self.entity.logical_name
            act = Act(action=action, entity=name, record_id=record_id, details=details)
            self.unit.auditing.act(self.caller, act)


def _bits(rights: Rights) -> int:
    return sum(SHAREABLE[privilege] for privilege in rights)


def _rights(bits: int) -> Rights:
    return frozenset(privilege for privilege, bit in SHAREABLE.items() if bits & bit)
