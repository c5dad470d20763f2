"""The law of secured attributes: field permissions hold for questions as they do for answers.

Every combination of rights × every use of an attribute × every kind of secured attribute, against
an oracle of a few lines; and who may not ask gets one answer to a right guess and to a wrong one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from models.metadata.query import Condition, Filter, Link, Operator, Order, Query
from models.records import selecting
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.masking import mask_email, mask_phone
from models.security.privileges import FieldRights, Unmasked
from tests.models.office import member, system
from tests.models.outcomes import DENIED, DONE, outcome, result_of

RIGHTS = [
    FieldRights(read=read, unmasked=unmasked, create=create, update=update)
    for read, unmasked, create, update in product(
        (False, True), Unmasked, (False, True), (False, True)
    )
]


@dataclass(frozen=True)
class Secured:
    """A secured attribute's value, how a masked reader sees it, and a wrong guess at it."""

    value: Any
    masked: str
    wrong: Any
    sealed: bool
    asked_exactly: bool = True


SECURED: Mapping[str, Secured] = {
    "tst_mail": Secured("taro@example.jp", "t•••@example.jp", "jiro@example.jp", sealed=True),
    "tst_tel": Secured("078-331-1234", "•••-••••-1234", "078-331-9876", sealed=True),
    "tst_diary": Secured("通院の記録", "•••", "買い物", sealed=True, asked_exactly=False),
    "tst_grade": Secured(814207, "•••", 5, sealed=False),
    "tst_nickname": Secured("たろちゃん", "た＊", "じろちゃん", sealed=False),
}
Use = Callable[[RecordService, Caller, str, Any], object]


def people(name: str, **more: Any) -> Query:
    return Query(entity="tst_person", columns=("tst_fullname",), count=True, **more)


def asking(name: str, operator: Operator, value: object = None) -> Filter:
    return Filter((Condition(name, operator, value),))


def linked(link: Link) -> Query:
    return Query(entity="tst_note", columns=("tst_heading",), links=(link,), count=True)


ANSWERS: Mapping[str, Use] = {
    "column": lambda s, c, name, _: s.retrieve_multiple(
        c, Query(entity="tst_person", columns=(name,))
    ),
    "linked column": lambda s, c, name, _: s.retrieve_multiple(
        c, linked(Link("tst_about", (name,)))
    ),
    "is there a value": lambda s, c, name, _: s.retrieve_multiple(
        c, people(name, filter=asking(name, Operator.NOT_NULL))
    ),
}
EXACT_QUESTIONS: Mapping[str, Use] = {
    "filter": lambda s, c, name, guess: s.retrieve_multiple(
        c, people(name, filter=asking(name, Operator.EQUAL, guess))
    ),
    "linked filter": lambda s, c, name, guess: s.retrieve_multiple(
        c, linked(Link("tst_about", filter=asking(name, Operator.EQUAL, guess), inner=True))
    ),
    "hidden in an or": lambda s, c, name, guess: s.retrieve_multiple(
        c,
        people(
            name,
            filter=Filter((Filter((asking(name, Operator.EQUAL, guess),), "or"),), "or"),
        ),
    ),
}
WIDE_QUESTIONS: Mapping[str, Use] = {
    "sort": lambda s, c, name, _: s.retrieve_multiple(c, people(name, order=(Order(name),))),
    "range": lambda s, c, name, guess: s.retrieve_multiple(
        c, people(name, filter=asking(name, Operator.GREATER_OR_EQUAL, guess))
    ),
    "one of many": lambda s, c, name, guess: s.retrieve_multiple(
        c, people(name, filter=asking(name, Operator.IN, [guess]))
    ),
    "linked range": lambda s, c, name, guess: s.retrieve_multiple(
        c, linked(Link("tst_about", filter=asking(name, Operator.LESS, guess), inner=True))
    ),
}


@pytest.fixture(scope="module")
def record(engine: RecordEngine) -> UUID:
    maker = system(engine)
    values = {name: one.value for name, one in SECURED.items()}
    [person] = engine.run(
        lambda s: s.create_multiple(maker, "tst_person", [{"tst_fullname": "神戸太郎", **values}])
    )
    note = {"tst_heading": "面談", "tst_about": person}
    engine.run(lambda s: s.create_multiple(maker, "tst_note", [note]))
    return person


@pytest.fixture(scope="module")
def callers(engine: RecordEngine, record: UUID) -> list[tuple[FieldRights, Caller]]:
    return [(rights, member(engine, fields=rights)) for rights in RIGHTS]


def may_ask(rights: FieldRights, use: str) -> bool:
    """Exact questions where one record may be unmasked, wide ones where all are."""
    needed = Unmasked.ONE_RECORD if use in EXACT_QUESTIONS else Unmasked.ALL_RECORDS
    return rights.read and rights.unmasked >= needed


@pytest.mark.parametrize("name", SECURED)
def test_an_answer_shows_what_may_be_read_and_masks_the_rest(
    engine: RecordEngine, callers: list[tuple[FieldRights, Caller]], name: str
) -> None:
    secured = SECURED[name]
    for rights, caller in callers:
        found = {
            use: result_of(engine, lambda s, a=act, c=caller: a(s, c, name, secured.value))
            for use, act in ANSWERS.items()
        }
        if not rights.read:
            assert {type(one).__name__ for one in found.values()} == {DENIED}, rights
            assert str(secured.value) not in repr(found)
            continue
        clear = rights.unmasked is Unmasked.ALL_RECORDS
        shown = secured.value if clear else secured.masked
        assert found["column"].records[0][name] == shown
        assert found["linked column"].records[0][f"tst_about.{name}"] == shown
        assert found["is there a value"].count == 1
        assert clear or str(secured.value) not in repr(found)


