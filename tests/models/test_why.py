"""“Why?” beside its law: who may ask, what makes no sense, what belongs to the organization."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from models.metadata.errors import DefinitionError, RecordNotFound
from models.records import why
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.why import ON_RECORDS, Why
from models.security.caller import Caller
from models.security.finding_texts import NEEDED, SECTIONS, TEXTS
from models.security.findings import Explanation
from models.security.granting import MISCELLANEOUS_ENTITY
from models.security.labels import LEVELS, PRIVILEGES
from models.security.privileges import AccessLevel, Miscellaneous, Privilege
from models.tables.base import new_id, utc_now
from models.tables.organization import Organization
from models.tables.principals import PrincipalRole, Role, RolePrivilege, SystemUser
from models.tables.record_data import AuditEntry
from tests.models.office import SYSTEM, account, system
from tests.models.outcomes import DENIED, DONE, outcome, result_of


@pytest.fixture(scope="module")
def user(engine: RecordEngine) -> UUID:
    return account(engine, "東区")


def give(service: RecordService, user: UUID, entity: str, **levels: AccessLevel) -> None:
    role_id = new_id()
    service.transaction.write(insert(Role), {"id": role_id, "name": role_id.hex})
    for privilege, level in levels.items():
        row = {"role_id": role_id, "entity": entity, "privilege": privilege}
        service.transaction.write(insert(RolePrivilege), {**row, "access_level": int(level)})
    held = {"principal_id": user, "role_id": role_id}
    service.transaction.write(insert(PrincipalRole), held)


def caller(*privileges: Miscellaneous) -> Caller:
    held = frozenset(privileges)
    return Caller(id=uuid4(), kind="user", name="尋ねる人", miscellaneous=held)


@pytest.mark.parametrize("privilege", Miscellaneous)
def test_only_those_who_manage_users_ask(
    engine: RecordEngine, user: UUID, privilege: Miscellaneous
) -> None:
    asked = Why(user=user, privilege=Privilege.READ, entity="tst_folder")
    found = outcome(engine, lambda s: why.explain(s.unit, caller(privilege), asked))
    assert found == (DONE if privilege is Miscellaneous.MANAGE_USERS else DENIED)


CANNOT_BE_ASKED = {
    "no entity": {"privilege": Privilege.READ},
    "no entity for the record": {"privilege": Miscellaneous.REVEAL, "record": uuid4()},
    "no entity for the attribute": {"privilege": Miscellaneous.REVEAL, "attribute": "tst_mail"},
    "no such entity": {"privilege": Privilege.READ, "entity": "tst_nothing"},
    "no such attribute": {
        "privilege": Privilege.READ,
        "entity": "tst_person",
        "attribute": "tst_nothing",
    },
    "deleting an attribute": {
        "privilege": Privilege.DELETE,
        "entity": "tst_person",
        "attribute": "tst_mail",
    },
    "creating what is there": {
        "privilege": Privilege.CREATE,
        "entity": "tst_person",
        "record": uuid4(),
    },
    "the audit of an entity": {"privilege": Miscellaneous.READ_AUDIT, "entity": "tst_person"},
}


@pytest.mark.parametrize("case", CANNOT_BE_ASKED)
def test_what_makes_no_sense_is_refused(engine: RecordEngine, user: UUID, case: str) -> None:
    asked = Why(user=user, **CANNOT_BE_ASKED[case])  # type: ignore[arg-type]
    assert type(result_of(engine, lambda s: why.explain(s.unit, SYSTEM, asked))) is DefinitionError


def test_an_unknown_person_is_not_found(engine: RecordEngine) -> None:
    asked = Why(user=uuid4(), privilege=Miscellaneous.EXPORT)
    assert type(result_of(engine, lambda s: why.explain(s.unit, SYSTEM, asked))) is RecordNotFound


def test_a_record_that_is_not_there_is_said_to_be_so(engine: RecordEngine, user: UUID) -> None:
    asked = Why(user=user, privilege=Privilege.READ, entity="tst_folder", record=uuid4())
    told = result_of(engine, lambda s: why.explain(s.unit, SYSTEM, asked))
    assert isinstance(told, Explanation)
    assert [f.code for f in told.sections[-1].findings] == ["no_such_record"]


@pytest.mark.parametrize("level", AccessLevel)
@pytest.mark.parametrize("with_record", [True, False])
@pytest.mark.parametrize("privilege", [Privilege.READ, Privilege.CREATE])
def test_what_the_organization_owns_only_the_level_global_reaches(
    engine: RecordEngine, user: UUID, level: AccessLevel, privilege: Privilege, with_record: bool
) -> None:
    if with_record and privilege is Privilege.CREATE:
        return

    def ask(service: RecordService) -> Explanation:
        give(service, user, "tst_rule", **{privilege: level})
        rules = service.create_multiple(system(engine), "tst_rule", [{"tst_text": "規則"}])
        record = rules[0] if with_record else None
        asked = Why(user=user, privilege=privilege, entity="tst_rule", record=record)
        return why.explain(service.unit, SYSTEM, asked)

    told = result_of(engine, ask)
    assert isinstance(told, Explanation)
    assert told.allowed is (level is AccessLevel.GLOBAL)
    if not told.allowed:
        role = next(section for section in told.sections if section.kind == "role")
        assert {f.parameters["level"] for f in role.needed} == {LEVELS[AccessLevel.GLOBAL]}


def test_to_reveal_is_a_combination_and_all_of_it_is_told(
    engine: RecordEngine, user: UUID
) -> None:
    def ask(service: RecordService) -> Explanation:
        record = service.create_multiple(
            system(engine, "西区"), "tst_person", [{"tst_fullname": "西の人"}]
        )[0]
        asked = Why(
            user=user,
            privilege=Miscellaneous.REVEAL,
            entity="tst_person",
            record=record,
            attribute="tst_mail",
        )
        return why.explain(service.unit, SYSTEM, asked)

    told = result_of(engine, ask)
    assert isinstance(told, Explanation)
    refused = [section.kind for section in told.sections if not section.allowed]
    assert refused == ["miscellaneous", "role", "record", "attribute"]
    assert all(section.needed for section in told.sections if not section.allowed)


def test_that_it_was_asked_is_audited_without_a_verdict(engine: RecordEngine, user: UUID) -> None:
    def ask(service: RecordService) -> dict[str, object]:
        [record] = service.create_multiple(system(engine), "tst_folder", [{"tst_title": "表題"}])
        asked = Why(user=user, privilege=Privilege.READ, entity="tst_folder", record=record)
        why.explain(service.unit, caller(Miscellaneous.MANAGE_USERS), asked)
        service.unit.auditing.write(service.transaction)
        newest = select(AuditEntry.body).order_by(AuditEntry.sequence.desc()).limit(1)
        found: dict[str, object] = json.loads(service.transaction.read(newest).scalar_one())
        return found | {"expected": record.hex}

    entry = result_of(engine, ask)
    assert isinstance(entry, dict)
    assert (entry["action"], entry["by"]) == ("explain_access", "尋ねる人")
    assert (entry["entity"], entry["record"]) == ("tst_folder", entry["expected"])
    assert entry["details"] == {"account": f"{user.hex}@example.jp", "privilege": "Read"}


def test_every_word_of_security_has_its_label() -> None:
    assert set(PRIVILEGES) == {*Privilege, *Miscellaneous}
    assert set(LEVELS) == set(AccessLevel)
    assert not set(TEXTS) & set(NEEDED)
    assert set(ON_RECORDS) <= set(Miscellaneous)
    assert {"account", "role", "record", "attribute", "miscellaneous"} <= set(SECTIONS)
    assert MISCELLANEOUS_ENTITY == ""


def test_an_account_that_is_shut_for_long_disuse_is_told(engine: RecordEngine, user: UUID) -> None:
    def ask(service: RecordService) -> tuple[Explanation, Explanation]:
        service.transaction.write(update(Organization).values(dormant_days=90))
        asked = Why(user=user, privilege=Miscellaneous.EXPORT)
        before = why.explain(service.unit, SYSTEM, asked)
        mine, long_ago = SystemUser.id == user, utc_now() - timedelta(days=120)
        service.transaction.write(update(SystemUser).where(mine).values(created_on=long_ago))
        return before, why.explain(service.unit, SYSTEM, asked)

    before, after = result_of(engine, ask)  # type: ignore[misc]
    assert "dormancy" not in {section.kind for section in before.sections}
    [dormant] = [section for section in after.sections if section.kind == "dormancy"]
    assert not dormant.allowed
    assert [one.code for one in dormant.needed] == ["opening_needed"]
