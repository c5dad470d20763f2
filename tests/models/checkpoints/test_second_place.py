"""The second place: appended to and never rewritten, one line at a time, on the disk, private."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Thread

import pytest

from models.records.checkpoints.second_place import SecondPlace, lines_of
from tests.support import receivers
from tests.support.receivers import Received

RFC_5424 = re.compile(
    r"<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00 \S+ uketsuke \d+ audit-checkpoint - (.*)"
)
"""Facility 13 (log audit), severity 6 (informational): 13 × 8 + 6."""
ROOT = Path(__file__).parents[3]
APPENDER = """
import sys
from pathlib import Path
from models.records.checkpoints.second_place import SecondPlace
place = SecondPlace(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    place.append(lambda before: str(int(before or 0) + 1))
"""


@pytest.fixture
def place(tmp_path: Path) -> SecondPlace:
    return SecondPlace(tmp_path / "new folder" / "checkpoints.jsonl")


def test_lines_follow_one_another(place: SecondPlace) -> None:
    told: list[str] = []

    def make(before: str) -> str:
        told.append(before)
        return f"line {len(told)}"

    assert [place.append(make) for _ in range(3)] == ["line 1", "line 2", "line 3"]
    assert told == ["", "line 1", "line 2"]
    assert list(place.lines()) == ["line 1", "line 2", "line 3"]
    assert place.file.read_bytes() == b"line 1\nline 2\nline 3\n"


def test_it_is_its_owners_alone(place: SecondPlace) -> None:
    before = os.umask(0)
    try:
        place.append(lambda _: "line")
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.file.parent.stat().st_mode) == 0o700


def test_it_is_only_appended_to_and_waits_for_the_disk(place: SecondPlace) -> None:
    """As the kernel is asked: where `chattr +a` is set, nothing else would succeed."""
    trace = place.file.parents[1] / "trace"
    command = ["strace", "-f", "-e", "trace=openat,write,ftruncate,fsync", "-o", str(trace)]
    try:
        subprocess.run(
            [*command, sys.executable, "-c", APPENDER, place.file, "2"], cwd=ROOT, check=True
        )
    except FileNotFoundError:
        pytest.skip("strace is not here")
    said = trace.read_text()
    assert said.count("O_WRONLY|O_CREAT|O_APPEND") == 2
    assert len(re.findall(r"fsync\(\d+\) += 0", said)) == 3  # two lines, and the new name
    assert "ftruncate" not in said


def test_processes_and_threads_append_in_turn(place: SecondPlace) -> None:
    """Each line is made knowing the one before it: none is lost, none is made twice."""
    command = [sys.executable, "-c", APPENDER, str(place.file), "25"]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    ours = [
        Thread(target=lambda: [place.append(lambda b: str(int(b or 0) + 1)) for _ in range(25)])
        for _ in range(2)
    ]
    for thread in ours:
        thread.start()
    for thread in ours:
        thread.join()
    assert [process.wait() for process in running] == [0, 0, 0]
    assert list(place.lines()) == [str(number) for number in range(1, 126)]


def test_a_torn_line_is_left_as_it_is_and_the_next_begins_anew(place: SecondPlace) -> None:
    place.append(lambda _: "whole")
    with place.file.open("a") as file:
        file.write("to")
    assert place.append(lambda before: f"after {before}") == "after whole"
    assert list(place.lines()) == ["whole", "to", "after whole"]


def test_what_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"one\n\n\xff\xfe\x00\n\xe6\x97\xa5\x0d\xe2\x80\xa8more\n")
    assert len(list(lines_of(file))) == 3


def test_where_there_is_none_nothing_is_written_or_read() -> None:
    with pytest.raises(OSError, match="no second place"):
        SecondPlace().append(lambda _: "line")
    assert list(SecondPlace().lines()) == []
    SecondPlace().tell("line")


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Is a directory"):
        SecondPlace(tmp_path).append(lambda _: "line")


@pytest.mark.parametrize("kind", [receivers.unix_datagrams, receivers.unix_stream])
def test_syslog_gets_it_by_a_socket(
    kind: Callable[[Path], AbstractContextManager[tuple[str, Received]]], tmp_path: Path
) -> None:
    with kind(tmp_path / "log") as (address, received):
        place = SecondPlace(tmp_path / "file", address)
        for number in range(2):
            place.tell(f'{{"line":{number}}}')
            message = RFC_5424.fullmatch(received().rstrip("\0"))
            assert message is not None
            assert message.group(1) == f'{{"line":{number}}}'


def test_syslog_gets_it_by_udp(tmp_path: Path) -> None:
    with receivers.udp() as (address, received):
        SecondPlace(tmp_path / "file", address).tell("a line")
        message = received()
    found = RFC_5424.fullmatch(message)
    assert found is not None, message
    assert found.group(1) == "a line"


def test_a_socket_nobody_listens_at_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        SecondPlace(tmp_path / "file", str(tmp_path / "nobody")).tell("line")
