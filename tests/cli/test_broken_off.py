"""Ctrl-C in the middle: what was begun is not there afterwards, and what is there is whole."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.installation import ENTITY, Installation
from tests.cli.test_records import GOOD, HEADER, TO_THE_OFFICE

MORE_THAN_A_BATCH = 1500


@contextmanager
def broken_off_after(pipe: Path, lines: list[str], *, by: signal.Signals) -> Iterator[None]:
    """A person who interrupts the main thread once it has read these lines."""
    os.mkfifo(pipe)
    reader = threading.main_thread().ident
    assert reader is not None

    def person() -> None:
        with pipe.open("w", encoding="utf-8") as writing:
            writing.writelines(f"{line}\n" for line in lines)
            writing.flush()
            signal.pthread_kill(reader, by)
            ended.wait(60)

    ended = threading.Event()
    thread = threading.Thread(target=person)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_broken_off_makes_nothing(
    own_kobe: Installation, tmp_path: Path, by: signal.Signals
) -> None:
    """Its first thousand records were written already, in the transaction that ends with it."""
    before = own_kobe.records()
    pipe = tmp_path / "applications.csv"
    with broken_off_after(pipe, [HEADER, *[GOOD] * MORE_THAN_A_BATCH], by=by):
        said = own_kobe.refused("records", "import", ENTITY, str(pipe), *TO_THE_OFFICE)
    assert "Aborted!" in said
    assert own_kobe.records() == before
    assert "the chain holds" in own_kobe.done("audit", "verify")
    assert "Created 1 records" in own_kobe.done("demo", "seed", "--count", "1")
