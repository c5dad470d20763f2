"""The law of checkpoints: a log that was cut, or put back to an older state with its head and all,
is found, and between which times; and so is whatever was done to the lines.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from models.records.audit_verification import CUT, MISSING
from models.records.checkpoints.examining import (
    CUT_OR_PUT_BACK,
    LINES_GONE,
    PUT_BACK,
    Examination,
    examine,
)
from models.records.checkpoints.ledger import LINES_MISSING
from models.records.checkpoints.lines import NONE_OF_OURS, OTHER_KEY, REWRITTEN, Checkpoint, made
from models.records.checkpoints.making import (
    AuditTampered,
    CheckpointNotWritten,
    make_checkpoint,
    signer_of,
)
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.audit import AuditCheckpoint
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry, AuditHead
from tests.support import receivers
from tests.support.audit_states import State
from tests.support.auditing import last

ACTING = Caller.system("tests of checkpoints")


@pytest.fixture
def log(engine: RecordEngine, tmp_path: Path) -> Iterator[RecordEngine]:
    """An office with a second place of its own; its log is put back afterwards."""
    before = State.of(engine)
    yield replace(engine, second_place=SecondPlace(tmp_path / "checkpoints.jsonl"))
    before.put_back(engine)


def act(log: RecordEngine, times: int = 1) -> int:
    """So many acts, each an entry; the number of the last."""
    for _ in range(times):
        log.run(lambda service: service.audit(ACTING, "sign_in"))
    return last(log)


def checkpoint(log: RecordEngine) -> Checkpoint:
    return make_checkpoint(log.database, log.keyring, log.second_place)


def examined(log: RecordEngine) -> Examination:
    return examine(log.database, log.keyring, log.second_place.lines)


def faults(log: RecordEngine) -> list[tuple[int, int | None, str]]:
    return [(one.sequence, one.last, one.reason) for one in examined(log).faults]


def lines(log: RecordEngine) -> list[str]:
    return list(log.second_place.lines())


def rewrite(log: RecordEngine, new: list[str]) -> None:
    log.second_place.file.write_text("".join(f"{line}\n" for line in new))


def test_a_log_that_grows_is_borne_out(log: RecordEngine) -> None:
    made_of = []
    for times in (1, 3, 0, 2):
        number = act(log, times)
        made_of.append(checkpoint(log))
        assert made_of[-1].sequence == number
    act(log, 2)
    found = examined(log)
    assert (found.faults, found.checkpoints, found.covered) == ((), 4, made_of[-1])
    assert found.chain.newest - found.covered.sequence == 2


def test_without_a_line_nothing_is_vouched_for(log: RecordEngine) -> None:
    act(log)
    found = examined(log)
    assert (found.holds, found.checkpoints, found.covered) == (True, 0, None)


def test_a_tail_that_was_cut_with_its_head_is_found(log: RecordEngine) -> None:
    """The chain alone holds: who cut it had the head of that moment."""
    kept = act(log, 3)
    checkpoint(log)
    old = State.of(log)
    before = utc_now()
    gone = act(log, 2)
    later = checkpoint(log)
    written = State.of(log).rows["audit_checkpoint"]
    old.rows["audit_checkpoint"][:] = written
    old.put_back(log)
    found = examined(log)
    assert found.chain.holds
    [cut] = found.faults
    assert (cut.sequence, cut.last, cut.reason) == (kept + 1, gone, CUT_OR_PUT_BACK)
    assert cut.after < before < cut.before == later.on


def test_a_whole_database_put_back_is_found_and_goes_on_being_found(log: RecordEngine) -> None:
    act(log, 2)
    good = checkpoint(log)
    old = State.of(log)
    deed = act(log, 2)
    first_bad = checkpoint(log)
    old.put_back(log)
    assert faults(log) == [(good.sequence + 1, deed, CUT_OR_PUT_BACK)]
    act(log, 5)  # others than those that were there
    found = examined(log)
    assert found.chain.holds
    [back] = found.faults
    assert (back.sequence, back.last, back.reason) == (good.sequence + 1, deed, PUT_BACK)
    assert (back.after, back.before) == (good.on, first_bad.on)
    with pytest.raises(AuditTampered, match=f"entry {deed} is not the one of"):
        checkpoint(log)
    act(log)
    checkpoint(log)  # the next one knows only of what is now
    assert faults(log) == [(good.sequence + 1, deed, PUT_BACK)]


def test_two_restorations_are_told_apart(log: RecordEngine) -> None:
    found = []
    for _ in range(2):
        act(log)
        good = checkpoint(log).sequence
        old = State.of(log)
        bad = act(log)
        checkpoint(log)
        old.put_back(log)
        act(log, 2)
        with pytest.raises(AuditTampered):
            checkpoint(log)
        found.append((good + 1, bad, PUT_BACK))
    assert faults(log) == found


def test_a_removed_entry_fails_the_chain_and_the_checkpoint_that_names_it(
    log: RecordEngine,
) -> None:
    first = act(log)
    checkpoint(log)
    number = act(log)
    checkpoint(log)
    act(log)
    log.database.run(
        lambda t: t.write(AuditEntry.__table__.delete().where(AuditEntry.sequence == number))
    )
    expected = [(number, number, MISSING), (first + 1, number, CUT_OR_PUT_BACK)]
    assert faults(log) == expected


def test_a_forged_head_is_not_signed(log: RecordEngine) -> None:
    number = act(log, 2)
    mac = select(AuditEntry.mac).where(AuditEntry.sequence == number - 1).scalar_subquery()
    log.database.run(lambda t: t.write(update(AuditHead).values(sequence=number - 1, mac=mac)))
    with pytest.raises(AuditTampered, match="head"):
        checkpoint(log)
    assert lines(log) == []
    assert (number + 1, None, CUT) in faults(log)


def altered(line: str) -> str:
    return line.replace('"sequence":', '"sequence":1', 1)


def of_another_key(log: RecordEngine) -> str:
    signer = type(signer_of(log.keyring))(bytes(32))
    one = made(signer, sequence=1, mac=bytes(32), on=utc_now(), previous=bytes(32))
    return one.line


Spoiling = Callable[[RecordEngine, list[str]], list[str]]
SPOILT: dict[str, tuple[Spoiling, list[str]]] = {
    "a line altered": (
        lambda _, kept: [kept[0], altered(kept[1]), *kept[2:]],
        [REWRITTEN, LINES_GONE],
    ),
    "a line removed": (lambda _, kept: [kept[0], *kept[2:]], [LINES_MISSING, LINES_GONE]),
    "the first removed": (lambda _, kept: kept[1:], [LINES_MISSING, LINES_GONE]),
    "the end cut off": (lambda _, kept: kept[:2], [LINES_GONE]),
    "all removed": (lambda _, kept: [], [LINES_GONE]),
    "two swapped": (
        lambda _, kept: [kept[0], kept[2], kept[1], *kept[3:]],
        [LINES_MISSING] * 3,
    ),
    "one forged": (lambda log, kept: [*kept, of_another_key(log)], [OTHER_KEY]),
    "a remark": (lambda _, kept: [*kept[:2], "# moved here", *kept[2:]], [NONE_OF_OURS]),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_was_done_to_the_lines_is_found(log: RecordEngine, name: str) -> None:
    for _ in range(4):
        act(log)
        checkpoint(log)
    spoil, expected = SPOILT[name]
    rewrite(log, spoil(log, lines(log)))
    assert [reason for _, _, reason in faults(log)] == expected


def test_lines_put_away_and_a_new_file_are_read_one_after_the_other(
    log: RecordEngine, tmp_path: Path
) -> None:
    act(log)
    checkpoint(log)
    log.second_place.file.rename(tmp_path / "old.jsonl")
    act(log)
    checkpoint(log)
    assert [reason for _, _, reason in faults(log)] == [LINES_MISSING, LINES_GONE]
    both = [*(tmp_path / "old.jsonl").read_text().splitlines(), *lines(log)]
    assert examine(log.database, log.keyring, lambda: both).faults == ()
    assert examine(log.database, log.keyring, lambda: both * 2).faults == ()  # and twice over


def test_syslogs_copy_serves_as_well(log: RecordEngine) -> None:
    """When the file went with the machine."""
    with receivers.udp() as (address, received):
        log = replace(log, second_place=replace(log.second_place, syslog=address))
        act(log, 2)
        checkpoint(log)
        old = State.of(log)
        act(log)
        checkpoint(log)
        told = [received(), received()]
    assert examine(log.database, log.keyring, lambda: told).holds
    assert all(len(one.encode()) <= 2048 for one in told)  # RFC 5424 §6.1: should be taken
    old.put_back(log)
    reasons = [one.reason for one in examine(log.database, log.keyring, lambda: told).faults]
    assert reasons == [CUT_OR_PUT_BACK]


def test_a_checkpoint_syslog_did_not_take_is_in_the_file_and_an_error(
    log: RecordEngine, tmp_path: Path
) -> None:
    nobody = str(tmp_path / "nobody")
    deaf = replace(log, second_place=replace(log.second_place, syslog=nobody))
    act(log)
    with pytest.raises(CheckpointNotWritten, match="No such file"):
        checkpoint(deaf)
    assert len(lines(log)) == 1
    assert examined(log).holds


def test_a_line_whose_process_died_before_it_was_remembered_is_no_fault(
    log: RecordEngine,
) -> None:
    act(log)
    checkpoint(log)
    log.database.run(lambda t: t.write(AuditCheckpoint.__table__.delete()))
    act(log)
    checkpoint(log)
    assert examined(log).holds
    with log.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(AuditCheckpoint)) == 1


DEEDS = st.lists(st.sampled_from(["act", "checkpoint", "keep", "put back"]), max_size=24)


@pytest.fixture
def start(log: RecordEngine) -> State:
    act(log)
    return State.of(log)


@hypothesis_settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
def test_a_log_put_back_behind_a_checkpoint_is_found_and_no_other(
    log: RecordEngine, start: State, deeds: list[str]
) -> None:
    """Whatever happens in whatever order: found is what lost an entry that a line names."""
    start.put_back(log)
    rewrite(log, [])
    kept = start
    for deed in deeds:
        if deed == "act":
            act(log)
        elif deed == "keep":
            kept = State.of(log)
        elif deed == "put back":
            kept.put_back(log)
        else:
            with suppress(AuditTampered):  # the line is written all the same
                checkpoint(log)
    links = {row["sequence"]: row["mac"].hex() for row in State.of(log).rows["audit"]}
    named = [json.loads(line) for line in lines(log)]
    is_lost = any(links.get(one["sequence"]) != one["mac"] for one in named)
    found = examined(log)
    assert found.chain.holds
    assert {one.reason for one in found.faults} <= {PUT_BACK, CUT_OR_PUT_BACK}
    assert bool(found.faults) is is_lost
