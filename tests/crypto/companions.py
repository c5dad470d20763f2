"""What the other processes do in the tests with several; importable by a spawned interpreter."""

from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

from crypto.errors import SealingError
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose
from crypto.providers import FileKeyProvider

MONTHS = [datetime(year, month, 15, tzinfo=UTC) for year in (2026, 2027) for month in range(1, 7)]


def set_up(url: str, root_key: Path, *, start: Any, answers: Any) -> None:
    """Set the keystore up and make a key, which the first's wrapping key must open for all."""
    keystore = Keystore(url, FileKeyProvider(root_key))
    start.wait(30)
    keystore.create()
    keys = keystore.new_keys(Purpose.RECORD, entity_number=3, period=202601, count=1)
    Keyring(Keystore(url, FileKeyProvider(root_key))).opening_keys(key.id for key in keys)
    answers.put([key.id for key in keys])


def key_ids_of_all_months(url: str, root_key: Path, *, start: Any, answers: Any) -> None:
    keyring = _keyring(url, root_key)
    ids = []
    for month in MONTHS:
        try:
            start.wait(30)  # all processes ask for the same month at the same time
        except BrokenBarrierError:
            break
        ids.append(keyring.sealing_keys(3, "month", 1, on=month)[0].id)
        ids.append(keyring.index_key(3, on=month).id)
    answers.put(ids)


def record_key_ids(url: str, root_key: Path, *, start: Any, answers: Any) -> None:
    keyring = _keyring(url, root_key)
    start.wait(30)
    answers.put(
        [
            key.id
            for count in (1, 2, 65, 1, 200, 3)
            for key in keyring.sealing_keys(3, "record", count, on=MONTHS[0])
        ]
    )


def open_on_request(url: str, root_key: Path, *, requests: Connection) -> None:
    """Answer each key id sent with "opened" or the name of the error, until None comes."""
    keyring = _keyring(url, root_key)
    while (key_id := requests.recv()) is not None:
        try:
            keyring.opening_key(key_id)
        except SealingError as error:
            requests.send(type(error).__name__)
        else:
            requests.send("opened")


def take_inherited(keyring: Keyring, *, answers: Any) -> None:
    """In a forked child: take from the key ring the parent had already used."""
    keys = keyring.sealing_keys(3, "record", 5, on=MONTHS[0])
    keyring.opening_keys(key.id for key in keys)
    answers.put([key.id for key in keys])


def _keyring(url: str, root_key: Path) -> Keyring:
    return Keyring(Keystore(url, FileKeyProvider(root_key)))
