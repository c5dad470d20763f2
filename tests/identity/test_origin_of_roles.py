"""A role is held by hand or through a provider's group; each origin is changed for itself."""

from flask import Flask
from sqlalchemy import insert, select

from models.records.engine import RecordEngine
from models.tables.principals import BY_PROVIDER, PrincipalRole, Role
from tests.identity.staff import (
    ROLE,
    Administrator,
    Browser,
    Person,
    acts_on,
    caller_of,
    hire,
)


def give_by_group(engine: RecordEngine, person: Person, role: str) -> None:
    with engine.database.reading() as connection:
        role_id = connection.scalar(select(Role.id).where(Role.name == role))
    row = {"principal_id": person.id, "role_id": role_id, "origin": BY_PROVIDER}
    engine.database.run(lambda transaction: transaction.write(insert(PrincipalRole), row))


def test_roles_of_both_origins_add_up(engine: RecordEngine, person: Person) -> None:
    give_by_group(engine, person, "auditor")
    assert caller_of(engine, person).roles == {ROLE, "auditor"}


def test_a_role_held_twice_counts_once(engine: RecordEngine, person: Person) -> None:
    before = caller_of(engine, person)
    give_by_group(engine, person, ROLE)
    assert caller_of(engine, person) == before


def test_a_change_by_hand_leaves_what_the_groups_give(
    engine: RecordEngine, administrator: Administrator, person: Person
) -> None:
    give_by_group(engine, person, "auditor")
    administrator.give(person, "kobe_official")
    assert caller_of(engine, person).roles == {"kobe_official", "auditor"}


def test_what_groups_give_does_not_move_to_another_business_unit(
    engine: RecordEngine, administrator: Administrator, person: Person
) -> None:
    """It was given in the unit of before, and would reach other records in the next one."""
    give_by_group(engine, person, "auditor")
    administrator.give(person, ROLE, unit="神戸市")
    assert caller_of(engine, person).roles == {ROLE}
    assert acts_on(engine, person)[-1]["details"]["group_roles_before"] == ["auditor"]


def test_the_users_page_tells_them_apart(
    app: Flask, engine: RecordEngine, administrator: Administrator, person: Person
) -> None:
    give_by_group(engine, person, "auditor")
    head = hire(app, engine)
    administrator.give(head, "administrator")
    page = Browser(app).sign_in(head).get("/admin/users/", lang="en").text
    row = page.split(person.email)[1].split("</tr>")[0]
    assert '<span class="origin">(by group)</span>' in row
    assert row.index("Secretariat") < row.index("Auditor") < row.index("(by group)")
