"""docs/solutions.md is true: its blocks of YAML install, and it names all that may be stated.

A block whose first line is a comment with a file's name is that file. What may be stated is read
out of the parsers and the registries, so that a new key is not forgotten in the reference.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from forms.controls import CONTROLS
from jobs.kinds import KINDS
from jobs.outbox import SEND_MAIL
from jobs.platform_recurrences import PLATFORM
from jobs.recurrences import check as check_recurrences
from models.metadata.attribute_types import ATTRIBUTE_TYPES
from models.metadata.checking import NEVER_ASKED
from models.metadata.definitions import RequiredLevel
from models.metadata.errors import DefinitionError
from models.metadata.mail_checking import MAIL_VALUES
from models.metadata.parsing.attributes import FORMATS, OF_THE_PLATFORM
from models.metadata.query import Operator
from models.metadata.relationships import DeleteBehaviour
from models.security.principals import load_caller, public_caller
from models.security.privileges import AccessLevel, Miscellaneous, Privilege
from models.tables.session import Database
from packager.installing import check, install
from packager.rights_reading import UNMASKED
from tests.admin_views.office import create_users
from tests.packager.folders import KOBE, edit
from tests.public_views.intake import READER, Intake, build_intake
from tests.support.databases import NewDatabase

ROOT = KOBE.parents[1]
TEXT = (ROOT / "docs/solutions.md").read_text("utf-8")
BLOCK = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
EXAMPLE = TEXT.partition("## An example")[2].partition("\n## ")[0]
MOST_LINES = 60
FORM_OF_EXAMPLE = "forms/bousai_request.yaml"
ASKED = re.compile(
    r"\.(?:value|text|label|labels|integer|number|flag|choice|texts|integers|items|members|part)\(\s*"
    r"\"(\w+)\""
)
PARSERS = [*ROOT.glob("packager/*.py"), *ROOT.glob("models/metadata/parsing/*.py")]
WORDS = {
    "keys": {key for path in PARSERS for key in ASKED.findall(path.read_text("utf-8"))},
    "attribute types": set(ATTRIBUTE_TYPES) - OF_THE_PLATFORM,
    "formats": FORMATS - {""},
    "required levels": {str(level) for level in RequiredLevel},
    "ways of deleting": {str(behaviour) for behaviour in DeleteBehaviour},
    "operators": {str(operator) for operator in Operator},
    "values of mails": MAIL_VALUES,
    "jobs": set(KINDS) - {SEND_MAIL} - {one.kind for one in PLATFORM},
    "privileges": {str(privilege) for privilege in Privilege},
    "miscellaneous privileges": {str(privilege) for privilege in Miscellaneous},
    "access levels": {level.name.lower() for level in AccessLevel},
    "ways of unmasking": set(UNMASKED),
}


def written(text: str, folder: Path) -> Path:
    """The solution that the blocks of `text` make up."""
    for name, content in BLOCK.findall(text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists(), f"{name} stands twice"
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def intake(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    """An installation of Kobe's solution and, beside it, the example."""
    running = build_intake(tmp_path_factory.mktemp("documented"), new_database())
    install(running.engine.database, written(EXAMPLE, tmp_path_factory.mktemp("example")))
    yield running
    running.close()


def test_the_example_is_short_and_installs_alone(tmp_path: Path) -> None:
    lines = [line for _, content in BLOCK.findall(EXAMPLE) for line in content.splitlines()]
    assert 20 < len(lines) + len(BLOCK.findall(EXAMPLE)) <= MOST_LINES
    catalog = check(written(EXAMPLE, tmp_path))
    assert catalog.forms["bousai_request"].attributes[0] == "bousai_group"
    assert catalog.entity("bousai_request").attributes["bousai_email"].sealed


def test_every_block_of_the_reference_installs_beside_kobe(
    installed: Database, tmp_path: Path
) -> None:
    found = install(installed, written(TEXT, tmp_path))
    check_recurrences(found.recurrences, KINDS)
    assert TEXT.count("```yaml") == len(BLOCK.findall(TEXT))
    assert {"kobe_application", "bousai_request", "bousai_teacher"} <= found.entities.keys()
    assert "bousai_request_candidates" in found.many_to_many


