"""What must not be public is refused when a solution is checked, with its file and line."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.metadata.errors import DefinitionError
from models.metadata.public_view_checking import filled_by_one
from packager.installing import check
from tests.models.office import SOLUTIONS
from tests.packager.folders import KOBE, edit

FILE, VIEW = "public_views.yaml", "tst_things"
STATUS = {"attribute": "statuscode", "operator": "in", "value": [2, 3]}


def also_by(attribute: str, value: object = 1, **stated: object) -> dict[str, Any]:
    return {"filter": [STATUS, {"attribute": attribute, "value": value, **stated}]}


MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "an unknown key": ("colour", {"colour": "red"}),
    "no such entity": ("tst_nowhere", {"entity": "tst_nowhere"}),
    "no title": ("title", {"title": ""}),
    "no columns": ("columns", {"columns": []}),
    "no filter": ("filter", {"filter": []}),
    "a filter that lets nothing through": (
        "no record",
        also_by("statuscode", 1),
    ),
    "a filter with a choice of conditions": ("eq or in", {"filter": {"or": [STATUS, STATUS]}}),
    "a filter by what is not": ("eq or in", also_by("statuscode", 1, operator="ne")),
    "a filter by a text": ("by number", also_by("tst_name", "x")),
    "a filter by a number": ("tst_integer", also_by("tst_integer", 5)),
    "a filter by what is sealed": ("tst_secret_boolean", also_by("tst_secret_boolean", True)),
    "a filter by no option": ("tst_choice", also_by("tst_choice", 99)),
    "a filter by an option of another kind": ("tst_choice", also_by("tst_choice", True)),
    "a filter by nothing": ("tst_fax", also_by("tst_fax")),
    "a personal column": ("tst_email", {"columns": ["tst_email"]}),
    "a sealed attribute": ("tst_secret_integer", {"detail": ["tst_secret_integer"]}),
    "a sealed title": ("tst_secret_memo", {"title": "tst_secret_memo"}),
    "a look-up": ("tst_parent", {"detail": ["tst_parent"]}),
    "a file": ("tst_file", {"detail": ["tst_file"]}),
    "an identifier": ("tst_thingid", {"detail": ["tst_thingid"]}),
    "who made it": ("createdby", {"detail": ["createdby"]}),
    "who changed it": ("modifiedby", {"columns": ["modifiedby"]}),
    "whose it is": ("ownerid", {"columns": ["ownerid"]}),
    "the version": ("versionnumber", {"detail": ["versionnumber"]}),
    "an attribute of nothing": ("tst_fax", {"detail": ["tst_fax"]}),
    "an order by what is hidden": ("tst_code", {"order": ["tst_code"]}),
    "an order by a memo": ("tst_memo", {"order": ["tst_memo"]}),
    "an order of four": ("orders", {"order": ["tst_name", "tst_date", "tst_time", "createdon"]}),
    "a title that is a number": ("tst_integer", {"title": "tst_integer"}),
    "categories of no options": ("tst_name", {"by": "tst_name"}),
    "a date that is none": ("tst_name", {"date": "tst_name"}),
    "a last day that is a text": ("tst_name", {"until": "tst_name"}),
    "a last day that is sealed": ("tst_secret_date", {"until": "tst_secret_date"}),
    "a last day of nothing": ("tst_fax", {"until": "tst_fax"}),
    "a feed without dates": ("date", {"date": ""}),
    "a feed that leads nowhere": ("detail", {"detail": []}),
    "open data of nobody": ("attribution", {"attribution": None}),
}


def office(folder: Path) -> Path:
    return Path(shutil.copytree(SOLUTIONS / "office_of_tests", folder / "office"))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, mistake: str) -> None:
    folder, (told, stated) = office(tmp_path), MISTAKES[mistake]

    def change(content: Any) -> None:
        content[VIEW].update(stated)
        if stated.get("attribution", "") is None:
            content[VIEW].pop("attribution")

    edit(folder, FILE, change)
    with pytest.raises(DefinitionError) as refused:
        check(folder)
    assert re.match(rf"{FILE}:\d+: public_view {VIEW}", str(refused.value))
    assert told in str(refused.value).replace(FILE, "")


def test_what_is_right_is_taken(tmp_path: Path) -> None:
    view = check(office(tmp_path)).public_views[VIEW]
    assert view.records == {"statuscode": {2, 3}, "tst_boolean": {True}}
    assert "tst_time" in view.attributes


def test_a_view_that_one_person_alone_fills_is_told(tmp_path: Path) -> None:
    """The other views of Kobe's let out what another person approved."""
    assert filled_by_one(check(KOBE)) == []
    assert filled_by_one(check(office(tmp_path))) == [VIEW]
    half = [{"attribute": "statuscode", "operator": "in", "value": [1, 3]}]
    copy = of_kobe(tmp_path)
    edit(copy, FILE, lambda content: content["kobe_stories"].update(filter=half))
    assert filled_by_one(check(copy)) == ["kobe_public", "kobe_stories"]


def of_kobe(folder: Path, *, change: Callable[[Any], object] = dict, **stated: object) -> Path:
    copy = Path(shutil.copytree(KOBE, folder / "kobe"))
    view: dict[str, object] = {
        "entity": "kobe_application",
        "display_name": "応援したいこと",
        "title": "kobe_catchphrase",
        "filter": [{"attribute": "statuscode", "value": 3}],
        "columns": ["kobe_category"],
    }
    edit(copy, FILE, lambda content: content.update(kobe_public=view | stated))
    edit(copy, "entities/kobe_application.yaml", change)
    return copy


def test_what_no_mail_has_confirmed_is_never_public(tmp_path: Path) -> None:
    assert "kobe_public" in check(of_kobe(tmp_path / "1")).public_views
    for number, filter in enumerate(
        (
            [{"attribute": "statuscode", "operator": "in", "value": [1, 3]}],
            [{"attribute": "statecode", "value": 0}],
        )
    ):
        with pytest.raises(DefinitionError, match="wait for confirmation"):
            check(of_kobe(tmp_path / f"x{number}", filter=filter))


def test_what_is_most_confidential_is_never_public(tmp_path: Path) -> None:
    def secret(content: Any) -> None:
        content["kobe_application"]["classification"] = 3

    with pytest.raises(DefinitionError, match="never public"):
        check(of_kobe(tmp_path, change=secret))


def test_an_attribute_that_becomes_secured_takes_the_solution_with_it(tmp_path: Path) -> None:
    """Rather than being published for one moment longer."""

    def secure(content: Any) -> None:
        content["kobe_application"]["attributes"]["kobe_catchphrase"]["secured"] = True
        content["kobe_application"]["primary_name"] = "kobe_receiptnumber"

    with pytest.raises(DefinitionError, match="never public"):
        check(of_kobe(tmp_path, change=secure))
