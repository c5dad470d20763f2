"""Fifty at once, on either database: one approves, one gets the file, one confirms.

Half of them come by another process's engine over the same database and keystore.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from exchange.extracts import deciding
from exchange.extracts.downloading import Outdated, fetch
from exchange.extracts.states import State
from jobs import extracts
from models.metadata.errors import AccessDenied, ConcurrencyConflict
from models.metadata.loading import CatalogSource
from models.records.engine import RecordEngine
from models.tables.session import Database
from tests.exchange.extracts.office import Extraction, asked, jobs_of, ready, rows, things
from tests.exchange.extracts.people import MAY_ASK, MAY_DECIDE, Person, hire
from tests.models.office import office
from tests.support.crowd import at_once

MANY = 50
WON, TOO_LATE, REFUSED = "won", "too late", "refused"


@pytest.fixture(scope="module")
def engines(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[RecordEngine]]:
    folder: Path = tmp_path_factory.mktemp("races")
    with office(module_database_url, folder) as engine:
        [keystore] = folder.glob("keystore-*.db")
        other = Keystore(f"sqlite:///{keystore}", FileKeyProvider(folder / "root.key"))
        database = Database(module_database_url)
        yield [engine, RecordEngine(database, Keyring(other), CatalogSource(database))]
        database.dispose()
        other.dispose()


@pytest.fixture(scope="module")
def approvers(engines: list[RecordEngine]) -> list[Person]:
    return [hire(engines[0], MAY_DECIDE) for _ in range(10)]


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except (ConcurrencyConflict, Outdated):
        return TOO_LATE
    except AccessDenied:
        return REFUSED
    return WON


def tried(acts: list[Callable[[], object]]) -> Counter[str]:
    return Counter(at_once([lambda act=act: outcome(act) for act in acts]))


def test_of_fifty_approvals_by_ten_people_one_holds(
    engines: list[RecordEngine], approvers: list[Person]
) -> None:
    extraction = asked(engines[0], things(engines[0], "い"))
    callers = [approver.caller for approver in approvers]

    def approving(number: int) -> Callable[[], object]:
        caller, engine = callers[number % 10], engines[number % 2]
        return lambda: engine.run(lambda s: extracts.approve(s, caller, extraction.id))

    assert tried([approving(n) for n in range(MANY)]) == {WON: 1, TOO_LATE: MANY - 1}
    assert extraction.state == State.APPROVED
    assert extraction.row.decided_by in {approver.id for approver in approvers}
    assert len(jobs_of(engines[0], extraction.id)) == 1
    assert extraction.acts().count(("approve_extract", "ok")) == 1


def test_approvals_rejections_and_the_withdrawal_at_once(
    engines: list[RecordEngine], approvers: list[Person]
) -> None:
    extraction = asked(engines[0], things(engines[0], "い"))
    callers = [approver.caller for approver in approvers]

    def deciding_on(number: int) -> Callable[[], object]:
        caller, engine, place = callers[number % 10], engines[number % 2], extraction.id
        if number % 5 == 0:
            return replace(extraction, engine=engine).withdraw
        if number % 3 == 0:
            return lambda: engine.run(lambda s: deciding.reject(s, caller, place, reason="不要"))
        return lambda: engine.run(lambda s: extracts.approve(s, caller, place))

    assert tried([deciding_on(n) for n in range(MANY)]) == {WON: 1, TOO_LATE: MANY - 1}
    decided = extraction.state
    assert decided in {State.APPROVED, State.REJECTED, State.WITHDRAWN}
    assert len(jobs_of(engines[0], extraction.id)) == (decided == State.APPROVED)


def test_of_two_who_approve_for_each_other_neither_approves_their_own(
    engines: list[RecordEngine],
) -> None:
    first, second = (hire(engines[0], (*MAY_ASK, *MAY_DECIDE)) for _ in range(2))
    extraction = asked(engines[0], things(engines[0], "い"), requester=first)
    own, other = first.caller, second.caller

    def approving(number: int) -> Callable[[], object]:
        caller, engine = (own, other)[number % 2], engines[number // 2 % 2]
        return lambda: engine.run(lambda s: extracts.approve(s, caller, extraction.id))

    counted = tried([approving(n) for n in range(20)])
    assert counted[WON] == 1
    assert counted[REFUSED] == 10
    assert extraction.row.decided_by == second.id


def test_of_fifty_downloads_one_gets_the_file(engines: list[RecordEngine]) -> None:
    extraction = ready(engines[0], things(engines[0], *[f"{n:03}" for n in range(200)]))
    files: list[bytes] = []

    def fetching(number: int) -> Callable[[], object]:
        caller, engine = extraction.requester.caller, engines[number % 2]
        return lambda: files.append(b"".join(fetch(engine, caller, extraction.id)))

    assert tried([fetching(n) for n in range(MANY)]) == {WON: 1, TOO_LATE: MANY - 1}
    assert [len(rows(file)) for file in files] == [200]
    assert extraction.state == State.DOWNLOADED
    assert extraction.acts().count(("download_extract", "started")) == 1
    assert extraction.acts().count(("download_extract", "ok")) == 1


def test_a_download_and_a_renewal_at_once(engines: list[RecordEngine]) -> None:
    """Either the file leaves, or it is built anew: never both."""
    extraction = ready(engines[0], things(engines[0], "い"))
    caller = extraction.requester.caller
    renewed: list[bool] = []

    def act(number: int) -> Callable[[], object]:
        engine = engines[number % 2]
        if number % 4:
            return lambda: b"".join(fetch(engine, caller, extraction.id))
        return lambda: renewed.append(
            engine.run(lambda s: extracts.build_anew(s, caller, extraction.id))
        )

    tried([act(n) for n in range(16)])
    assert sum(renewed) + extraction.acts().count(("download_extract", "started")) == 1
    assert (extraction.state == State.DOWNLOADED) is not any(renewed)


def test_of_many_confirmations_one_is_kept(engines: list[RecordEngine]) -> None:
    extraction = ready(engines[0], things(engines[0], "い"))
    extraction.fetch()

    def confirming(number: int) -> Callable[[], object]:
        here: Extraction = replace(extraction, engine=engines[number % 2])
        return lambda: here.confirm(how=f"方法 {number}")

    assert tried([confirming(n) for n in range(10)]) == {WON: 1, TOO_LATE: 9}
    assert extraction.acts().count(("confirm_deletion", "ok")) == 1


def test_of_many_builders_one_finishes(engines: list[RecordEngine]) -> None:
    """Each that begins takes over from the one before; the file is one attempt's, whole."""
    extraction = asked(engines[0], things(engines[0], *[f"{n:04}" for n in range(1500)]))
    extraction.approve()
    at_once([replace(extraction, engine=engines[n % 2]).build for n in range(6)])
    assert extraction.state == State.READY
    assert extraction.acts().count(("build_extract", "ok")) == 1
    assert len(rows(extraction.fetch())) == 1500