@pytest.mark.parametrize("use", [*EXACT_QUESTIONS, *WIDE_QUESTIONS])
@pytest.mark.parametrize("name", SECURED)
def test_a_question_is_answered_to_those_who_may_know_the_value(
    engine: RecordEngine, callers: list[tuple[FieldRights, Caller]], name: str, use: str
) -> None:
    secured, act = SECURED[name], {**EXACT_QUESTIONS, **WIDE_QUESTIONS}[use]
    possible = not secured.sealed or (use in EXACT_QUESTIONS and secured.asked_exactly)
    for rights, caller in callers:
        if rights.create is not rights.update:
            continue  # has no part in it; all or none of it is test enough
        right, wrong = (
            result_of(engine, lambda s, c=caller, g=guess: act(s, c, name, g))
            for guess in (secured.value, secured.wrong)
        )
        if not may_ask(rights, use):
            assert type(right).__name__ == DENIED or not possible, (use, rights)
            assert (type(right), str(right)) == (type(wrong), str(wrong)), (use, rights)
            assert str(secured.value) not in repr(right)
        elif not possible:
            assert type(right).__name__ == "DefinitionError"
        elif use in EXACT_QUESTIONS:
            assert (right.count, wrong.count) == (1, 0)
        else:
            assert right.count is not None


@pytest.mark.parametrize("name", SECURED)
def test_writing_takes_the_right_to_write_and_no_other(
    engine: RecordEngine, callers: list[tuple[FieldRights, Caller]], record: UUID, name: str
) -> None:
    values = {name: SECURED[name].wrong}
    new, changes = {"tst_fullname": "神戸次郎", **values}, [Change(record, values)]
    for rights, caller in callers:
        created = outcome(engine, lambda s, c=caller: s.create_multiple(c, "tst_person", [new]))
        changed = outcome(engine, lambda s, c=caller: s.update_multiple(c, "tst_person", changes))
        assert created == (DONE if rights.create else DENIED)
        assert changed == (DONE if rights.update else DENIED)


def test_what_is_not_asked_for_by_name_leaves_out_what_may_not_be_read(
    engine: RecordEngine, callers: list[tuple[FieldRights, Caller]], record: UUID
) -> None:
    query = Query(entity="tst_person", ids=(record,))
    for rights, caller in callers:
        whole = engine.run(lambda s, c=caller: s.retrieve(c, "tst_person", record))
        stream = engine.stream(caller, query)
        assert set(SECURED) & set(whole) == (set(SECURED) if rights.read else set())
        names = [attribute.logical_name for attribute in stream.columns]
        [row] = [row for chunk in stream for row in chunk]
        assert dict(zip(names, row, strict=True)) == {n: whole[n] for n in names}


@pytest.mark.parametrize("name", SECURED)
def test_reveal_gives_one_value_to_those_who_may_unmask_one(
    engine: RecordEngine, callers: list[tuple[FieldRights, Caller]], record: UUID, name: str
) -> None:
    for rights, caller in callers:
        found = result_of(
            engine,
            lambda s, c=caller: s.reveal(c, "tst_person", record, name, purpose="本人への連絡"),
        )
        allowed = rights.read and rights.unmasked >= Unmasked.ONE_RECORD
        assert found == SECURED[name].value if allowed else type(found).__name__ == DENIED
        unprivileged = replace(caller, miscellaneous=frozenset())
        assert (
            outcome(
                engine,
                lambda s, c=unprivileged: s.reveal(c, "tst_person", record, name, purpose="連絡"),
            )
            == DENIED
        )


@pytest.mark.parametrize("name", SECURED)
@pytest.mark.parametrize("operator", [Operator.EQUAL, Operator.NOT_NULL])
def test_a_view_is_closed_to_those_whom_its_links_would_refuse(
    engine: RecordEngine,
    callers: list[tuple[FieldRights, Caller]],
    name: str,
    operator: Operator,
) -> None:
    link = Link("tst_about", filter=asking(name, operator, SECURED[name].value), inner=True)
    if operator is Operator.EQUAL and not SECURED[name].asked_exactly:
        return
    for _, caller in callers:
        answer = outcome(engine, lambda s, c=caller: s.retrieve_multiple(c, linked(link)))
        assert selecting.may_ask(engine.catalog, caller, linked(link)) is (answer == DONE)


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_email, "taro@example.jp", "t•••@example.jp"),
        (mask_email, "t@example.jp", "t•••@example.jp"),
        (mask_email, '"a@b"@example.jp', '"•••@example.jp'),
        (mask_email, "@example.jp", "•••"),
        (mask_email, "書き損じ", "•••"),
        (mask_phone, "078-331-1234", "•••-••••-1234"),
        (mask_phone, "+1 202-456-1414", "•••-••••-1414"),
        (mask_phone, "110", "•••"),
    ],
)
def test_a_mask_shows_no_more_than_its_rule(
    mask: Callable[[str], str], value: str, shown: str
) -> None:
    assert mask(value) == shown
