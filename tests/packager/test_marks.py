"""A mistake is told with the very line it stands in: the value's, the key's, or what lacks it.

Texts of Kobe's solution are changed as an engineer would, and the line is looked up in the text.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from models.metadata.errors import DefinitionError
from models.tables.session import Database
from packager.installing import install
from tests.packager.conftest import with_kobe
from tests.packager.folders import ENTITY_FILE, FORM_FILE
from tests.support.databases import sqlite_file


class Slip(NamedTuple):
    file: str
    was: str
    now: str
    told: str = ""
    """In the line that is told; what was written, if nothing else."""


READ = "kobe_hearing: {Create: local, Read: local, Write: local, Append: local}"
SLIPS = {
    "an attribute of a control": Slip(
        FORM_FILE, "attribute: kobe_body", "attribute: kobe_boody", "kobe_boody"
    ),
    "a key of a control": Slip(
        FORM_FILE, "attribute: kobe_body", "attribute: kobe_body, row: 5", "row: 5"
    ),
    "a word of another language": Slip(
        FORM_FILE, "autocomplete: nickname", "autocomplete: ニックネーム"
    ),
    "a privilege": Slip("roles.yaml", READ, READ.replace("Read", "Reed"), "Reed"),
    "a level": Slip("roles.yaml", READ, READ.replace("Read: local", "Read: locale"), "locale"),
    "a demonstration's address": Slip(
        "roles.yaml", "email: operator@example.jp", "email: operator", "email: operator,"
    ),
    "a permission": Slip("roles.yaml", "kobe_email: {read: true}", "kobe_email: {read: 1}"),
    "a mail of no status": Slip(
        "mails.yaml",
        "{entity: kobe_match, status: 4, from: 3, template: kobe_match_to_applicant",
        "{entity: kobe_match, status: 44, from: 3, template: kobe_match_to_applicant",
        "status: 44",
    ),
    "what follows a status": Slip(
        ENTITY_FILE, "{value: 1, ", "{next: [77], value: 1, ", "next: [77]"
    ),
    "a type": Slip("entities/kobe_call.yaml", "type: Memo", "type: Text"),
    "a unit above": Slip("solution.yaml", "parent: 神戸市", "parent: 姫路市"),
    "a column": Slip("views.yaml", "  columns: [createdon, ", "  columns: [createdon, kobe_fax, "),
    "a bracket": Slip("views.yaml", "order: [createdon desc]", "order: [createdon desc]]"),
}


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    yield from with_kobe(sqlite_file(tmp_path_factory.mktemp("marks")))


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_its_line(on_sqlite: Database, folder: Path, slip: str) -> None:
    file, was, now, told = SLIPS[slip]
    text = (folder / file).read_text(encoding="utf-8")
    assert was in text
    changed = text.replace(was, now, 1)
    (folder / file).write_text(changed, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        install(on_sqlite, folder)
    lines = [n for n, line in enumerate(changed.splitlines(), start=1) if (told or now) in line]
    assert refused.value.where == f"{file}:{lines[0]}", str(refused.value)


def test_what_is_written_out_is_told_where_it_follows_from(
    on_sqlite: Database, folder: Path
) -> None:
    """No file has the entity of a project's activities: its permissions lead to the roles, a
    view of its name to the entity that keeps them."""
    path = folder / "views.yaml"
    text = path.read_text(encoding="utf-8")
    view = text.replace("kobe_call_open:", "kobe_enquiry_activity_open:", 1)
    path.write_text(view, encoding="utf-8")
    with pytest.raises(DefinitionError, match="defined twice") as refused:
        install(on_sqlite, folder)
    file = "entities/kobe_enquiry.yaml"
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    line = next(n for n, one in enumerate(lines, start=1) if "activities: true" in one)
    assert refused.value.where == f"{file}:{line}"
