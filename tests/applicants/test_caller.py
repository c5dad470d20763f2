"""An applicant is a caller who reaches one record, and of it what the form states, while it is so:
the engine holds to that, whatever a page asks it for. On both databases."""

from collections.abc import Callable, Iterator
from itertools import product
from uuid import UUID, uuid4

import pytest

from models.metadata.errors import AccessDenied, RecordNotFound, ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.changes import Change, Deletion
from models.records.service import RecordService
from models.security import applicants
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege
from tests.admin_views.office import ENTITY, application
from tests.applicants.town import COMPLETED, IN_PROGRESS, RECEIVED, WITHDRAWN, City

Made = Callable[[City, UUID], Caller]
STAGES = range(1, 8)
STATUSES = (RECEIVED, IN_PROGRESS, COMPLETED, WITHDRAWN, 6)
UNREACHED = (AccessDenied, RecordNotFound)
KINDS: dict[str, Made] = {
    "reading": lambda city, record: applicants.reading(
        city.form, city.engine.catalog.entity(ENTITY), record
    ),
    "correcting": lambda city, record: applicants.correcting(city.form, record),
    "readdressing": lambda city, record: applicants.readdressing(city.form, record),
    "withdrawing": lambda city, record: applicants.withdrawing(city.form, record),
}
SETS = {
    "reading": set[str](),
    "readdressing": {"kobe_email"},
    "withdrawing": {"statuscode"},
    "correcting": {
        *("kobe_organizationname", "kobe_nickname", "kobe_phone", "kobe_websiteurl"),
        *("kobe_facebookurl", "kobe_twitteraccount", "kobe_catchphrase", "kobe_category"),
        "kobe_body",
    },
}
VALUES: dict[str, object] = {
    "kobe_email": "new@example.jp",
    "kobe_phone": "078-331-8183",
    "statuscode": WITHDRAWN,
    "kobe_category": 927000003,
    "kobe_stage": 2,
    "kobe_websiteurl": "https://www.example.jp/",
    "kobe_facebookurl": "https://www.example.jp/",
}


@pytest.fixture(scope="module")
def record(either_city: City) -> UUID:
    return either_city.apply(kobe_email="caller.law@example.jp")


@pytest.fixture(scope="module")
def other(either_city: City) -> UUID:
    return either_city.apply(kobe_email="caller.other@example.jp")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def caller(either_city: City, record: UUID, kind: str) -> Caller:
    return KINDS[kind](either_city, record)


class _TakenBack(Exception):
    """What was tried is not kept."""


def tried(city: City, act: Callable[[RecordService], object]) -> type[Exception] | None:
    """How it was refused, if it was; nothing of it stays."""

    def work(service: RecordService) -> None:
        act(service)
        raise _TakenBack

    try:
        city.engine.run(work)
    except _TakenBack:
        return None
    except Exception as refused:
        return type(refused)
    raise AssertionError("it was kept")


def test_no_other_record_is_reached_by_anything(
    either_city: City, caller: Caller, other: UUID
) -> None:
    acts: list[Callable[[RecordService], object]] = [
        lambda s: s.retrieve(caller, ENTITY, other, columns=["kobe_nickname"]),
        lambda s: s.update_multiple(caller, ENTITY, [Change(other, {"kobe_nickname": "x"})]),
        lambda s: s.update_multiple(caller, ENTITY, [Change(other, {"statuscode": WITHDRAWN})]),
        lambda s: s.update_multiple(caller, ENTITY, [Change(other, {"kobe_email": "x@y.jp"})]),
        lambda s: s.delete_multiple(caller, ENTITY, [Deletion(other)]),
        lambda s: s.assign_multiple(caller, ENTITY, [other], owner=uuid4()),
        lambda s: s.reveal(caller, ENTITY, other, "kobe_email", purpose="x"),
    ]
    assert [one for one in (tried(either_city, act) for act in acts) if one not in UNREACHED] == []


def test_a_list_holds_that_record_and_no_other(
    either_city: City, record: UUID, other: UUID, kind: str
) -> None:
    caller = KINDS[kind](either_city, record)
    query = Query(entity=ENTITY, columns=("kobe_nickname",), count=True)
    if kind != "reading":
        assert tried(either_city, lambda s: s.retrieve_multiple(caller, query)) is AccessDenied
        return
    page = either_city.engine.run(lambda s: s.retrieve_multiple(caller, query))
    assert ([one["id"] for one in page.records], page.count) == ([record], 1)
    named = Query(entity=ENTITY, columns=("kobe_nickname",), ids=(other,))
    assert either_city.engine.run(lambda s: s.retrieve_multiple(caller, named)).records == []


def test_no_search_tells_of_others(either_city: City, record: UUID) -> None:
    caller = KINDS["reading"](either_city, record)
    for value in ("caller.other@example.jp", "nobody@example.jp"):
        wanted = Filter((Condition("kobe_email", Operator.EQUAL, value),))
        query = Query(entity=ENTITY, columns=("kobe_nickname",), filter=wanted, count=True)
        page = either_city.engine.run(lambda s, q=query: s.retrieve_multiple(caller, q))  # type: ignore[misc]
        assert (page.records, page.count) == ([], 0)


