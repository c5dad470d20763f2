"""A view is live once two people said so, exactly as they saw it, and until one takes it back."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from admin_views.publication import deciding
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    RecordNotFound,
    ValidationFailed,
)
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security import publications
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Miscellaneous, Privilege
from models.tables.base import new_id
from models.tables.publications import (
    APPROVED,
    CLOSED,
    REQUESTED,
    RETURNED,
    WITHDRAWN,
    Publication,
)
from packager.installing import install, install_audited
from tests.models.office import account
from tests.public_views.intake import Intake
from tests.publication.town import (
    ENTITY,
    LIST,
    OFFICE,
    VIEW,
    approve,
    approver,
    end_all,
    fingerprint,
    publish,
    requested,
    requester,
    visitor,
    withdraw,
)
from tests.support.auditing import entries
from tests.support.crowd import at_once

MANY = 20
EVERY_ADDRESS = (LIST, f"{LIST}/feed.atom", f"{LIST}/records.json")


@pytest.fixture
def engine(either_town: Intake) -> Iterator[RecordEngine]:
    """With nothing public before and after."""
    found = either_town.engine
    end_all(found)
    yield found
    end_all(found)


def states(engine: RecordEngine, publication: UUID) -> str:
    statement = select(Publication.state).where(Publication.id == publication)
    with engine.database.reading() as connection:
        return str(connection.scalar(statement))


def is_live(town: Intake) -> bool:
    found = {visitor(town).get(path).status_code for path in EVERY_ADDRESS}
    assert found in ({200}, {404})
    assert (LIST in visitor(town).get("/").text) == (found == {200})
    return found == {200}


def test_it_is_live_with_the_second_person_and_not_before(
    either_town: Intake, engine: RecordEngine
) -> None:
    assert not is_live(either_town), "an import alone publishes nothing"
    publication = requested(engine)
    assert not is_live(either_town)
    approve(engine, publication)
    assert is_live(either_town)
    withdraw(engine, publication)
    assert not is_live(either_town)
    assert states(engine, publication) == WITHDRAWN


def test_nobody_approves_their_own(either_town: Intake, engine: RecordEngine) -> None:
    both = requester(
        engine,
        miscellaneous=frozenset(
            {Miscellaneous.REQUEST_PUBLICATION, Miscellaneous.APPROVE_PUBLICATION}
        ),
    )
    publication = requested(engine, both)
    with pytest.raises(AccessDenied):
        approve(engine, publication, both)
    with pytest.raises(AccessDenied):
        engine.run(lambda s: deciding.give_back(s, both, publication, reason="理由"))
    assert states(engine, publication) == REQUESTED
    withdraw(engine, publication, both)


def test_the_database_asks_for_two_people_too(engine: RecordEngine) -> None:
    who = requester(engine)
    row: dict[str, Any] = {"id": new_id(), "view": VIEW, "fingerprint": fingerprint(engine)}
    row |= {"state": APPROVED, "requested_by": who.id, "requested_by_name": who.name}
    for decided_by in (None, who.id):
        with pytest.raises(IntegrityError):
            engine.database.run(
                lambda t, by=decided_by: t.write(insert(Publication), [row | {"decided_by": by}])
            )


def test_one_view_has_one_open_publication(engine: RecordEngine) -> None:
    publication = requested(engine)
    with pytest.raises(ConcurrencyConflict):
        requested(engine)
    approve(engine, publication)
    with pytest.raises(ConcurrencyConflict):
        requested(engine)


@pytest.mark.parametrize("act", ["request", "approve", "return", "withdraw"])
def test_who_lacks_the_privilege_does_nothing(engine: RecordEngine, act: str) -> None:
    publication = requested(engine)
    acts: dict[str, Callable[[RecordService, Caller], object]] = {
        "request": lambda s, who: deciding.request(s, who, VIEW, fingerprint=fingerprint(engine)),
        "approve": lambda s, who: deciding.approve(s, who, publication),
        "return": lambda s, who: deciding.give_back(s, who, publication, reason="理由"),
        "withdraw": lambda s, who: deciding.withdraw(s, who, publication),
    }
    needed = {
        "request": {Miscellaneous.REQUEST_PUBLICATION},
        "withdraw": {Miscellaneous.REQUEST_PUBLICATION, Miscellaneous.APPROVE_PUBLICATION},
    }.get(act, {Miscellaneous.APPROVE_PUBLICATION})
    others = requester(engine, miscellaneous=frozenset(Miscellaneous) - needed)
    supported = replace(approver(engine), supporter=approver(engine))
    for wrong in (others, supported, approver(engine, id=None)):
        with pytest.raises(AccessDenied):
            engine.run(lambda s, who=wrong: acts[act](s, who))
    assert states(engine, publication) == REQUESTED


def test_who_does_not_see_all_records_checks_none(engine: RecordEngine) -> None:
    publication = requested(engine)
    own = {(ENTITY, Privilege.READ): AccessLevel.DEEP}
    for changes in ({"privileges": own}, {"privileges": {}}, {"scope": {ENTITY: {}}}):
        with pytest.raises(RecordNotFound):
            approve(engine, publication, approver(engine, **changes))
    assert states(engine, publication) == REQUESTED


def test_a_return_says_why_and_ends_the_request(either_town: Intake, engine: RecordEngine) -> None:
    publication, who = requested(engine), approver(engine)
    for reason in ("", "長" * 201, "a\nb"):
        with pytest.raises(ValidationFailed):
            engine.run(lambda s, r=reason: deciding.give_back(s, who, publication, reason=r))
    engine.run(lambda s: deciding.give_back(s, who, publication, reason="住所が入っています。"))
    assert states(engine, publication) == RETURNED
    with pytest.raises(ConcurrencyConflict):
        approve(engine, publication)
    assert not is_live(either_town)


def test_each_step_is_in_the_audit_without_a_value(engine: RecordEngine) -> None:
    withdraw(engine, publish(engine))
    found = [one for one in entries(engine) if "publication" in one["action"]][-3:]
    assert [one["action"] for one in found] == [
        "request_publication", "approve_publication", "withdraw_publication",
    ]  # fmt: skip
    assert found[0]["details"]["view"] == VIEW
    assert "tst_memo" in found[0]["attributes"]


def attempts(engine: RecordEngine, works: list[Callable[[RecordService], object]]) -> Counter[str]:
    def tried(work: Callable[[RecordService], object]) -> str:
        try:
            engine.run(work)
        except ConcurrencyConflict:
            return "too late"
        return "done"

    return Counter(at_once([lambda one=one: tried(one) for one in works]))


def test_of_twenty_approvals_one_counts(engine: RecordEngine) -> None:
    publication = requested(engine)
    people = [approver(engine) for _ in range(MANY)]
    found = attempts(
        engine, [lambda s, who=who: deciding.approve(s, who, publication) for who in people]
    )
    assert found == {"done": 1, "too late": MANY - 1}
    approvals = [one for one in entries(engine) if one["action"] == "approve_publication"]
    row = next(one for one in rows(engine) if one.id == publication)
    assert approvals[-1]["caller"] == row.decided_by.hex


def test_of_twenty_requests_one_counts(engine: RecordEngine) -> None:
    known, people = fingerprint(engine), [requester(engine) for _ in range(MANY)]
    found = attempts(
        engine,
        [lambda s, who=who: deciding.request(s, who, VIEW, fingerprint=known) for who in people],
    )
    assert found == {"done": 1, "too late": MANY - 1}


def test_approved_returned_and_withdrawn_at_once_it_ends_in_one_way(
    either_town: Intake, engine: RecordEngine
) -> None:
    publication = requested(engine)
    works: list[Callable[[RecordService], object]] = []
    for number in range(MANY):
        who = approver(engine)
        works.append(
            (
                lambda s, who=who: deciding.approve(s, who, publication),
                lambda s, who=who: deciding.give_back(s, who, publication, reason="理由"),
                lambda s, who=who: deciding.withdraw(s, who, publication),
            )[number % 3]
        )
    found = attempts(engine, works)
    state = states(engine, publication)
    # approved, then withdrawn: two steps; anything else ends with the first
    assert found["done"] == (2 if was_approved(engine, publication) else 1)
    assert state in {WITHDRAWN, RETURNED}
    assert not is_live(either_town)


def was_approved(engine: RecordEngine, publication: UUID) -> bool:
    row = next(one for one in rows(engine) if one.id == publication)
    return row.state == WITHDRAWN and row.decided_by is not None


def rows(engine: RecordEngine) -> list[Any]:
    with engine.database.reading() as connection:
        return list(connection.execute(select(Publication.__table__)))


CHANGES: dict[str, Callable[[Any], object]] = {
    "an attribute more": lambda view: view["detail"].append("tst_code"),
    "an attribute less": lambda view: view["detail"].remove("tst_url"),
    "other records": lambda view: view["filter"].pop(),
    "another status": lambda view: view["filter"][0].update(value=[1, 2]),
    "another order": lambda view: view.update(order=["createdon"]),
    "another title": lambda view: view.update(title="tst_code"),
    "open data no more": lambda view: view.update(json=False),
    "another text": lambda view: view.update(introduction="別の説明"),
    "gone": lambda view: view.clear(),
}


def changed(folder: Path, change: Callable[[Any], object]) -> Path:
    for path in OFFICE.rglob("*.yaml"):
        to = folder / path.relative_to(OFFICE)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())
    file = folder / "public_views.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    change(content[VIEW])
    stated = {name: one for name, one in content.items() if one}
    file.write_text(yaml.safe_dump(stated, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.parametrize("what", CHANGES)
def test_an_import_that_changes_it_closes_it_until_it_is_checked_again(
    either_town: Intake, engine: RecordEngine, tmp_path: Path, what: str
) -> None:
    publication = publish(engine)
    assert is_live(either_town)
    install_audited(engine, Caller.system("tests"), changed(tmp_path, CHANGES[what]))
    assert not is_live(either_town)
    assert states(engine, publication) == CLOSED
    assert entries(engine)[-1]["action"] == "close_publication"
    install(engine.database, OFFICE)
    assert not is_live(either_town), "what came back is not what was left"
    publish(engine)
    assert is_live(either_town)


def test_who_imports_is_told_what_is_not_public(
    either_town: Intake, engine: RecordEngine, tmp_path: Path
) -> None:
    runner = either_town.app.test_cli_runner()

    def told(folder: Path) -> list[str]:
        said = runner.invoke(args=["solution", "import", str(folder)]).output
        return said.partition("Not public until checked and approved: ")[2].strip().split(", ")

    assert VIEW in told(OFFICE)
    publish(engine)
    assert VIEW not in told(OFFICE)
    assert VIEW in told(changed(tmp_path, CHANGES["an attribute more"]))
    install(engine.database, OFFICE)


def test_an_import_that_changes_nothing_of_it_leaves_it(
    either_town: Intake, engine: RecordEngine
) -> None:
    publish(engine)
    install(engine.database, OFFICE)
    assert is_live(either_town)


def test_what_was_changed_meanwhile_is_neither_requested_nor_approved(
    engine: RecordEngine, tmp_path: Path
) -> None:
    known, publication = fingerprint(engine), requested(engine)
    install(engine.database, changed(tmp_path, CHANGES["an attribute more"]))
    with pytest.raises(ConcurrencyConflict):
        approve(engine, publication)
    who = requester(engine)
    with pytest.raises(ConcurrencyConflict):
        engine.run(lambda s: deciding.request(s, who, VIEW, fingerprint=known))
    install(engine.database, OFFICE)


def test_a_publication_that_slipped_through_shows_nothing(
    either_town: Intake, engine: RecordEngine
) -> None:
    """As if a request of before the import had been approved after it."""
    first, second = account(engine, "東区"), account(engine, "東区")
    row = {"id": new_id(), "view": VIEW, "fingerprint": "0" * 64, "state": APPROVED}
    row |= {"requested_by": first, "requested_by_name": "a", "decided_by": second}
    engine.database.run(lambda t: t.write(insert(Publication), [row]))
    assert not is_live(either_town)


def test_labels_of_what_is_told_are_part_of_what_was_checked(engine: RecordEngine) -> None:
    catalog = engine.catalog
    view, entity = catalog.public_views[VIEW], catalog.entity(ENTITY)
    renamed = replace(entity.attributes["tst_memo"], format="Url")
    other = replace(
        catalog,
        entities={
            **catalog.entities,
            ENTITY: replace(entity, attributes={**entity.attributes, "tst_memo": renamed}),
        },
    )
    assert publications.fingerprint(other, view) != publications.fingerprint(catalog, view)
