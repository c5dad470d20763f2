"""The law of validation: every rule of the definitions, every problem at once, nothing written.

What is refused says why in both languages and never repeats the value.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.metadata.attribute_types import FileValue, InvalidValue, type_of
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.query import Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.office import system

GIVEN: Mapping[str, Any] = {"tst_short": "短い文", "tst_agreed": True}
REFUSED: list[tuple[str, Any, str]] = [
    ("tst_short", "六文字の長さ", "too_long"),
    ("tst_short", "😀" * 6, "too_long"),
    ("tst_short", "二\n行", "one_line"),
    ("tst_short", "鈴\x07", "control_characters"),
    ("tst_short", "\ud800", "control_characters"),
    ("tst_long", "あ\r\n" * 7, "too_long"),
    ("tst_age", -1, "minimum"),
    ("tst_age", "百", "integer"),
    ("tst_age", 151, "maximum"),
    ("tst_age", 2**40, "maximum"),
    ("tst_age", 1.5, "integer"),
    ("tst_age", True, "integer"),
    ("tst_age", "1e999999", "integer"),
    ("tst_share", "0.4", "minimum"),
    ("tst_share", Decimal("99.6"), "maximum"),
    ("tst_share", "10.25", "precision"),
    ("tst_share", "NaN", "number"),
    ("tst_price", "100.5", "precision"),
    ("tst_price", 10**30, "maximum"),
    ("tst_agreed", "たぶん", "boolean"),
    ("tst_color", 4, "unknown_option"),
    ("tst_color", "紫", "unknown_option"),
    ("tst_colors", [1, 4], "unknown_option"),
    ("statuscode", 99, "unknown_option"),
    ("tst_day", "2026-02-29", "date"),
    ("tst_moment", "正午", "time"),
    ("tst_hour", "0001-01-01T00:00", "time"),
    ("tst_moment", "9999-12-31T23:59:59-12:00", "time"),
    ("tst_moment", "9999-12-31T20:00:00Z", "time"),
    ("tst_ident", "識別子", "identifier"),
    ("tst_address", "taro@", "email"),
    ("tst_address", "taro@example.jp\nBcc: jiro@example.jp", "one_line"),
    ("tst_call", "110番", "phone"),
    ("tst_site", "javascript:alert(1)", "url"),
    ("tst_site", "https://", "url"),
    ("tst_paper", "書類.pdf", "file"),
    ("tst_paper", FileValue("大.pdf", "application/pdf", bytes(10 * 2**20 + 1)), "file_too_large"),
    ("tst_ticket", "A-1", "read_only"),
    ("createdon", datetime(2026, 4, 1, tzinfo=UTC), "read_only"),
    ("ownerid", UUID(int=1), "read_only"),
    ("versionnumber", 7, "read_only"),
    ("tst_unknown", "何か", "unknown_attribute"),
    ("tst_whose", UUID(int=1), "no_such_record"),
    ("tst_whose", "誰か", "identifier"),
]
TAKEN: list[tuple[str, Any, Any]] = [
    ("tst_short", "😀" * 5, "😀" * 5),
    ("tst_short", "が" * 5, "が" * 5),
    ("tst_short", "  全角　 ", "全角"),
    ("tst_long", "あ\r\n" * 6, "あ\n" * 6),
    ("tst_long", "  行頭の空白\n", "  行頭の空白\n"),
    ("tst_long", " \n ", None),
    ("tst_age", "１５０", 150),
    ("tst_age", "0", 0),
    ("tst_share", "99.50", Decimal("99.5")),
    ("tst_share", Decimal("0.5"), Decimal("0.5")),
    ("tst_price", "9,223,372,036,854,775,807", Decimal(2**63 - 1)),
    ("tst_price", -(2**63 - 1), Decimal(-(2**63 - 1))),
    ("tst_agreed", "いいえ", False),
    ("tst_color", "赤", 1),
    ("tst_color", None, 2),
    ("tst_colors", "Green;1;1", (1, 3)),
    ("tst_colors", [], None),
    ("tst_day", "2026/04/01", date(2026, 4, 1)),
    ("tst_day", date.min, date.min),
    ("tst_day", date.max, date.max),
    ("tst_moment", "2026-04-01 13:30", datetime(2026, 4, 1, 13, 30, tzinfo=UTC)),
    ("tst_hour", "2026-04-01 13:30", datetime(2026, 4, 1, 4, 30, tzinfo=UTC)),
    (
        "tst_moment",
        datetime(2, 1, 1, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=-12))),
        datetime(2, 1, 1, 12, 0, 0, 1, tzinfo=UTC),
    ),
    ("tst_moment", "9998-12-31T23:59:59.999999Z", datetime(9998, 12, 31, 23, 59, 59, 999999, UTC)),
    ("tst_ident", "{12345678-1234-5678-1234-567812345678}", UUID("12345678" + "12345678" * 3)),
    ("tst_ident", UUID(int=2**128 - 1), UUID(int=2**128 - 1)),
    ("tst_address", "taro.@docomo.ne.jp", "taro.@docomo.ne.jp"),
    ("tst_address", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
    ("tst_call", "０７８ー３３１―８１８１", "078-331-8181"),
    ("tst_site", "https://例え.jp/神戸", "https://例え.jp/神戸"),
    ("tst_paper", FileValue("", "", b""), FileValue("", "", b"")),
    (
        "tst_paper",
        FileValue("../秘密/表.pdf", "application/pdf", bytes(range(256))),
        FileValue(".._秘密_表.pdf", "application/pdf", bytes(range(256))),
    ),
]


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return system(engine)


def problems_of(engine: RecordEngine, caller: Caller, *batch: Mapping[str, Any]) -> list[Problem]:
    query = Query(entity="tst_limit", count=True)
    before = engine.run(lambda s: s.retrieve_multiple(caller, query)).count
    with pytest.raises(ValidationFailed) as refusal:
        engine.run(lambda s: s.create_multiple(caller, "tst_limit", batch))
    assert engine.run(lambda s: s.retrieve_multiple(caller, query)).count == before
    return list(refusal.value.problems)


@pytest.mark.parametrize(("name", "value", "code"), REFUSED)
def test_a_value_that_breaks_a_rule_is_refused_by_its_name(
    engine: RecordEngine, caller: Caller, name: str, value: Any, code: str
) -> None:
    [problem] = problems_of(engine, caller, {**GIVEN, name: value})
    assert (problem.attribute, problem.code, problem.record) == (name, code, 0)
    for language in ("ja", "en"):
        text = problem.text(language)
        assert text
        assert not (isinstance(value, str) and len(value) > 8 and value in text)


@pytest.mark.parametrize(("name", "value", "kept"), TAKEN)
def test_a_value_at_the_limit_is_kept_in_its_one_spelling(
    engine: RecordEngine, caller: Caller, name: str, value: Any, kept: Any
) -> None:
    values = {**GIVEN, name: value}
    [one] = engine.run(lambda s: s.create_multiple(caller, "tst_limit", [values]))
    assert engine.run(lambda s: s.retrieve(caller, "tst_limit", one))[name] == kept
    again = Change(one, {name: kept})
    if kept is not None:
        engine.run(lambda s: s.update_multiple(caller, "tst_limit", [again]))
        assert engine.run(lambda s: s.retrieve(caller, "tst_limit", one))[name] == kept


def test_every_problem_of_every_record_is_reported_at_once(
    engine: RecordEngine, caller: Caller
) -> None:
    """Rules, what is missing, and lookups that lead nowhere: one answer for all of it."""
    bad = {name: value for name, value, _ in REFUSED if name not in {"tst_short", "tst_agreed"}}
    problems = problems_of(engine, caller, GIVEN, bad, {"tst_whose": uuid4(), "tst_age": "x"})
    last_of = {name: code for name, _, code in REFUSED}
    expected = {(1, name, last_of[name]) for name in bad}
    expected |= {(number, "tst_short", "required") for number in (1, 2)}
    expected |= {(number, "tst_agreed", "choose") for number in (1, 2)}
    expected |= {(2, "tst_whose", "no_such_record"), (2, "tst_age", "integer")}
    assert {(one.record, one.attribute, one.code) for one in problems} == expected
    assert len(problems) == len(expected)


def test_a_change_is_held_to_the_same_rules(engine: RecordEngine, caller: Caller) -> None:
    [one] = engine.run(lambda s: s.create_multiple(caller, "tst_limit", [GIVEN]))
    bad = {"tst_short": " ", "tst_agreed": None, "statuscode": None, "tst_whose": uuid4()}
    with pytest.raises(ValidationFailed) as refusal:
        engine.run(lambda s: s.update_multiple(caller, "tst_limit", [Change(one, bad)]))
    assert {(p.attribute, p.code) for p in refusal.value.problems} == {
        ("tst_short", "required"),
        ("tst_agreed", "choose"),
        ("statuscode", "choose"),
        ("tst_whose", "no_such_record"),
    }
    assert engine.run(lambda s: s.retrieve(caller, "tst_limit", one))["versionnumber"] == 1


def test_a_status_reason_brings_its_state(engine: RecordEngine, caller: Caller) -> None:
    batch = [GIVEN, {**GIVEN, "statuscode": 2}]
    ids = engine.run(lambda s: s.create_multiple(caller, "tst_limit", batch))
    changes = [Change(ids[0], {"statuscode": "完了"}), Change(ids[1], {"statuscode": 1})]

    def states() -> list[tuple[object, object]]:
        found = [engine.run(lambda s, r=one: s.retrieve(caller, "tst_limit", r)) for one in ids]
        return [(one["statuscode"], one["statecode"]) for one in found]

    assert states() == [(1, 0), (2, 1)]
    engine.run(lambda s: s.update_multiple(caller, "tst_limit", changes))
    assert states() == [(2, 1), (1, 0)]


def test_what_no_search_could_spell_is_refused_where_one_searches(engine: RecordEngine) -> None:
    """Half-width marks are one each in the form that is kept, and a run of them in the other."""
    plain = engine.catalog.entity("tst_person").attributes["tst_fullname"]
    plain = replace(plain, max_length=100)
    marks = "花" + "ﾞ" * 40
    assert type_of(plain).parse(plain, marks) == marks
    searched = replace(plain, index="text")
    with pytest.raises(InvalidValue, match="control_characters"):
        type_of(searched).parse(searched, marks)
