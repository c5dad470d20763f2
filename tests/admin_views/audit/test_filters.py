"""Wrong filters are told beside their controls; they never find nothing in silence."""

from html import escape

import pytest

from tests.admin_views.audit.reading import LOG, narrowed, numbers, wrong
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office

STRANGER = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def auditor(office: Office) -> Desk:
    office.apply()
    return sit_down(office, "auditor")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "nonsense") for name in ("person", "record", "action", "about", "outcome")),
        *((name, "' OR 1=1") for name in ("person", "record", "since", "until", "hours")),
        ("person", STRANGER),
        ("person", "support-nobody"),
        ("action", "group-nothing"),
        ("about", "kobe_application.kobe_nothing"),
        ("about", "kobe_nothing"),
        ("record", f"{STRANGER} {STRANGER[:-1]}1"),
        ("record", STRANGER[:-1]),
        ("record", f"a{STRANGER}"),
        ("since", "2026-02-30"),
        ("until", "01.04.2026"),
        ("hours", "<script>alert(1)</script>"),
        ("record", "<script>alert(1)</script>"),
    ],
)
def test_a_wrong_filter_is_told_where_it_is(auditor: Desk, name: str, value: str) -> None:
    page = auditor.get(LOG, **{name: value, "outcome": "ok"} | {name: value})
    assert page.status_code == 200
    assert wrong(page.text) == [name]
    assert f'<a href="#{name}">' in page.text
    assert numbers(page.text) == []
    assert "No entry fits." not in page.text
    assert "<script>alert" not in page.text
    if name in {"record", "since", "until"}:
        assert f'value="{escape(value)}"'.replace("&#x27;", "&#39;") in page.text


def test_each_of_several_is_told(auditor: Desk) -> None:
    page = auditor.get(LOG, person="x", since="y", record="z").text
    assert sorted(wrong(page)) == ["person", "record", "since"]


def test_a_period_that_ends_before_it_begins_is_told(auditor: Desk) -> None:
    page = auditor.get(LOG, since="2026-05-02", until="2026-05-01").text
    assert wrong(page) == ["until"]
    assert not wrong(auditor.get(LOG, since="2026-05-02", until="2026-05-02").text)


def test_what_fits_nothing_says_so(auditor: Desk) -> None:
    page = auditor.get(LOG, record=STRANGER).text
    assert not wrong(page)
    assert "No entry fits." in page
    assert not narrowed(auditor, until="2001-01-01")


def test_another_language_keeps_what_was_chosen(auditor: Desk) -> None:
    asked = {"action": "create", "outcome": "ok", "about": "kobe_application", "hours": "outside"}
    page = auditor.get(LOG, **asked).text
    link = page[page.index('class="language" href="') :].split('"', 4)[3]
    for name, value in asked.items():
        assert f"{name}={value}" in link
