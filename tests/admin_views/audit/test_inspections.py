"""The monthly inspection: figures taken from the log, signed off once, after the month, by an
auditor in their own name who shows who they are.
"""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape

import pytest
from sqlalchemy import delete, update

from admin_views.audit.inspections import signing
from admin_views.audit.inspections.figures import count_month
from admin_views.audit.inspections.months import Month
from models.metadata.errors import AccessDenied, ConcurrencyConflict, ValidationFailed
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.audit import AuditInspection, AuditVerification
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry
from tests.admin_views.audit.inspecting import (
    ROOM,
    kept,
    last_month,
    moment,
    note,
    sign,
    verify,
)
from tests.admin_views.audit.reading import numbers, on, plain, rows
from tests.admin_views.contracted import put_under_contract
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.extracting import age_proof_of
from tests.admin_views.office import PASSWORD, Office
from tests.support.auditing import entries
from tests.support.crowd import at_once

MANY = 50
FIGURE = re.compile(r'<a href="([^"]+)"[^>]* aria-label="([^"]+): ([\d,]+)"')


@pytest.fixture
def month(own_office: Office) -> Month:
    """Last month, with some of everything in it, and a little around it."""
    found = last_month()
    at = partial(moment, found)
    note(own_office, "kobe_official", "sign_in", at=found.begins - timedelta(seconds=1))
    note(own_office, "kobe_official", "sign_in", at=found.begins)
    note(own_office, "kobe_official", "read", at=at(), times=3)
    note(own_office, "kobe_operator", "reveal", at=at(), times=2)
    note(own_office, "kobe_official", "reveal", at=at())
    note(own_office, "kobe_operator", "refusal", at=at(), outcome="refused", times=2)
    note(own_office, "kobe_operator", "sign_in_failed", at=at(), outcome="refused")
    note(own_office, "administrator", "change_rights", at=at())
    note(own_office, "kobe_official", "sign_out", at=found.ends - timedelta(seconds=1))
    note(own_office, "kobe_official", "sign_out", at=found.ends)
    return found


@pytest.fixture
def auditor(own_office: Office) -> Desk:
    return sit_down(own_office, "auditor")


def figures(page: str) -> dict[str, tuple[int, str]]:
    """By label the number and where it leads."""
    return {
        unescape(label): (int(number.replace(",", "")), unescape(place))
        for place, label, number in FIGURE.findall(page)
    }


def test_figures_are_the_logs_and_lead_to_it(auditor: Desk, month: Month) -> None:
    page = auditor.get(f"{ROOM}{month}/").text
    found = figures(page)
    expected = {
        "All entries": 12,
        "Refused": 3,
        "Failed sign-in": 1,
        "Read personal values": 3,
        "Show a masked value": 3,
        "Rights and shares": 1,
        "kobe_operator@example.jp": 2,
        "kobe_official@example.jp": 1,
        "Refusal Refused": 2,
        "Sign out Done": 1,
        "Use of an emergency account": 0,
    }
    assert {label: found[label][0] for label in expected} == expected
    for label, (number, place) in found.items():
        if place.startswith("/admin/audit/"):
            assert len(numbers(auditor.get(place).text)) == number, label


def test_a_month_is_counted_on_both_databases(any_office: Office) -> None:
    long_ago = Month(2019, 3)
    caller = any_office.caller("kobe_official")
    supported = replace(caller, supporter=any_office.caller("administrator"))
    for who, action, hour in (
        (caller, "reveal", 12),
        (supported, "reveal", 3),
        (caller, "export", 9),
    ):
        with on(moment(long_ago, hour=hour)):
            any_office.engine.run(lambda s, w=who, a=action: s.audit(w, a))
    found = any_office.engine.run(lambda service: count_month(service, long_ago))
    assert found.entries == 3
    assert [(one.account, one.count) for one in found.reveals] == [(caller.id.hex, 2)]
    assert (found.outside_hours, found.supported) == (1, 1)
    assert found.of(("export",), "ok") == 1
    empty = any_office.engine.run(lambda service: count_month(service, Month(2018, 1)))
    assert (empty.entries, empty.reveals) == (0, ())


def test_the_months_are_listed_from_the_first_entry_on(auditor: Desk, month: Month) -> None:
    listed = rows(auditor.get(ROOM).text)
    before = Month.at(month.begins - timedelta(days=1))
    assert [one["Month"] for one in listed] == [
        one.text("en") for one in (month.next, month, before)
    ]
    assert [one["State"] for one in listed] == ["Not over yet", *["Waits for inspection"] * 2]


