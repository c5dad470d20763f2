"""Pictures in records, on both databases: described, kept in clear or sealed, taken away again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from models.metadata.attribute_types import FileValue, ImageValue
from models.metadata.errors import DefinitionError, ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security.caller import Caller
from packager.installing import check
from tests.jobs.applications import OFFICE
from tests.models.office import member, office
from tests.models.test_approvals import STORY, TEXTS
from tests.packager.folders import copy_of_kobe, edit
from tests.support.pictures import photo, transparent

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG"
SENT = FileValue("田中さんの家.jpg", "image/jpeg", photo())
FILE = "entities/kobe_story.yaml"


def sealed_second(folder: Path) -> Path:
    """Kobe's, with a second picture that is personal, and so never public."""

    def seal(content: Any) -> None:
        attributes = content[STORY]["attributes"]
        attributes["kobe_photo2"]["personal"] = attributes["kobe_photo2alt"]["personal"] = True
        attributes["kobe_photo2alt"]["index"] = ""

    def hide(content: Any) -> None:
        detail = content["kobe_stories"]["detail"]
        content["kobe_stories"]["detail"] = [one for one in detail if "photo2" not in one]

    copy = copy_of_kobe(folder)
    edit(copy, FILE, seal)
    edit(copy, "public_views.yaml", hide)
    return copy


@pytest.fixture(scope="module")
def kobe(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    folder = tmp_path_factory.mktemp("kobe")
    with office(module_database_url, folder, str(sealed_second(folder))) as running:
        yield running


@pytest.fixture(scope="module")
def writer(kobe: RecordEngine) -> Caller:
    return member(kobe, OFFICE)


def written(engine: RecordEngine, caller: Caller, **values: object) -> UUID:
    batch = [TEXTS | values]
    return engine.run(lambda s: s.create_multiple(caller, STORY, batch))[0]


def give(engine: RecordEngine, caller: Caller, record: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(caller, STORY, [Change(record, values)]))


def of(engine: RecordEngine, caller: Caller, record: UUID) -> dict[str, object]:
    return engine.run(lambda s: s.retrieve(caller, STORY, record))


def stored(engine: RecordEngine, record: UUID, name: str) -> bytes:
    table = engine.catalog.tables.entities[STORY]
    statement = select(type_coerce(table.c[name], LargeBinary())).where(table.c.id == record)
    with engine.database.reading() as connection:
        return bytes(connection.scalar(statement) or b"")


def test_a_picture_in_clear_comes_back_as_it_was_drawn(kobe: RecordEngine, writer: Caller) -> None:
    record = written(kobe, writer, kobe_photo=SENT, kobe_photoalt="絵本を読む様子")
    value = of(kobe, writer, record)["kobe_photo"]
    assert isinstance(value, ImageValue)
    assert value.content.startswith(JPEG)
    assert value.content in stored(kobe, record, "kobe_photo")
    assert b"SECRETCAM" not in stored(kobe, record, "kobe_photo")
    there = Condition("kobe_photo", Operator.NOT_NULL)
    query = Query(entity=STORY, columns=("kobe_title",), filter=Filter((there,)), ids=(record,))
    assert len(kobe.run(lambda s: s.retrieve_multiple(writer, query)).records) == 1


def test_a_personal_one_is_sealed(kobe: RecordEngine, writer: Caller) -> None:
    sent = FileValue("x", "x", transparent())
    record = written(kobe, writer, kobe_photo2=sent, kobe_photo2alt="名札")
    envelope = stored(kobe, record, "kobe_photo2")
    assert envelope
    assert PNG not in envelope
    value = of(kobe, writer, record)["kobe_photo2"]
    assert isinstance(value, ImageValue)
    assert value.content.startswith(PNG)


@pytest.mark.parametrize("image", ["kobe_photo", "kobe_photo2"])
def test_it_is_described(kobe: RecordEngine, writer: Caller, image: str) -> None:
    alt = f"{image}alt"

    def refused(act: Any) -> list[tuple[str, str]]:
        with pytest.raises(ValidationFailed) as error:
            act()
        return [(one.attribute, one.code) for one in error.value.problems]

    needed = [(alt, "picture_needs_text")]
    assert refused(lambda: written(kobe, writer, **{image: SENT})) == needed
    bare = written(kobe, writer)
    assert refused(lambda: give(kobe, writer, bare, **{image: SENT})) == needed
    give(kobe, writer, bare, **{image: SENT, alt: "様子"})
    assert refused(lambda: give(kobe, writer, bare, **{alt: ""})) == needed
    give(kobe, writer, bare, kobe_title="別の見出し")
    give(kobe, writer, bare, **{image: "", alt: ""})
    assert of(kobe, writer, bare)[image] is None
    give(kobe, writer, bare, **{alt: "言葉だけ"})


def test_a_damaged_one_is_refused_alone(kobe: RecordEngine, writer: Caller) -> None:
    sent = FileValue("x.jpg", "image/jpeg", b"<script>")
    with pytest.raises(ValidationFailed) as error:
        written(kobe, writer, kobe_photo=sent, kobe_photoalt="様子")
    assert [one.code for one in error.value.problems] == ["picture"]


@pytest.mark.parametrize(
    "stated",
    [
        {"alt": None},
        {"alt": "kobe_body"},
        {"personal": True},
        {"secured": True},
        {"type": "File"},
    ],
)
def test_a_picture_is_stated_with_its_description(
    tmp_path: Path, stated: dict[str, object]
) -> None:
    def change(content: Any) -> None:
        image = content[STORY]["attributes"]["kobe_photo"]
        image.update(stated)
        for name in [name for name, one in image.items() if one is None]:
            image.pop(name)

    copy = copy_of_kobe(tmp_path)
    edit(copy, FILE, change)
    with pytest.raises(DefinitionError, match="kobe_photo"):
        check(copy)


@pytest.mark.parametrize(
    "change",
    [
        lambda view: view["detail"].remove("kobe_photoalt"),
        lambda view: view["columns"].append("kobe_photo"),
    ],
)
def test_a_public_view_tells_it_on_a_records_page_with_its_words(
    tmp_path: Path, change: Any
) -> None:
    copy = copy_of_kobe(tmp_path)
    edit(copy, "public_views.yaml", lambda content: change(content["kobe_stories"]))
    with pytest.raises(DefinitionError, match="kobe_photo"):
        check(copy)


def test_a_personal_one_is_never_public(tmp_path: Path) -> None:
    copy = sealed_second(tmp_path)
    edit(
        copy,
        "public_views.yaml",
        lambda content: content["kobe_stories"]["detail"].extend(
            ["kobe_photo2", "kobe_photo2alt"]
        ),
    )
    with pytest.raises(DefinitionError, match="never public"):
        check(copy)
