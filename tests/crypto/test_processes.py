"""Several processes on one keystore: one key where one is meant, a destruction seen at once."""

from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from tests.crypto import companions

PROCESSES = 4
SPAWN: Any = get_context("spawn")
FORK: Any = get_context("fork")


def all_at_once(work: Callable[..., None], url: str, root_key: Path) -> list[list[int]]:
    start, answers = SPAWN.Barrier(PROCESSES), SPAWN.Queue()
    workers = [
        SPAWN.Process(
            target=work, args=(url, root_key), kwargs={"start": start, "answers": answers}
        )
        for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    collected = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    return collected


@pytest.mark.usefixtures("keystore")
def test_a_month_key_made_by_all_at_once_is_one_key(
    keystore_url: str, root_key_path: Path
) -> None:
    collected = all_at_once(companions.key_ids_of_all_months, keystore_url, root_key_path)
    assert collected == [collected[0]] * PROCESSES
    assert len(set(collected[0])) == 2 * len(companions.MONTHS)


@pytest.mark.usefixtures("keystore")
def test_no_two_processes_get_the_same_record_key(keystore_url: str, root_key_path: Path) -> None:
    collected = all_at_once(companions.record_key_ids, keystore_url, root_key_path)
    ids = [key_id for taken in collected for key_id in taken]
    assert len(set(ids)) == len(ids) == PROCESSES * 272


@pytest.mark.parametrize("keystore_url", ["sqlite"], indirect=True)
def test_several_may_set_up_one_file_at_once(keystore_url: str, root_key_path: Path) -> None:
    """Workers that start together; on PostgreSQL the set-up is the administrator's, once."""
    collected = all_at_once(companions.set_up, keystore_url, root_key_path)
    assert sorted(collected) == [[1], [2], [3], [4]]


def test_a_destroyed_key_is_gone_in_another_process_at_once(
    keystore_url: str, keystore: Keystore, root_key_path: Path
) -> None:
    keyring = Keyring(keystore)
    keys = keyring.sealing_keys(3, "record", 2, on=companions.MONTHS[0])
    here, there = SPAWN.Pipe()
    worker = SPAWN.Process(
        target=companions.open_on_request,
        args=(keystore_url, root_key_path),
        kwargs={"requests": there},
    )
    worker.start()

    def ask(key_id: int) -> object:
        here.send(key_id)
        assert here.poll(60)
        return here.recv()

    assert [ask(key.id) for key in keys] == ["opened", "opened"]
    keyring.destroy([keys[0].id])
    assert [ask(key.id) for key in keys] == ["DestroyedKey", "opened"]
    assert ask(987_654) == "UnknownKey"
    here.send(None)
    worker.join(30)
    assert worker.exitcode == 0


def test_a_forked_worker_does_not_hand_out_its_parents_reserve(keystore: Keystore) -> None:
    keyring = Keyring(keystore)
    taken = [key.id for key in keyring.sealing_keys(3, "record", 1, on=companions.MONTHS[0])]
    answers = FORK.Queue()
    workers = [
        FORK.Process(
            target=companions.take_inherited, args=(keyring,), kwargs={"answers": answers}
        )
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        taken += answers.get(timeout=60)
        worker.join(30)
    taken += [key.id for key in keyring.sealing_keys(3, "record", 5, on=companions.MONTHS[0])]
    assert len(set(taken)) == len(taken) == 16
