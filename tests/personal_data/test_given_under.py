"""A record's page shows the words behind the version of the purpose its applicant was shown."""

from pathlib import Path
from typing import Any

from packager.installing import install
from tests.admin_views.desk import sit_down
from tests.admin_views.office import build_office
from tests.packager.folders import FORM_FILE, copy_of_kobe, edit

FIRST, SECOND = "2026-04-01", "2027-04-01"


def renew(content: Any) -> None:
    new = {"version": SECOND, "text": {"ja": "新しい目的", "en": "A new purpose"}}
    content["kobe_application"]["purpose"].update(new)


def test_each_record_shows_what_its_own_applicant_read(tmp_path: Path) -> None:
    office, folder = build_office(tmp_path), copy_of_kobe(tmp_path / "copy")
    before = office.apply(kobe_purposeversion=FIRST)
    edit(folder, FORM_FILE, renew)
    install(office.engine.database, folder)
    after = office.apply(kobe_purposeversion=SECOND)
    unknown = office.apply(kobe_purposeversion="2001-01-01")
    desk = sit_down(office, "kobe_official")
    pages = {one: desk.records("details", id=str(one)).text for one in (before, after, unknown)}
    assert "We use your e-mail address and telephone number only" in pages[before]
    assert "A new purpose" not in pages[before]
    assert "A new purpose" in pages[after]
    assert "What the applicant was shown" not in pages[unknown]
    paper = sit_down(office, "auditor").get("/admin/papers/purposes/").text
    assert paper.index("A new purpose") < paper.index("We use your e-mail address")
