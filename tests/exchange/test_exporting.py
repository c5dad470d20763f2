"""Exports: as the caller, for a stated purpose, and the audit says what left and how it ended."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from sqlalchemy import update

from crypto.errors import BadTag
from exchange.exporting import Export
from models.metadata.errors import AccessDenied, DefinitionError, ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.streaming import CHUNK
from models.security.caller import Caller
from models.security.privileges import FieldRights, Miscellaneous, Unmasked
from tests.exchange.desk import THING, audited, cells, create, export, order
from tests.models.office import member

PERSON = {"tst_name": "花子", "tst_email": "hanako@example.jp", "tst_phone": "０９０ー1234-5678"}
COLUMNS = ("tst_name", "tst_email", "tst_phone")
MASKED = FieldRights(read=True)
ONE = FieldRights(read=True, unmasked=Unmasked.ONE_RECORD)


def test_a_header_then_the_records_in_order(engine: RecordEngine, caller: Caller) -> None:
    names = ["い", "あ", "=1", "う"]
    ids = create(engine, caller, *({"tst_name": name} for name in names))
    asked = order(ids, ["tst_name", "tst_integer"])
    query = Query(
        entity=THING,
        columns=("tst_name",),
        ids=ids,
        filter=Filter((Condition("tst_name", Operator.NOT_EQUAL, "う"),)),
        order=(Order("tst_name", descending=True),),
    )
    by_id = [name.replace("=", "'=") for _, name in sorted(zip(ids, names, strict=True))]
    assert cells(b"".join(Export(engine, caller, asked))) == [
        ["名称", "整数"],
        *([name, ""] for name in by_id),
    ]
    found = cells(b"".join(Export(engine, caller, replace(asked, query=query))))
    assert found == [["名称"], *[[name] for name in sorted(["い", "あ", "'=1"], reverse=True)]]


def test_the_labels_of_the_language_asked_for(engine: RecordEngine, caller: Caller) -> None:
    ids = create(engine, caller, {"tst_choice": 1, "tst_choices": (1, 3), "tst_boolean": True})
    columns = ("tst_choice", "tst_choices", "tst_boolean", "statuscode")
    assert cells(export(engine, caller, ids, columns))[1] == ["赤", "赤; 緑", "はい", "新規"]
    spoken = cells(export(engine, caller, ids, columns, language="en"))[1]
    assert spoken == ["Red", "Red; Green", "Yes", "New"]


def test_an_export_of_nothing_is_a_header(engine: RecordEngine, caller: Caller) -> None:
    content = export(engine, caller, [], ["tst_name"])
    assert content == b'\xef\xbb\xbf"\xe5\x90\x8d\xe7\xa7\xb0"\r\n'
    assert audited(engine)[-1]["details"]["count"] == 0


def test_it_is_audited_before_the_first_byte_and_at_the_end(
    engine: RecordEngine, caller: Caller
) -> None:
    ids = create(engine, caller, PERSON, {"tst_name": "神戸 𠮷子"})
    before = len(audited(engine))
    pieces = iter(Export(engine, caller, order(ids, COLUMNS, format="csv_cp932", view="tst_view")))
    first = next(pieces)
    (started,) = audited(engine)[before:]
    assert started["outcome"] == "started"
    content = first + b"".join(pieces)
    _, ended = audited(engine)[before:]
    assert (ended["outcome"], ended["entity"], ended["by"]) == ("ok", THING, caller.name)
    assert (ended["attributes"], ended["purpose"]) == (list(COLUMNS), "協力者との調整")
    assert ended["details"] == {
        "view": "tst_view",
        "personal": ["tst_email", "tst_phone"],
        "recipient": "つなぐラボ",
        "format": "csv_cp932",
        "count": 2,
        "replaced": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert "hanako" not in str(audited(engine))


def test_broken_off_the_audit_says_what_had_left(engine: RecordEngine, caller: Caller) -> None:
    """The reader goes away after the second of three pieces."""
    ids = create(engine, caller, *({"tst_name": f"{n}番"} for n in range(1500)))
    export = Export(engine, caller, order(ids, ["tst_name"]))
    pieces: Iterator[bytes] = iter(export)
    content = b"".join(islice(pieces, 2))
    pieces.close()  # type: ignore[attr-defined]
    ended = audited(engine)[-1]
    assert ended["outcome"] == "aborted"
    assert ended["details"]["count"] == CHUNK == content.count(b"\r\n") - 1
    assert ended["details"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_what_does_not_open_ends_the_export(engine: RecordEngine, caller: Caller) -> None:
    """Never a blank in its place."""
    ids = create(engine, caller, PERSON, PERSON)
    table = engine.catalog.tables.entities[THING]
    with engine.database.reading() as connection:
        found = connection.execute(table.select().where(table.c.id == ids[1])).one()
    sealed = found.tst_email
    spoilt = update(table).where(table.c.id == ids[1]).values(tst_email=sealed[:-2] + sealed[:2])
    engine.database.run(lambda transaction: transaction.write(spoilt))
    with pytest.raises(BadTag):
        export(engine, caller, ids, COLUMNS)
    assert audited(engine)[-1]["outcome"] == "failed"
    assert audited(engine)[-1]["details"]["count"] == 0


def test_a_key_destroyed_is_told_in_either_encoding(engine: RecordEngine, caller: Caller) -> None:
    ids = create(engine, caller, {**PERSON, "tst_name": "𠮷子", "tst_secret_integer": 7})
    table = engine.catalog.tables.entities[THING]
    with engine.database.reading() as connection:
        key_id = int.from_bytes(
            connection.execute(table.select().where(table.c.id == ids[0])).one().tst_email[1:9]
        )
    engine.keyring.destroy({key_id})
    for encoding, format, name in (("utf-8-sig", "csv", "𠮷子"), ("cp932", "csv_cp932", "〓子")):
        content = export(engine, caller, ids, (*COLUMNS, "tst_secret_integer"), format=format)
        assert cells(content, encoding)[1] == [name, "#SHREDDED", "#SHREDDED", "#SHREDDED"]


@pytest.mark.parametrize("rights", [MASKED, ONE])
def test_who_may_not_unmask_exports_masks(
    engine: RecordEngine, caller: Caller, rights: FieldRights
) -> None:
    ids = create(engine, caller, PERSON)
    reader = member(engine, fields=rights)
    content = export(engine, reader, ids, COLUMNS)
    assert cells(content)[1] == ["花子", "h•••@example.jp", "•••-••••-5678"]
    assert audited(engine)[-1]["by"] == reader.name


def test_who_may_not_read_is_refused_or_gets_the_rest(
    engine: RecordEngine, caller: Caller
) -> None:
    ids = create(engine, caller, PERSON)
    blind = member(engine, fields=FieldRights())
    before = len(audited(engine))
    with pytest.raises(AccessDenied):
        export(engine, blind, ids, COLUMNS)
    assert len(audited(engine)) == before
    content = export(engine, blind, ids, ())
    assert b"hanako" not in content
    offered = engine.stream(blind, order(ids, ()).query).columns
    assert [one.display_name.ja for one in offered] == cells(content)[0]
    assert not [one for one in offered if one.secured]


def test_who_may_not_export_is_refused(engine: RecordEngine, caller: Caller) -> None:
    ids = create(engine, caller, PERSON)
    others = frozenset(Miscellaneous) - {Miscellaneous.EXPORT}
    with pytest.raises(AccessDenied):
        Export(engine, member(engine, miscellaneous=others), order(ids, ["tst_name"]))
    with pytest.raises(AccessDenied):
        Export(engine, member(engine, privileges={}), order(ids, ["tst_name"]))


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        ({"purpose": " \t"}, [("purpose", "required")]),
        ({"recipient": ""}, [("recipient", "required")]),
        (
            {"purpose": "あ" * 201, "recipient": ""},
            [("purpose", "too_long"), ("recipient", "required")],
        ),
    ],
)
def test_purpose_and_recipient_are_stated(
    engine: RecordEngine, caller: Caller, stated: dict[str, str], codes: list[tuple[str, str]]
) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        Export(engine, caller, order([], ["tst_name"], **stated))
    assert [(p.attribute, p.code) for p in refusal.value.problems] == codes


def test_there_are_three_formats(engine: RecordEngine, caller: Caller) -> None:
    for format in ("utf-8", "csv-cp932", "xls", "CSV", ""):
        with pytest.raises(DefinitionError):
            Export(engine, caller, order([], ["tst_name"], format=format))


def test_progress_is_told(engine: RecordEngine, caller: Caller) -> None:
    ids = create(engine, caller, *({"tst_name": str(n)} for n in range(2100)))
    told: list[int] = []
    assert list(Export(engine, caller, order(ids, ["tst_name"]), progress=told.append))
    assert told == [*range(0, 2100, CHUNK), 2100]


def test_it_is_of_one_moment(engine: RecordEngine, caller: Caller) -> None:
    """What is deleted or made meanwhile changes nothing in it."""
    ids = create(engine, caller, *({"tst_name": str(n)} for n in range(1200)))
    asked = order(None, ["tst_name"])
    before = len(cells(b"".join(Export(engine, caller, asked))))
    pieces = iter(Export(engine, caller, asked))
    content = next(pieces) + next(pieces)
    gone = [Deletion(one) for one in ids[-3:]]
    engine.run(lambda service: service.delete_multiple(caller, THING, gone))
    create(engine, caller, {"tst_name": "あとから"})
    assert len(cells(content + b"".join(pieces))) == before
