"""YAML edited and imported by one process is live in another that runs, from its next request.

No Python is touched, nothing is restarted: the form shows it, the record keeps it, staff see it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_security import hash_password

from models.metadata.query import Query
from tests.admin_views.desk import sit_down
from tests.admin_views.office import PASSWORD, Office, create_users
from tests.packager.folders import (
    ENTITY_FILE,
    FORM_FILE,
    attributes,
    controls,
    copy_of_kobe,
    edit,
    say,
)
from tests.public_views.citizens import Citizen
from tests.public_views.intake import READER, Intake, build_intake
from tests.support.databases import NewDatabase

PLACE = {
    "kobe_place": {
        "display_name": {"ja": "活動場所", "en": "Place"},
        "ownership": "organization",
        "primary_name": "kobe_placename",
        "attributes": {
            "kobe_placename": {
                "type": "String",
                "display_name": {"ja": "場所の名称", "en": "Name"},
            },
            "kobe_seats": {
                "type": "Integer",
                "display_name": {"ja": "席数", "en": "Seats"},
                "minimum": 1,
            },
        },
    }
}
EVERYTHING = dict.fromkeys(("Create", "Read", "Write", "Delete", "Append", "AppendTo"), "global")


@pytest.fixture(scope="module")
def intake(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    """The installation that runs all the time; on either database."""
    running = build_intake(tmp_path_factory.mktemp("live"), new_database())
    yield running
    running.engine.database.dispose()


@pytest.fixture(scope="module")
def solution(intake: Intake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engineer's copy, which belongs to the installation and is edited by test after test."""
    assert intake.engine.catalog.version == 1
    return copy_of_kobe(tmp_path_factory.mktemp("solution"))


@pytest.fixture(scope="module")
def official(intake: Intake) -> Office:
    with intake.app.app_context():
        users = create_users(intake.engine.database, hash_password(PASSWORD))
    return Office(intake.app, intake.engine, users)


def import_elsewhere(intake: Intake, folder: Path) -> None:
    """`flask solution import`, in a process of its own."""
    other = intake.another_process()
    result = other.app.test_cli_runner().invoke(args=["solution", "import", str(folder)])
    other.engine.database.dispose()
    assert result.exit_code == 0, result.output


def test_an_added_attribute_and_control_are_asked_and_kept(
    intake: Intake, solution: Path, official: Office
) -> None:
    citizen = Citizen(intake)
    assert "kobe_budget" not in citizen.page().values
    stated = {"type": "Money", "display_name": {"ja": "必要な費用", "en": "Costs"}, "minimum": 0}
    edit(solution, ENTITY_FILE, lambda content: attributes(content).update(kobe_budget=stated))
    hint = {"ja": "円で入力してください。", "en": "In yen"}
    control = {"attribute": "kobe_budget", "hint": hint, "required": True}
    edit(solution, FORM_FILE, lambda content: controls(content, 1).append(control))
    main = "forms/kobe_application_main.yaml"
    edit(
        solution,
        main,
        lambda c: c["kobe_application_main"]["sections"][2]["controls"].append(
            {"attribute": "kobe_budget"}
        ),
    )
    import_elsewhere(intake, solution)
    citizen.begin()
    assert citizen.page().controls.count("kobe_budget") == 1
    assert "円で入力してください。" in citizen.get().text
    assert "kobe_budget" in citizen.refused().errors
    citizen.apply(kobe_budget="120,000")
    assert citizen.record()["kobe_budget"] == 120_000
    desk = sit_down(official, "kobe_official")
    page = desk.records("details", id=str(citizen.visit().record_id)).text
    assert "Costs" in page
    assert "120,000" in page


def test_an_added_option_can_be_chosen(intake: Intake, solution: Path) -> None:
    option = {"value": 927000012, "label": {"ja": "動物の応援", "en": "Support for animals"}}
    edit(solution, "option_sets.yaml", lambda c: c["kobe_category"]["options"].append(option))
    citizen = Citizen(intake).begin()
    answers: dict[str, object] = {"kobe_category": "927000012", "kobe_budget": "1"}
    assert "kobe_category" in citizen.refused(**answers).errors
    import_elsewhere(intake, solution)
    assert "927000012" in citizen.page().options["kobe_category"]
    citizen.apply(**answers)
    assert citizen.record()["kobe_category"] == 927000012


def test_a_control_taken_away_is_asked_no_more(intake: Intake, solution: Path) -> None:
    def without(content: Any) -> None:
        kept = [one for one in controls(content) if one["attribute"] != "kobe_facebookurl"]
        controls(content)[:] = kept
        form = content["kobe_application"]
        form["self_service"]["correct"]["attributes"].remove("kobe_facebookurl")

    edit(solution, FORM_FILE, without)
    import_elsewhere(intake, solution)
    citizen = Citizen(intake).begin()
    assert "kobe_facebookurl" not in citizen.page().controls
    citizen.apply(kobe_facebookurl="https://example.jp/", kobe_budget="1")
    assert citizen.record()["kobe_facebookurl"] is None


def test_an_added_entity_has_its_pages(intake: Intake, solution: Path, official: Office) -> None:
    desk = sit_down(official, "kobe_official")
    assert desk.get("/admin/t/kobe_place/").status_code == 404
    say(solution, "entities/kobe_place.yaml", PLACE)
    edit(
        solution,
        "roles.yaml",
        lambda c: c["roles"]["kobe_official"]["entities"].update(kobe_place=EVERYTHING),
    )
    import_elsewhere(intake, solution)
    assert "Place" in desk.get("/admin/").text
    sent = desk.post("/admin/t/kobe_place/new/", kobe_placename="湊川公園", kobe_seats="80")
    assert sent.status_code in {302, 303}
    query = Query(entity="kobe_place")
    page = intake.engine.run(lambda service: service.retrieve_multiple(READER, query))
    assert [(one["kobe_placename"], one["kobe_seats"]) for one in page.records] == [
        ("湊川公園", 80)
    ]
    assert "湊川公園" in desk.get("/admin/t/kobe_place/").text
    operator = sit_down(official, "kobe_operator")
    assert operator.get("/admin/t/kobe_place/").status_code in {403, 404}


def test_a_running_process_survives_a_refused_import(intake: Intake, solution: Path) -> None:
    edit(solution, ENTITY_FILE, lambda c: attributes(c)["kobe_body"].update(max_length=10))
    other = intake.another_process()
    result = other.app.test_cli_runner().invoke(args=["solution", "import", str(solution)])
    other.engine.database.dispose()
    assert result.exit_code == 1
    assert "max_length cannot become shorter" in result.output
    citizen = Citizen(intake)
    citizen.apply(kobe_budget="1", kobe_nickname="須磨 花")
    assert citizen.record()["kobe_nickname"] == "須磨 花"
