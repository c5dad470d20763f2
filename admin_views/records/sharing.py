"""With whom a record is shared, and with whom it can be: receivers by name, rights in words.

A contractor's account names nobody of the office: only its colleagues and the teams it is in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from models.metadata.definitions import EntityDefinition
from models.records.service import RecordService
from models.records.share_effects import without_effect
from models.security.caller import EVERYONE, Caller
from models.security.labels import PRIVILEGES
from models.security.privileges import SHAREABLE, Privilege
from models.tables.principals import SystemUser, Team
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Receiver:
    id: UUID
    name: str
    kind: Literal["user", "team", "everyone", "gone"]
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """What one receiver was given; rights in the order of CDS."""

    receiver: Receiver
    rights: tuple[Privilege, ...]
    without_effect: tuple[Privilege, ...]
    """The receiver's role or contract does not allow them."""


@dataclass(frozen=True, slots=True)
class SharedWith:
    given: tuple[Given, ...]
    to_give: tuple[Privilege, ...]
    """What the caller holds on the record."""
    offered: tuple[Receiver, ...]
    """With whom it is not shared yet."""


def read_sharing(
    service: RecordService, caller: Caller, *, entity: EntityDefinition, record_id: UUID
) -> SharedWith:
    """Raises RecordNotFound, AccessDenied."""
    sharing = service.sharing(caller, entity.logical_name, [record_id])
    shares = sharing.shares()
    names = _named(service.transaction, [one.principal for one in shares])
    offered = receivers(service.transaction, caller)
    given = (
        Given(
            names[share.principal],
            _ordered(share.rights),
            _ordered(without_effect(service.unit, entity, record_id, share=share)),
        )
        for share in shares
    )
    return SharedWith(
        tuple(given),
        _ordered(sharing.rights_to_give()),
        tuple(one for one in offered if one.id not in names),
    )


def receivers(transaction: Transaction, caller: Caller) -> tuple[Receiver, ...]:
    """Whom the caller may name: everyone, teams, active users; never itself."""
    teams = select(Team.id, Team.name).order_by(Team.name)
    users = select(SystemUser.id, SystemUser.full_name, SystemUser.email).where(
        SystemUser.active, SystemUser.id != caller.id
    )
    everyone: tuple[Receiver, ...] = (_everyone(),)
    if caller.contractor is not None:
        everyone = ()
        teams = teams.where(Team.id.in_(caller.teams))
        users = users.where(SystemUser.contractor_id == caller.contractor)
    return (
        *everyone,
        *(Receiver(row.id, row.name, "team") for row in transaction.read(teams)),
        *(
            Receiver(row.id, row.full_name or row.email, "user")
            for row in transaction.read(users.order_by(SystemUser.full_name, SystemUser.email))
        ),
    )


def words() -> dict[Privilege, object]:
    """What the rights that can be shared are called."""
    return {privilege: PRIVILEGES[privilege] for privilege in SHAREABLE}


def _named(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Receiver]:
    wanted = list(ids)
    users = select(SystemUser.id, SystemUser.full_name, SystemUser.email, SystemUser.active)
    teams = select(Team.id, Team.name).where(Team.id.in_(wanted))
    found = {one: Receiver(one, gettext("(no name)"), "gone", is_active=False) for one in wanted}
    found |= {EVERYONE: _everyone()} if EVERYONE in wanted else {}
    found |= {row.id: Receiver(row.id, row.name, "team") for row in transaction.read(teams)}
    return found | {
        row.id: Receiver(row.id, row.full_name or row.email, "user", is_active=row.active)
        for row in transaction.read(users.where(SystemUser.id.in_(wanted)))
    }


def _everyone() -> Receiver:
    return Receiver(EVERYONE, gettext("Everyone"), "everyone")


def _ordered(rights: Iterable[Privilege]) -> tuple[Privilege, ...]:
    held = frozenset(rights)
    return tuple(privilege for privilege in SHAREABLE if privilege in held)
