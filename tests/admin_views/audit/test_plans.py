"""No question walks the whole log: with twenty thousand entries in it, each is led by an index of
its own, and what leads comes in the order of pages.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from models.metadata.attribute_types import LOCAL_ZONE
from models.tables.base import utc_now
from tests.admin_views.audit.reading import LOG, note_many, numbers, wrong
from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office, build_office

MANY = 20_000
QUIET = ("sign_out", "sign_in", "update", "read")
Asked = Callable[[Office, UUID], dict[str, str]]
BY = "SEARCH audit USING (COVERING )?INDEX "
SEQUENCE = BY + "sqlite_autoindex_audit_1"
ASKED: dict[str, tuple[Asked, str]] = {
    "nothing": (lambda o, r: {}, SEQUENCE),
    "an account": (lambda o, r: {"person": str(o.users["auditor"])}, BY + "ix_audit_caller"),
    "nobody": (lambda o, r: {"person": "nobody"}, BY + "ix_audit_caller"),
    "a supporter": (
        lambda o, r: {"person": f"support-{o.users['administrator']}"},
        BY + "ix_audit_supporter",
    ),
    "any supporter": (lambda o, r: {"person": "support-any"}, BY + "ix_audit_supporter"),
    "a record": (lambda o, r: {"record": str(r)}, BY + "ix_audit_record"),
    "an entity": (lambda o, r: {"about": ENTITY}, BY + "ix_audit_subject"),
    "an attribute": (lambda o, r: {"about": f"{ENTITY}.kobe_email"}, BY + "ix_audit_subject"),
    "an act": (lambda o, r: {"action": "reveal"}, BY + "ix_audit_action"),
    "a group of acts": (lambda o, r: {"action": "group-rights"}, BY + "ix_audit_action"),
    "what was refused": (lambda o, r: {"outcome": "refused"}, BY + "ix_audit_not_ok"),
    "what was done": (lambda o, r: {"outcome": "ok"}, SEQUENCE),
    "days": (lambda o, r: {"since": "2026-01-01", "until": "2099-01-01"}, SEQUENCE),
    "hours": (lambda o, r: {"hours": "outside"}, SEQUENCE),
    "an account's act": (
        lambda o, r: {"person": str(o.users["auditor"]), "action": "reveal", "outcome": "ok"},
        BY + "ix_audit_caller",
    ),
    "an account's attribute": (
        lambda o, r: {"person": str(o.users["auditor"]), "about": f"{ENTITY}.kobe_email"},
        BY + "ix_audit_caller",
    ),
    "all at once": (
        lambda o, r: {
            "record": str(r),
            "person": str(o.users["auditor"]),
            "action": "group-records",
            "about": ENTITY,
            "outcome": "refused",
            "since": "2026-01-01",
            "until": "2099-01-01",
            "hours": "outside",
            "before": "15000",
        },
        BY + "ix_audit_record",
    ),
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, UUID]:
    office = build_office(tmp_path_factory.mktemp("busy"))
    official = office.caller("kobe_official")
    note_many(office.engine, official, [QUIET[n % len(QUIET)] for n in range(MANY)])
    supported = replace(official, supporter=office.caller("administrator"))
    note_many(office.engine, supported, ["sign_out"])
    return office, office.apply()


@contextmanager
def plans_of(office: Office) -> Iterator[list[str]]:
    """How SQLite answers each statement on the audit that is sent meanwhile."""
    found: list[str] = []
    engine = office.engine.database.engine

    def explain(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and re.search(r"\baudit(_listed)?\b", statement):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.append(" | ".join(row[3] for row in plan))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("asked", ASKED)
def test_each_question_is_led_by_its_index(busy: tuple[Office, UUID], asked: str) -> None:
    office, record = busy
    arguments, leads = ASKED[asked]
    auditor = sit_down(office, "auditor")
    with plans_of(office) as plans:
        page = auditor.get(LOG, **arguments(office, record)).text
    assert not wrong(page)
    assert any(re.search(leads, plan) for plan in plans), plans
    for plan in plans:
        assert "SCAN audit" not in plan, plan
        assert "ORDER BY" not in plan or "ix_audit_supporter" in plan or "sequence=?" in plan, plan


def test_a_list_is_found_by_its_records(busy: tuple[Office, UUID]) -> None:
    office, record = busy
    auditor = sit_down(office, "auditor")
    with plans_of(office) as plans:
        page = auditor.get(f"/admin/audit/record/{ENTITY}/{record}/").text
    assert numbers(page)
    assert any(
        "SEARCH audit_listed USING COVERING INDEX ix_audit_listed_record" in plan for plan in plans
    ), plans
    assert not any("SCAN audit" in plan or "ORDER BY" in plan for plan in plans), plans


def test_a_months_figures_are_counted_by_indexes(busy: tuple[Office, UUID]) -> None:
    office, _ = busy
    auditor, month = sit_down(office, "auditor"), f"{utc_now().astimezone(LOCAL_ZONE):%Y-%m}"
    with plans_of(office) as plans:
        assert auditor.get(f"/admin/audit/inspections/{month}/").status_code == 200
    for leads in (
        r"SEARCH audit USING COVERING INDEX ix_audit_time \(created_on>\? AND created_on<\?\)",
        r"SEARCH audit USING INDEX ix_audit_action \(action=\? AND sequence>\? AND sequence<\?\)",
        r"SEARCH audit USING INDEX ix_audit_supporter",
    ):
        assert any(re.search(leads, plan) for plan in plans), (leads, plans)
    for plan in plans:
        alone = plan.replace("SCAN audit USING COVERING INDEX ix_audit_time", "")
        assert "SCAN audit" not in alone, plan