def test_a_month_is_signed_off_once_with_what_was_seen(
    own_office: Office, auditor: Desk, month: Month
) -> None:
    verify(own_office)
    assert sign(auditor, month, remarks="2件の拒否を確認した。\r\n問題なし。") == 303
    row = kept(own_office, month)
    assert row.signed_by == own_office.users["auditor"]
    assert row.signer == "auditor@example.jp"
    assert row.remarks == "2件の拒否を確認した。\n問題なし。"
    assert sum(one["count"] for one in json.loads(row.figures)["acts"]) == 12
    [entry] = [one for one in entries(own_office.engine) if one["action"] == "sign_off_inspection"]
    assert entry["details"] == {"month": str(month), "count": 12, "holds": True}
    assert "拒否" not in json.dumps(entry, ensure_ascii=False)
    page = auditor.get(f"{ROOM}{month}/").text
    assert "2件の拒否を確認した。\n問題なし。" in page
    assert "auditor@example.jp" in plain(page)
    assert '<form method="post" class="record-form sign-off"' not in page
    assert re.search(
        r"Verification then The chain holds \S+ \S+ \d+ entries, 0 checkpoints", plain(page)
    )
    assert rows(auditor.get(ROOM).text)[1]["State"] == "Inspected"
    assert sign(auditor, month, remarks="again") == 303
    assert kept(own_office, month) == row
    assert "signed off by somebody else" in auditor.get("/admin/").text


def test_of_fifty_who_sign_one_does(any_office: Office) -> None:
    month = last_month()
    note(any_office, "auditor", "sign_in", at=moment(month))
    caller = any_office.caller("auditor")

    def attempt() -> str:
        try:
            any_office.engine.run(
                lambda service: signing.sign_off(service, caller, str(month), remarks="確認した")
            )
        except ConcurrencyConflict:
            return "late"
        return "signed"

    outcomes = Counter(at_once([attempt] * MANY))
    assert outcomes == {"signed": 1, "late": MANY - 1}
    noted = [one for one in entries(any_office.engine) if one["action"] == "sign_off_inspection"]
    assert len(noted) == 1
    statement = delete(AuditInspection)
    any_office.engine.database.run(lambda transaction: transaction.write(statement))


def test_a_month_that_is_not_over_cannot_be_signed(
    own_office: Office, auditor: Desk, month: Month
) -> None:
    page = auditor.get(f"{ROOM}{month.next}/").text
    assert "once it is over" in page
    assert sign(auditor, month.next, remarks="early") == 303
    assert kept(own_office, month.next) is None


@pytest.mark.parametrize(
    "text", ["2001-01", "2999-01", "2026-13", "2026-1", "nonsense", "0000-00"]
)
def test_what_is_no_month_of_the_log_is_not_found(auditor: Desk, text: str) -> None:
    assert auditor.get(f"{ROOM}{text}/").status_code == 404
    assert sign(auditor, text, remarks="x") == 404


def test_without_a_verification_since_remarks_say_why(
    own_office: Office, auditor: Desk, month: Month
) -> None:
    page = auditor.get(f"{ROOM}{month}/").text
    assert "The chain was not verified since the month ended." in page
    assert sign(auditor, month) == 400
    verify(own_office)
    older = update(AuditVerification).values(completed_on=month.ends - timedelta(seconds=1))
    own_office.engine.database.run(lambda transaction: transaction.write(older))
    answer = auditor.post(f"{ROOM}{month}/", remarks="", proof=PASSWORD)
    assert answer.status_code == 400
    assert 'id="remarks-error">Enter Remarks.' in answer.text
    verify(own_office)
    assert "The chain was not verified" not in auditor.get(f"{ROOM}{month}/").text
    assert sign(auditor, month) == 303
    assert kept(own_office, month).signed_on is not None


def test_a_faulty_chain_is_told_and_needs_remarks(
    own_office: Office, auditor: Desk, month: Month
) -> None:
    altered = update(AuditEntry).where(AuditEntry.sequence == 2).values(outcome="refused")
    own_office.engine.database.run(lambda transaction: transaction.write(altered))
    verify(own_office)
    page = plain(auditor.get(f"{ROOM}{month}/").text)
    assert "The newest verification found that something is wrong." in page
    assert "Entry 2: The columns differ from the entry." in page
    assert sign(auditor, month) == 400
    assert sign(auditor, month, remarks="調査中：記録2") == 303
    noted = entries(own_office.engine)[-1]
    assert noted["details"]["holds"] is False


