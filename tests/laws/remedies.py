"""What an explanation says would be needed, really given."""

import json
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import insert, select, update

from models.metadata.labels import Label
from models.security import contracts
from models.security.findings import Finding
from models.security.labels import LEVELS
from models.security.pledge import PLATFORM
from models.security.privileges import FieldRights, Miscellaneous, Privilege, Unmasked
from models.tables.base import utc_now
from models.tables.principals import (
    Contractor,
    FieldSecurityProfile,
    ProfileMember,
    Role,
    SystemUser,
)
from tests.laws.building import ENTITY, Built
from tests.laws.why_acts import ON_RECORDS, Question
from tests.laws.worlds import ProfileGiven, RoleGiven

RIGHT_OF = {
    Privilege.READ: FieldRights(read=True),
    Privilege.CREATE: FieldRights(create=True),
    Privilege.WRITE: FieldRights(update=True),
    Miscellaneous.EXPORT: FieldRights(read=True),
    Miscellaneous.REVEAL: FieldRights(read=True, unmasked=Unmasked.ONE_RECORD),
}


class Giving:
    """Gives one person what a finding names."""

    def __init__(self, built: Built, question: Question) -> None:
        self.built, self.asked = built, question
        self.user = built.id_of(question.person)
        self.person = built.world.people[question.person]
        self.given: set[UUID] = set()
        self.allowed: set[int] = set()

    def give(self, finding: Finding) -> None:
        REMEDIES[finding.code](self, finding)

    def activate(self, _: Finding) -> None:
        self._account(active=True)

    def open(self, _: Finding) -> None:
        self._account(opened_on=utc_now())

    def pledge(self, _: Finding) -> None:
        self._account(pledged_on=contracts.today(), pledge_version=PLATFORM.version)

    def train(self, _: Finding) -> None:
        self._account(trained_on=contracts.today())

    def lengthen_contract(self, _: Finding) -> None:
        self._contract(ends_on=contracts.today())

    def name_entity(self, _: Finding) -> None:
        """All its records."""
        self._contract(scope=json.dumps({ENTITY: {}}))

    def allow_status(self, _: Finding) -> None:
        assert self.asked.record is not None
        self._allow(self.asked.record)

    def allow_status_above(self, _: Finding) -> None:
        assert self.asked.record is not None
        superior = self.built.world.superior_of(self.asked.record)
        assert superior is not None
        self._allow(superior)

    def _allow(self, record: int) -> None:
        """Besides what was allowed before."""
        assert self.person.contract is not None
        self.allowed |= self.person.contract.statuses | {self.built.world.status_of(record)}
        self._contract(scope=json.dumps({ENTITY: {"statuscode": sorted(self.allowed)}}))

    def present_role(self, finding: Finding) -> None:
        """Named for one question, perhaps, and for the next as well."""
        role = finding.parameters["role"]
        assert isinstance(role, Label)
        role_id = self._id(select(Role.id).where(Role.name == role.text("en")))
        if role_id not in self.given:
            self.given.add(role_id)
            self.built.hold(self.user, role_id)

    def new_role(self, finding: Finding) -> None:
        level = next(one for one, label in LEVELS.items() if label == finding.parameters["level"])
        privilege = self.asked.privilege
        if privilege in ON_RECORDS:
            privilege = Privilege.READ
        assert isinstance(privilege, Privilege)
        self.built.give_role(self.asked.person, RoleGiven({privilege: level}, set(), set()))

    def new_miscellaneous_role(self, _: Finding) -> None:
        assert isinstance(self.asked.privilege, Miscellaneous)
        role = RoleGiven({}, set(), set(), {self.asked.privilege})
        self.built.give_role(self.asked.person, role)

    def share(self, _: Finding) -> None:
        privilege = self.asked.privilege
        right = privilege if isinstance(privilege, Privilege) else Privilege.READ
        assert self.asked.record is not None
        self.built.share(self.asked.record, self.person.name, frozenset({right}))

    def present_profile(self, finding: Finding) -> None:
        name = FieldSecurityProfile.name == finding.parameters["profile"]
        profile_id = self._id(select(FieldSecurityProfile.id).where(name))
        row: dict[str, object] = {"profile_id": profile_id, "principal_id": self.user}
        self.built.write(insert(ProfileMember), row)

    def new_profile(self, _: Finding) -> None:
        rights = {self.asked.attribute: RIGHT_OF[self.asked.privilege]}
        person = {self.asked.person}
        self.built._insert_profile(ProfileGiven(rights, person, set(), set()))

    def _account(self, **values: object) -> None:
        self.built.write(update(SystemUser).where(SystemUser.id == self.user), dict(values))

    def _contract(self, **values: object) -> None:
        name = f"contractor of {self.person.name}"
        self.built.write(update(Contractor).where(Contractor.name == name), dict(values))

    def _id(self, statement: object) -> UUID:
        found: UUID = self.built.service.transaction.read(statement).scalar_one()  # type: ignore[arg-type]
        return found


REMEDIES: dict[str, Callable[[Giving, Finding], None]] = {
    "activation_needed": Giving.activate,
    "opening_needed": Giving.open,
    "contract_period_needed": Giving.lengthen_contract,
    "contract_entity_needed": Giving.name_entity,
    "contract_options_needed": Giving.allow_status,
    "contract_parent_needed": Giving.allow_status_above,
    "role_would_grant": Giving.present_role,
    "level_would_grant": Giving.new_role,
    "share_would_grant": Giving.share,
    "miscellaneous_would_grant": Giving.present_role,
    "any_role_would_grant": Giving.new_miscellaneous_role,
    "profile_would_grant": Giving.present_profile,
    "any_profile_would_grant": Giving.new_profile,
    "pledge_needed": Giving.pledge,
    "training_needed": Giving.train,
}
"""By the finding's code: every text of what is needed."""
