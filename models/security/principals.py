"""From the tables of users, teams and roles to Callers; read anew for every request.

A change of role, team, profile, share or contract therefore holds from the next request on,
everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from models.metadata.components import FormDefinition
from models.metadata.errors import DefinitionError
from models.security import contracts, granting
from models.security.caller import Caller
from models.security.granting import FieldGrant, MiscellaneousGrant, PrivilegeGrant
from models.security.hierarchy import reports_of, units_below
from models.security.privileges import NO_FIELD_RIGHTS, AccessLevel, FieldRights, Privilege
from models.security.reach import NOTHING, Reach, reach_of
from models.tables.organization import Organization
from models.tables.principals import BusinessUnit, Contractor, SystemUser, Team
from models.tables.requests import FrozenRecord
from models.tables.sharing import SharedRecord

ORGANIZATION = select(Organization.__table__)


def load_caller(connection: Connection, user_id: UUID) -> Caller | None:
    """The user's Caller of this moment; None for an unknown or inactive account, and for a
    contractor's outside its contract's period."""
    user = connection.execute(select(SystemUser.__table__).where(SystemUser.id == user_id)).first()
    if user is None or not user.active:
        return None
    contractor = contractor_of(connection, user)
    if contractor is not None and not contracts.runs(contractor, on=contracts.today()):
        return None
    return caller_of(connection, user)


def caller_of(connection: Connection, user: Any) -> Caller:
    """The caller an account (its row) is, or would be if it were let in."""
    caller = Caller(id=user.id, kind="user", name=user.email, language=user.language)
    caller = _under_contract(caller, contractor_of(connection, user))
    organization = connection.execute(ORGANIZATION).one()
    closed = contracts.why_closed(user, organization, on=contracts.today())
    caller = _placed(connection, replace(caller, closed=closed), user)
    direct, further = reports_of(
        connection, user.id, units=caller.units_below, depth=organization.hierarchy_depth
    )
    caller = replace(caller, direct_reports=direct, further_reports=further)
    return replace(
        caller,
        shared_entities=_shared_entities(connection, caller),
        kept_from=_kept_from(connection, user.id),
    )


def contractor_of(connection: Connection, user: Any) -> Any:
    """The row of the account's contractor; None for the office's own."""
    if user.contractor_id is None:
        return None
    statement = select(Contractor.__table__).where(Contractor.id == user.contractor_id)
    return connection.execute(statement).one()


def _under_contract(caller: Caller, contractor: Any) -> Caller:
    if contractor is None:
        return caller
    return replace(
        caller,
        contractor=contractor.id,
        organization=contractor.name,
        scope=contracts.scope_of(contractor),
        networks=contracts.networks_of(contractor),
    )


def _placed(connection: Connection, caller: Caller, user: Any) -> Caller:
    """The caller in its business unit, with teams, roles and what they grant."""
    unit = user.businessunit_id
    teams = granting.teams_of(connection, user.id, unit=unit)
    roles = granting.roles_of(connection, user.id, teams)
    grants = list(granting.privileges_of(connection, roles))
    of_records = [one for one in grants if isinstance(one, PrivilegeGrant)]
    miscellaneous = {one.privilege for one in grants if isinstance(one, MiscellaneousGrant)}
    withheld = contracts.NEVER_UNDER_CONTRACT if caller.contractor else frozenset()
    fields = granting.field_grants_of(connection, user.id, teams=teams, roles=roles)
    return replace(
        caller,
        business_unit=unit,
        units_below=units_below(connection, unit),
        teams=frozenset(team.id for team in teams),
        roles=frozenset(role.name for role in roles),
        privileges=_widest(one for one in of_records if one.role.team is None),
        team_reaches=_team_reaches(connection, of_records),
        miscellaneous=frozenset(miscellaneous - withheld),
        withheld=frozenset(miscellaneous & withheld),
        field_rights=_united(fields),
    )


def _kept_from(connection: Connection, user_id: UUID) -> frozenset[UUID]:
    """Records that are suspended, and of which the user handles no request."""
    own = select(FrozenRecord.record_id).where(FrozenRecord.handler_id == user_id)
    of_others = select(FrozenRecord.record_id).where(FrozenRecord.record_id.not_in(own))
    return frozenset(connection.scalars(of_others))


def _shared_entities(connection: Connection, caller: Caller) -> frozenset[str]:
    receivers = caller.receivers(Privilege.READ)
    statement = select(SharedRecord.entity).where(SharedRecord.principal_id.in_(receivers))
    return frozenset(connection.scalars(statement.distinct()))


def _widest(grants: Iterable[PrivilegeGrant]) -> dict[tuple[str, Privilege], AccessLevel]:
    """Roles add up: the widest level wins, nothing is taken away."""
    levels: dict[tuple[str, Privilege], AccessLevel] = {}
    for one in grants:
        key = (one.entity, one.privilege)
        levels[key] = max(levels.get(key, AccessLevel.NONE), one.level)
    return levels


def _team_reaches(
    connection: Connection, grants: Iterable[PrivilegeGrant]
) -> dict[tuple[str, Privilege], Reach]:
    """A team's role reaches what the team owns, and counts from the team's business unit."""
    found: dict[tuple[str, Privilege], Reach] = defaultdict(lambda: NOTHING)
    below: dict[UUID, frozenset[UUID]] = {}
    for one in grants:
        team = one.role.team
        if team is None:
            continue
        if one.level is AccessLevel.DEEP and team.unit not in below:
            below[team.unit] = units_below(connection, team.unit)
        found[one.entity, one.privilege] |= reach_of(
            one.level,
            owners=frozenset({team.id}),
            unit=team.unit,
            below=below.get(team.unit, frozenset()),
        )
    return dict(found)


def _united(grants: Iterable[FieldGrant]) -> dict[tuple[str, str], FieldRights]:
    found: dict[tuple[str, str], FieldRights] = {}
    for one in grants:
        key = (one.entity, one.attribute)
        found[key] = found.get(key, NO_FIELD_RIGHTS) | one.rights
    return found


DEFAULT_TEAM = (
    select(Team.id, Team.businessunit_id)
    .join(BusinessUnit, BusinessUnit.id == Team.businessunit_id)
    .where(BusinessUnit.name == bindparam("unit"), Team.is_default)
)


def public_caller(connection: Connection, form: FormDefinition) -> Caller:
    """Anyone, through `form`; what they send in is owned by its unit's default team."""
    attributes = set(form.attributes)
    confirmation = form.confirmation
    attributes |= {form.purpose_attribute} if form.purpose_attribute else set()
    if confirmation is not None:
        attributes |= {"statuscode"}
        attributes |= {confirmation.language} if confirmation.language else set()
    caller = Caller.public(
        form=form.name,
        entity=form.entity,
        attributes=frozenset(attributes),
    )
    return owning(connection, caller, form.owning_unit)


def owning(connection: Connection, caller: Caller, unit_name: str) -> Caller:
    """The caller, whose new records the business unit's default team owns."""
    found = connection.execute(DEFAULT_TEAM, {"unit": unit_name}).first()
    if found is None:
        raise DefinitionError(f"there is no business unit {unit_name!r}")
    return replace(caller, owner=found.id, business_unit=found.businessunit_id)