def test_a_log_that_says_otherwise_afterwards_is_told(
    own_office: Office, auditor: Desk, month: Month
) -> None:
    verify(own_office)
    assert sign(auditor, month) == 303
    assert "The log now says otherwise" not in auditor.get(f"{ROOM}{month}/").text
    gone = delete(AuditEntry).where(AuditEntry.action == "refusal")
    own_office.engine.database.run(lambda transaction: transaction.write(gone))
    page = auditor.get(f"{ROOM}{month}/").text
    assert "The log now says otherwise" in page
    found = figures(page)
    assert (found["All entries"][0], found["Refusal Refused"][0]) == (12, 2)
    told = {one["What"]: one["Count"] for one in rows(page) if "What" in one}
    assert told["All entries"] == "12 now 10"
    assert told["Read personal values"] == "3"


def test_who_signs_shows_who_they_are(own_office: Office, auditor: Desk, month: Month) -> None:
    verify(own_office)
    age_proof_of(own_office, "auditor")
    page = auditor.get(f"{ROOM}{month}/").text
    assert 'id="proof"' in page
    answer = auditor.post(f"{ROOM}{month}/", remarks="途中の所見", proof="wrong")
    assert answer.status_code == 400
    assert 'id="proof-error"' in answer.text
    assert ">途中の所見</textarea>" in answer.text
    assert kept(own_office, month) is None
    assert sign(auditor, month) == 303


@pytest.mark.parametrize(
    ("remarks", "told"), [("x" * 1001, "1,000"), ("a\0b", "control"), ("a\x1bb", "control")]
)
def test_remarks_are_checked_and_kept_as_typed(
    auditor: Desk, month: Month, remarks: str, told: str
) -> None:
    answer = auditor.post(f"{ROOM}{month}/", remarks=remarks, proof=PASSWORD)
    assert answer.status_code == 400
    assert told in answer.text[answer.text.index('id="remarks-error"') :]


def test_nobody_signs_in_anothers_name_or_without_the_right(
    own_office: Office, month: Month
) -> None:
    auditor, administrator = (own_office.caller(one) for one in ("auditor", "administrator"))

    def attempt(caller: Caller) -> None:
        def work(service: RecordService) -> None:
            signing.sign_off(service, caller, str(month), remarks="確認した")

        own_office.engine.run(work)

    supported = replace(auditor, supporter=auditor)
    for caller in (supported, administrator, Caller.system("tests")):
        with pytest.raises(AccessDenied):
            attempt(caller)
    assert kept(own_office, month) is None
    attempt(auditor)
    with pytest.raises(ConcurrencyConflict):
        attempt(auditor)


def test_what_is_wrong_leaves_nothing(own_office: Office, month: Month) -> None:
    auditor = own_office.caller("auditor")
    with pytest.raises(ValidationFailed):
        own_office.engine.run(lambda s: signing.sign_off(s, auditor, str(month), remarks=""))
    assert kept(own_office, month) is None


def test_a_contractors_account_never_sees_it(own_office: Office, month: Month) -> None:
    auditor = sit_down(own_office, "auditor")
    put_under_contract(own_office.engine.database, own_office.users["auditor"], scope={})
    for path in (ROOM, f"{ROOM}{month}/", "/admin/audit/"):
        assert auditor.get(path).status_code == 403, path
    assert sign(auditor, month, remarks="x") == 403
    assert kept(own_office, month) is None


def test_the_start_page_reminds_of_months_that_wait(
    own_office: Office, auditor: Desk, month: Month
) -> None:
    before = Month.at(month.begins - timedelta(days=1))
    start = plain(auditor.get("/admin/").text)
    named = ", ".join(one.text("en") for one in (before, month))
    assert f"The audit log’s inspection waits: {named}" in start
    assert "inspection waits" not in sit_down(own_office, "administrator").get("/admin/").text
    verify(own_office)
    for one in (before, month):
        assert sign(auditor, one) == 303
    assert "inspection waits" not in auditor.get("/admin/").text


def test_a_long_row_of_months_is_counted(own_office: Office, auditor: Desk) -> None:
    note(own_office, "auditor", "sign_in", at=utc_now() - timedelta(days=400))
    start = plain(auditor.get("/admin/").text)
    assert re.search(
        r"inspection waits: \w+ \d{4}, \w+ \d{4}, \w+ \d{4} and 1[01] months more", start
    )