def test_citizens_find_the_form_of_the_example(intake: Intake) -> None:
    client = intake.app.test_client()
    page = client.get("/forms/bousai_request", headers={"Accept-Language": "ja"}).text
    for said in ("防災出前講座の申込み", "個人情報の利用目的", "希望日", "078-000-0000"):
        assert said in page
    assert "/forms/bousai_request" in client.get("/").text


def test_the_role_of_the_example_sees_what_its_unit_was_sent(intake: Intake) -> None:
    engine = intake.engine
    roles = {"bousai_staff": "危機管理局", "kobe_official": "神戸市"}
    users = create_users(engine.database, "no password", roles=roles)
    with engine.database.snapshot() as connection:
        public = public_caller(connection, engine.catalog.forms["bousai_request"])
        staff = load_caller(connection, users["bousai_staff"])
        stranger = load_caller(connection, users["kobe_official"])
    assert staff is not None
    staff = staff.for_purpose("試験のため")
    assert stranger is not None
    given = {"bousai_group": "灘区自治会", "bousai_email": "nada@example.jp"}
    engine.run(lambda service: service.create_multiple(public, "bousai_request", [given]))
    query = engine.catalog.views["bousai_request_open"].query
    (record,) = engine.run(lambda service: service.retrieve_multiple(staff, query)).records
    assert (record["bousai_group"], record["bousai_email"]) == ("灘区自治会", "n•••@example.jp")
    (record,) = engine.run(lambda service: service.retrieve_multiple(READER, query)).records
    assert record["bousai_email"] == "nada@example.jp"
    assert "bousai_request" not in {entity for entity, _ in stranger.privileges}


@pytest.mark.parametrize("kind", WORDS)
def test_the_reference_names_everything_that_may_be_stated(kind: str) -> None:
    quoted = set(re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`\n]+)`", TEXT))))
    assert WORDS[kind]
    assert WORDS[kind] - quoted == set()


def test_every_type_is_asked_by_a_control_or_refused_in_a_public_form() -> None:
    assert set(CONTROLS) & NEVER_ASKED == set()
    assert set(CONTROLS) | NEVER_ASKED >= set(ATTRIBUTE_TYPES) - OF_THE_PLATFORM - {"AutoNumber"}


@pytest.mark.parametrize("kind", sorted(NEVER_ASKED))
def test_a_public_form_that_asks_what_has_no_control_is_refused(tmp_path: Path, kind: str) -> None:
    folder = written(EXAMPLE, tmp_path)
    stated = {"type": kind, "display_name": "関連する資料"}
    more: dict[str, dict[str, Any]] = {
        "Lookup": {"targets": ["bousai_request"]},
        "Image": {"alt": "bousai_group"},
    }
    edit(
        folder,
        "entities/bousai_request.yaml",
        lambda content: attributes_of_example(content).update(
            bousai_paper=stated | more.get(kind, {})
        ),
    )
    assert check(folder).entity("bousai_request").attributes["bousai_paper"].type == kind
    edit(folder, FORM_OF_EXAMPLE, lambda content: ask(content, "bousai_paper"))
    with pytest.raises(DefinitionError, match=f"bousai_paper cannot be asked: it is a {kind}"):
        check(folder)


def attributes_of_example(content: Any) -> Any:
    return content["bousai_request"]["attributes"]


def ask(content: Any, name: str) -> None:
    content["bousai_request"]["sections"][0]["controls"].append({"attribute": name})


def test_the_first_page_of_the_reference_installs(tmp_path: Path) -> None:
    folder = written(TEXT, tmp_path)
    [stated] = re.findall(r"`(home: \{.*\})`", TEXT)
    edit(folder, "solution.yaml", lambda content: content.update(yaml.safe_load(stated)))
    home = check(folder).homes["bousai_lecture"]
    assert [step.title.ja for step in home.steps] == ["申込み", "講師"]
    assert home.title.ja == "bousai_lecture"
