"""The purpose of use: the version a citizen was shown is the one stored with the application."""

from pathlib import Path

import yaml

from packager.installing import install
from tests.public_views.citizens import Citizen
from tests.public_views.intake import FORM, SOLUTION, Intake, build_intake
from tests.support.databases import sqlite_file

NEW_VERSION = "2027-04-01"


def test_what_was_shown_is_stored_although_another_purpose_was_published_since(
    tmp_path: Path,
) -> None:
    intake = build_intake(tmp_path, sqlite_file(tmp_path))
    shown_before = Citizen(intake).begin()
    shown_before.enter()
    shown_both = Citizen(intake).begin()
    shown_both.enter()
    publish_another_purpose(intake, tmp_path)
    shown_before.send()
    assert NEW_VERSION in shown_both.get().text
    shown_both.send()
    versions = [one.record()["kobe_purposeversion"] for one in (shown_before, shown_both)]
    assert versions == ["2026-04-01", NEW_VERSION]
    intake.close()


def publish_another_purpose(intake: Intake, folder: Path) -> None:
    changed = folder / "solution"
    for path in SOLUTION.rglob("*.yaml"):
        target = changed / path.relative_to(SOLUTION)
        target.parent.mkdir(parents=True, exist_ok=True)
        stated = yaml.safe_load(path.read_text("utf-8"))
        if FORM in stated and "purpose" in stated[FORM]:
            stated[FORM]["purpose"]["version"] = NEW_VERSION
        target.write_text(yaml.safe_dump(stated, allow_unicode=True), "utf-8")
    install(intake.engine.database, changed)
