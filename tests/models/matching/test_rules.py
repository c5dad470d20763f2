"""What rules find is what they say: while entering, by the job, on both databases."""

from dataclasses import replace
from itertools import combinations, count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.matching import coding, finding, grouping
from models.records.matching.texts import one_spelling
from models.security.caller import Caller
from models.tables.matching import CodedRule, MatchCode
from models.tables.record_data import AuditEntry
from tests.laws.statements import counted
from tests.models.matching.plainly import alike, spelt
from tests.models.office import member, system

APPLICANT = "tst_applicant"
TOWNS = count()
WAYS = (
    "ガッコウ", "がっこう", "ｶﾞｯｺｳ", "が っ こ う", "がっこー", "ガッコ－", "がっこ〜",
    "ＡＢＣ会", "abc会", "Abc・会", "株式会社　神戸", "株式会社神戸", "サーバー", "さーば", "ｻｰﾊﾞ",
    "ヴァイオリン", "ゔぁいおりん", "葛󠄀城", "葛城", "・", "", "会",
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(WAYS), st.text("かカｶ゛ﾞーｰ-− 　aAａ・神", max_size=4), st.text(max_size=6)
)
MAILS = st.sampled_from(
    ["", "hana@example.jp", "HANA@example.jp", "ｈａｎａ@example.jp", "taro@example.jp"]
)
PEOPLE = st.lists(st.tuples(NAMES, MAILS), min_size=2, max_size=6)


@pytest.fixture(scope="module")
def clerk(engine: RecordEngine) -> Caller:
    return member(engine)


def applicant(name: str, mail: str, town: str) -> dict[str, object]:
    return {"tst_applicantname": name, "tst_applicantmail": mail, "tst_town": town}


def create(engine: RecordEngine, caller: Caller, *batch: dict[str, object]) -> list[UUID]:
    return engine.run(lambda s: s.create_multiple(caller, APPLICANT, batch))


def told(engine: RecordEngine, caller: Caller, values: dict[str, object]) -> dict[str, set[UUID]]:
    found = engine.run(lambda s: finding.like_new(s, caller, APPLICANT, values))
    return {one.rule.name: {record["id"] for record in one.records} for one in found}


@given(text=st.one_of(NAMES, st.text()))
@example(text="ヷヸヹヺヽヾヵヶ")
@example(text="ẞß ﬃ ①㈱㌔")
def test_a_text_has_one_spelling(text: str) -> None:
    assert one_spelling(text) == spelt(text)
    assert one_spelling(one_spelling(text)) == one_spelling(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ガッコウ", "ｶﾞｯｺｳ"),
        ("ガッコウ", "がっこう"),
        ("コーヒー", "こ−ひ−"),
        ("神戸 太郎", "神戸　太郎"),
        ("ＫＯＢＥ", "kobe"),
        ("か\u3099", "が"),
        ("NPO法人・はな", "ＮＰＯ法人はな"),
    ],
)
def test_ways_of_typing_are_one(one: str, other: str) -> None:
    assert one_spelling(one) == one_spelling(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("はは", "ばば"), ("きゃく", "きやく"), ("神戸", "神奈")]
)
def test_other_words_are_others(one: str, other: str) -> None:
    assert one_spelling(one) != one_spelling(other)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],  # an example costs a tenth of a second
)
@given(people=PEOPLE)
def test_what_is_found_is_what_the_rule_says(
    engine: RecordEngine, clerk: Caller, people: list[tuple[str, str]]
) -> None:
    town = f"{next(TOWNS)}丁目"
    batch = [applicant(name, mail, town) for name, mail in people if _is_storable(name)]
    if not batch:
        return
    *others, last = batch
    ids = create(engine, clerk, *others) if others else []
    found = told(engine, clerk, last)
    ids += create(engine, clerk, last)
    for rule in engine.catalog.duplicate_rules.values():
        expected = {
            record for record, one in zip(ids, others, strict=False) if alike(rule.name, one, last)
        }
        assert found.get(rule.name, set()) == expected, rule.name
        pairs = {pair for pair in grouping.pairs(engine, rule) if set(pair) <= set(ids)}
        assert {frozenset(pair) for pair in pairs} == {
            frozenset((first, second))
            for (first, one), (second, other) in combinations(zip(ids, batch, strict=True), 2)
            if alike(rule.name, one, other)
        }