def test_nothing_else_is_read(either_city: City, record: UUID, caller: Caller, kind: str) -> None:
    """Neither as a column nor as a question."""
    entity = either_city.engine.catalog.entity(ENTITY)
    hidden = {"ownerid", "owningbusinessunit", "createdby", "modifiedby", "kobe_stagesince"}
    hidden |= {"kobe_purposeversion", "statecode", "modifiedon"}
    for name in hidden if kind == "reading" else entity.attributes:
        asked = Query(entity=ENTITY, columns=(name,))
        assert (
            tried(either_city, lambda s, q=asked: s.retrieve_multiple(caller, q)) is AccessDenied
        )  # type: ignore[misc]
        by = Query(entity=ENTITY, columns=("kobe_nickname",), order=(Order(name),))
        assert tried(either_city, lambda s, q=by: s.retrieve_multiple(caller, q)) is not None  # type: ignore[misc]
    if kind == "reading":
        seen = either_city.engine.run(lambda s: s.retrieve(caller, ENTITY, record))
        assert not hidden & seen.keys()


def test_nothing_else_is_written(
    either_city: City, record: UUID, caller: Caller, kind: str
) -> None:
    """Every attribute there is, one by one, and each beside what is allowed."""
    entity = either_city.engine.catalog.entity(ENTITY)
    written = set()
    for name in entity.attributes:
        change = Change(record, {name: VALUES.get(name, "新しい値")})
        if tried(either_city, lambda s, c=change: s.update_multiple(caller, ENTITY, [c])) is None:  # type: ignore[misc]
            written.add(name)
        for allowed in sorted(SETS[kind])[:1]:
            if name in SETS[kind]:
                continue
            both = Change(record, {allowed: VALUES.get(allowed, "x"), **change.values})
            assert tried(either_city, lambda s, c=both: s.update_multiple(caller, ENTITY, [c]))  # type: ignore[misc]
    assert written == SETS[kind]


@pytest.mark.parametrize("entity", ["kobe_hearing", "kobe_application_activity"])
def test_no_other_entity_is_reached(either_city: City, caller: Caller, entity: str) -> None:
    for privilege in Privilege:
        assert not caller.has(entity, privilege)
    assert tried(either_city, lambda s: s.retrieve_multiple(caller, Query(entity=entity)))


def test_there_are_no_further_rights(either_city: City, caller: Caller, kind: str) -> None:
    assert [one for one in Miscellaneous if caller.may(one)] == []
    may = {one for one in Privilege if caller.has(ENTITY, one)}
    assert may <= {Privilege.READ, Privilege.WRITE}
    assert (Privilege.WRITE in may) == (kind != "reading")
    values = [application()]
    assert tried(either_city, lambda s: s.create_multiple(caller, ENTITY, values)) is AccessDenied


@pytest.mark.parametrize("status", [1, *STATUSES])
def test_who_withdraws_gives_no_other_status(either_city: City, record: UUID, status: int) -> None:
    caller = KINDS["withdrawing"](either_city, record)
    for value in (status, str(status)):
        change = Change(record, {"statuscode": value})
        refused = tried(either_city, lambda s, c=change: s.update_multiple(caller, ENTITY, [c]))  # type: ignore[misc]
        assert (refused is None) == (status == WITHDRAWN), value


def test_no_status_is_given_by_its_name(either_city: City, record: UUID) -> None:
    caller = KINDS["withdrawing"](either_city, record)
    for value in ("完了", "Completed", None, ""):
        change = Change(record, {"statuscode": value})
        assert tried(either_city, lambda s, c=change: s.update_multiple(caller, ENTITY, [c]))  # type: ignore[misc]


def moments() -> Iterator[tuple[int, int]]:
    yield from product(STATUSES, STAGES)


def test_each_act_is_open_while_the_form_says_so_and_no_longer(either_city: City) -> None:
    """Status × stage × act; the clause of the change itself decides."""
    found, meant = {}, {}
    record = either_city.apply(kobe_email="moments@example.jp")
    table = either_city.engine.catalog.tables.entities[ENTITY]
    for status, stage in moments():
        moved = table.update().where(table.c.id == record)
        moved = moved.values(statuscode=status, kobe_stage=stage)
        either_city.engine.database.run(lambda t, m=moved: t.write(m))  # type: ignore[misc]
        for kind, values in (
            ("correcting", {"kobe_nickname": "x"}),
            ("readdressing", {"kobe_email": "x@example.jp"}),
            ("withdrawing", {"statuscode": WITHDRAWN}),
        ):
            caller, change = KINDS[kind](either_city, record), Change(record, values)
            refused = tried(
                either_city,
                lambda s, w=caller, c=change: s.update_multiple(w, ENTITY, [c]),  # type: ignore[misc]
            )
            found[kind, status, stage] = refused is None
            is_open = status in (RECEIVED, IN_PROGRESS)
            meant[kind, status, stage] = is_open and (kind == "withdrawing" or stage in (1, 2))
    assert found == meant


def test_validation_is_as_for_everyone(either_city: City, record: UUID) -> None:
    caller = KINDS["correcting"](either_city, record)
    for values in ({"kobe_nickname": None}, {"kobe_phone": "x"}, {"kobe_category": 1}):
        change = Change(record, values)
        refused = tried(either_city, lambda s, c=change: s.update_multiple(caller, ENTITY, [c]))  # type: ignore[misc]
        assert refused is ValidationFailed
