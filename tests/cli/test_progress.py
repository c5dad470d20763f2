"""Long commands show how far they are: at a terminal with a bar, into a file with not a word."""

import os
import pty
import re
import signal
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask.cli import ScriptInfo

from app import create_app
from cli.progress import progress_bar, reached
from extensions import ENGINE
from tests.cli.installation import ENTITY, RECURRING, Installation, export
from tests.cli.test_records import GOOD, HEADER, TO_THE_OFFICE

ROWS = 1200


def said_to_a_terminal(installation: Installation, *arguments: str) -> str:
    """All that a person at a terminal gets to read, bars in every state they had."""
    ours, theirs = pty.openpty()
    read: list[bytes] = []
    reader = threading.Thread(target=_read, args=(ours, read))
    reader.start()
    app = create_app(installation.environ)
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal, redirect_stdout(terminal):
        info = ScriptInfo(create_app=lambda: app)
        app.cli.main(list(arguments), prog_name="flask", obj=info, standalone_mode=False)
    reader.join()
    os.close(ours)
    app.extensions[ENGINE].database.dispose()
    return b"".join(read).decode()


def _read(descriptor: int, into: list[bytes]) -> None:
    try:
        while piece := os.read(descriptor, 4096):
            into.append(piece)
    except OSError:
        return  # Linux's way of saying that the terminal was left


def many_rows(folder: Path) -> tuple[str, ...]:
    path = folder / "applications.csv"
    path.write_text("\n".join([HEADER, *[GOOD] * ROWS, ""]), encoding="utf-8")
    return ("records", "import", ENTITY, str(path), *TO_THE_OFFICE)


COMMANDS: dict[str, tuple[Callable[[Path], tuple[str, ...]], str]] = {
    "Importing": (many_rows, "Created 1200 records."),
    "Exporting": (lambda folder: tuple(export(folder / "all.csv")), "Wrote 30 records to"),
    "Verifying": (lambda _: ("audit", "verify"), "the chain holds."),
    "Creating": (lambda _: ("demo", "seed", "--count", "5"), "Created 5 records"),
    "Jobs": (lambda _: ("worker", "--drain"), f"Stopped. {RECURRING} jobs."),
}


@pytest.mark.parametrize("label", COMMANDS)
def test_a_long_command_shows_how_far_it_is(
    own_kobe: Installation, tmp_path: Path, label: str
) -> None:
    """From nothing to all of it, and then what came of it."""
    own_kobe.put_jobs(timedelta(0))
    arguments, outcome = COMMANDS[label]
    said = said_to_a_terminal(own_kobe, *arguments(tmp_path))
    assert said.index(f"{label}  [------------------------------------]    0%") >= 0
    assert said.index("[####################################]  100%") < said.index(outcome)


def test_an_import_shows_the_thousands_on_the_way(own_kobe: Installation, tmp_path: Path) -> None:
    """By how much of the file was read: somewhat more than 1,000 of 1,200 rows."""
    said = said_to_a_terminal(own_kobe, *many_rows(tmp_path))
    start, thousand, end = map(int, re.findall(r"(\d+)%", said))
    assert (start, end) == (0, 100)
    assert 83 <= thousand < 90


def test_a_second_try_neither_moves_the_bar_back_nor_beyond() -> None:
    with progress_bar(100, "Importing") as bar:
        seen = []
        for position in (60, 10, 60, 80, 100):
            reached(bar, position)
            seen.append(bar.pos)
    assert seen == [60, 60, 60, 80, 100]


@pytest.mark.parametrize("label", COMMANDS)
def test_into_a_file_only_the_outcome_is_written(
    own_kobe: Installation, tmp_path: Path, label: str
) -> None:
    own_kobe.put_jobs(timedelta(0))
    arguments, outcome = COMMANDS[label]
    said = own_kobe.done(*arguments(tmp_path))
    assert outcome in said
    assert label not in said
    assert "#" not in said


def test_a_worker_that_stays_shows_no_bar(own_kobe: Installation) -> None:
    """Its work has no end: it is told to stop as soon as it listens."""
    own_kobe.put_jobs(timedelta(hours=2))
    person = threading.Thread(target=_stop_the_worker, args=(threading.get_ident(),))
    person.start()
    said = said_to_a_terminal(own_kobe, "worker")
    person.join()
    assert said == "Stopped. 0 jobs.\r\n"


def _stop_the_worker(thread: int) -> None:
    end = monotonic() + 20
    while monotonic() < end:
        if "_told_to_stop" in getattr(signal.getsignal(signal.SIGTERM), "__qualname__", ""):
            signal.pthread_kill(thread, signal.SIGTERM)
            return
        sleep(0.02)