def _is_storable(name: str) -> bool:
    return not any(ord(one) < 32 or ord(one) == 127 or 0xD800 <= ord(one) < 0xE000 for one in name)


def test_a_change_is_found_by_what_it_changes(engine: RecordEngine, clerk: Caller) -> None:
    town = f"{next(TOWNS)}丁目"
    first, second = create(
        engine, clerk, applicant("はな", "", town), applicant("たろう", "", town)
    )

    def like(record: UUID, **values: object) -> set[str]:
        found = engine.run(
            lambda s: finding.like_changed(s, clerk, APPLICANT, record, values=values)
        )
        assert all(record != one["id"] for each in found for one in each.records)
        return {each.rule.name for each in found}

    assert like(second, tst_applicantname="ハナ") == {
        "tst_same_name", "tst_name_begins", "tst_name_ends", "tst_same_or_none",
    }  # fmt: skip
    assert like(second, tst_applicantphone="078-331-8181") == set()
    engine.run(
        lambda s: s.update_multiple(clerk, APPLICANT, [Change(first, {"tst_applicantname": "花"})])
    )
    assert like(second, tst_applicantname="ハナ") == set()
    assert like(second, tst_applicantname="花")


def test_the_inactive_count_where_the_rule_says_so(engine: RecordEngine, clerk: Caller) -> None:
    town = f"{next(TOWNS)}丁目"
    values = applicant("はな", "hana@example.jp", town)
    create(engine, clerk, values | {"statuscode": 3})
    assert set(told(engine, clerk, values)) == {"tst_same_mail"}


def test_codes_are_made_for_what_was_there_before(engine: RecordEngine, clerk: Caller) -> None:
    town = f"{next(TOWNS)}丁目"
    [record] = create(engine, clerk, applicant("はな", "", town))
    forget_codes(engine)
    assert told(engine, clerk, applicant("ハナ", "", town)).keys() == {"tst_same_or_none"}
    assert coding.code_all(engine) > 0
    assert told(engine, clerk, applicant("ハナ", "", town))["tst_same_name"] == {record}
    assert coding.code_all(engine) == 0, "once"


def forget_codes(engine: RecordEngine) -> None:
    for table in (CodedRule, MatchCode):
        engine.database.run(lambda t, table=table: t.write(table.__table__.delete()))


def test_what_was_found_is_a_search_in_the_audit(engine: RecordEngine, clerk: Caller) -> None:
    values = applicant("はな", "hana@example.jp", f"{next(TOWNS)}丁目")
    create(engine, system(engine), values)
    before = searches(engine)
    told(engine, clerk, values)
    assert len(searches(engine)) - len(before) == 2, "two rules compare the e-mail address"
    assert "hana@" not in "".join(searches(engine))


def searches(engine: RecordEngine) -> list[str]:
    statement = select(AuditEntry.body).where(AuditEntry.action == "search")
    with engine.database.reading() as connection:
        return list(connection.scalars(statement))


def test_the_public_is_told_nothing_not_by_the_work_it_takes(
    engine: RecordEngine, clerk: Caller
) -> None:
    """A public form's record takes the same statements, whether or not there is one like it."""
    known = applicant("はな", "hana@example.jp", f"{next(TOWNS)}丁目")
    create(engine, system(engine), known)
    public = replace(clerk, kind="public")
    taken = []
    for values in (known, applicant("たろう", "taro@example.jp", "ほかの町"), known):
        with counted() as seen:
            create(engine, public, values)
        taken.append([statement.split(" ", 3)[:3] for statement in seen])
    assert taken[1] == taken[2], "the first may fetch a key besides"
