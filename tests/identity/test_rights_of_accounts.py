"""What an account is given: roles that add up, a unit, profiles, teams, a manager. It holds from
the next request on, takes the place of what was before, and is named in the audit."""

import threading

import pytest

from models.metadata.errors import ValidationFailed
from models.records.engine import RecordEngine
from tests.admin_views.office import ROLES, build_app, build_engine
from tests.conftest import NewDatabase
from tests.identity.staff import (
    ROLE,
    Administrator,
    Browser,
    Person,
    acts_on,
    caller_of,
    hire,
)

UNIT, OTHER_UNIT = ROLES[ROLE], ROLES["kobe_official"]


def test_another_role_and_unit_hold_from_the_next_request(
    administrator: Administrator, visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    assert visitor.get("/admin/export/").status_code == 403
    administrator.give(person, "kobe_official", OTHER_UNIT)
    assert visitor.get("/admin/export/").status_code == 200
    now = caller_of(engine, person)
    assert now.roles == {"kobe_official"}
    administrator.give(person, "auditor", UNIT)
    assert visitor.get("/admin/export/").status_code == 403
    assert caller_of(engine, person).business_unit != now.business_unit


ROLE_CHANGED = {"roles": ["auditor"], "roles_before": [ROLE]}
UNIT_CHANGED = {"business_unit": [OTHER_UNIT], "business_unit_before": [UNIT]}
CHANGES: dict[tuple[str, str | None], dict[str, list[str]]] = {
    ("auditor", None): ROLE_CHANGED,
    ("auditor", UNIT): ROLE_CHANGED,
    (ROLE, OTHER_UNIT): UNIT_CHANGED,
    ("auditor", OTHER_UNIT): ROLE_CHANGED | UNIT_CHANGED,
}


@pytest.mark.parametrize(("wanted", "named"), CHANGES.items(), ids=range(len(CHANGES)))
def test_the_audit_names_what_was_given_and_what_was_before(
    administrator: Administrator,
    engine: RecordEngine,
    person: Person,
    wanted: tuple[str, str | None],
    named: dict[str, list[str]],
) -> None:
    role, unit = wanted
    administrator.give(person, role, unit)
    [act] = acts_on(engine, person)
    assert act["details"] == named


@pytest.mark.parametrize("unit", [None, UNIT])
def test_what_changes_nothing_is_not_audited(
    administrator: Administrator, engine: RecordEngine, person: Person, unit: str | None
) -> None:
    administrator.give(person, ROLE, unit)
    assert acts_on(engine, person) == []
    assert caller_of(engine, person).roles == {ROLE}


@pytest.mark.parametrize(
    ("role", "unit", "wrong"),
    [
        ("kobe_nobody", UNIT, ["roles"]),
        ("auditor", "どこでもない課", ["business_unit"]),
        ("", "", ["roles"]),
        ("auditor", "\0", ["business_unit"]),
        ("kobe_nobody", "x", ["roles", "business_unit"]),
    ],
)
def test_an_unknown_role_or_unit_changes_nothing(
    administrator: Administrator,
    engine: RecordEngine,
    person: Person,
    role: str,
    unit: str,
    wrong: list[str],
) -> None:
    before = caller_of(engine, person)
    with pytest.raises(ValidationFailed) as refused:
        administrator.give(person, role, unit)
    assert [problem.attribute for problem in refused.value.problems] == wrong
    assert caller_of(engine, person) == before


def test_of_roles_given_at_once_one_stays_and_the_audit_tells_in_which_order(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = build_engine(tmp_path_factory.mktemp("at_once"), new_database())
    app = build_app(engine)
    person, start = hire(app, engine), threading.Barrier(4)

    def give(role: str) -> None:
        start.wait()
        Administrator(app).give(person, role)

    roles = ["kobe_official", "auditor", "administrator", ROLE]
    threads = [threading.Thread(target=give, args=(role,)) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = ROLE
    for act in acts_on(engine, person):
        assert act["details"]["roles_before"] == [last]
        [last] = act["details"]["roles"]
    assert caller_of(engine, person).roles == {last}
    engine.database.dispose()
