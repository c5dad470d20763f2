"""`flask demo seed`: the same seed makes the same people, and none of them is written to."""

from pathlib import Path
from typing import Any

import pytest

from models.tables.record_data import SystemJob
from tests.cli.installation import Installation, set_up, with_kobe
from tests.packager.test_documentation import EXAMPLE, written

OF_THE_MOMENT = {
    "id", "kobe_applicationid", "kobe_receiptnumber", "createdon", "modifiedon", "createdby",
    "kobe_stagesince",
    "modifiedby", "ownerid", "kobe_closedon", "owningbusinessunit", "versionnumber",
}  # fmt: skip


def people(installation: Installation) -> list[dict[str, Any]]:
    said = [
        {name: value for name, value in record.items() if name not in OF_THE_MOMENT}
        for record in installation.records()
    ]
    return sorted(said, key=lambda one: str(one["kobe_email"]))


def seeded(folder: Path, *arguments: str) -> Installation:
    made = with_kobe(folder)
    made.done("demo", "seed", *arguments)
    return made


def test_the_same_seed_makes_the_same_people(tmp_path: Path) -> None:
    first = seeded(tmp_path / "first", "--count", "40", "--seed", "7")
    second = seeded(tmp_path / "second", "--count", "40", "--seed", "7")
    third = seeded(tmp_path / "third", "--count", "40", "--seed", "8")
    assert len(people(first)) == 40
    assert people(first) == people(second)
    assert not {one["kobe_email"] for one in people(first)} & {
        one["kobe_email"] for one in people(third)
    }


def test_the_people_are_nobody_and_nobody_is_written_to(kobe: Installation) -> None:
    found = people(kobe)
    assert len(found) == 30
    assert all(one["kobe_email"].endswith("@example.jp") for one in found)
    assert [job for job in kobe.rows(SystemJob) if job.kind == "send_mail"] == []


def test_the_people_are_lifelike(kobe: Installation) -> None:
    found = people(kobe)
    assert len({one["kobe_category"] for one in found}) > 6
    assert len({one["statuscode"] for one in found}) > 1
    assert all(400 <= len(one["kobe_body"]) <= 8000 for one in found)
    assert all(one["kobe_phone"].startswith("0") for one in found)


def test_more_than_one_batch_is_told(own_kobe: Installation) -> None:
    assert "Created 1001 records of kobe_application." in own_kobe.done(
        "demo", "seed", "--count", "1001", "--seed", "3"
    )
    assert len(own_kobe.records()) == 1031


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_count_is_a_number_of_people(kobe: Installation, count: str) -> None:
    assert "Invalid value for '--count'" in kobe.refused(
        "demo", "seed", "--count", count, status=2
    )


def test_whose_first_public_form_it_is_needs_no_name(tmp_path: Path) -> None:
    """Of any solution; where there is no form, an entity must be named."""
    installation = set_up(tmp_path)
    seed = ("demo", "seed", "--count", "2")
    assert "there is no public form; name an --entity" in installation.refused(*seed)
    example = written(EXAMPLE, tmp_path / "example")
    installation.done("solution", "import", str(example))
    assert "Created 2 records of bousai_request." in installation.done(*seed)
