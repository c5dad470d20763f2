"""“make run” ends whole: with a signal, with a fallen child, with a killed parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.development import supervisor
from tests.support.service import ROOT, free_port

PARENT = """
import os, sys
from cli.development.children import Children
with Children(os.environ, patience=2) as children:
    for number, code in enumerate(sys.argv[1:]):
        children.start(f"child {number}", [sys.executable, "-c", code])
    status = children.wait()
sys.exit(status)
"""
OBEDIENT = "import os, time; open(f'{os.getpid()}.pid', 'w'); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + OBEDIENT
WITH_GRANDCHILD = f"import os; os.fork(); {OBEDIENT}"
FALLING = "import sys, time; time.sleep(0.5); sys.exit(3)"

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start a parent with children that leave their process ids in files."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def started(*children: str, pids: int) -> subprocess.Popen[bytes]:
        parent = subprocess.Popen([sys.executable, "-c", PARENT, *children], cwd=tmp_path)
        wait_until(lambda: len(list(tmp_path.glob("*.pid"))) == pids)
        return parent

    return started


def wait_until(holds: Callable[[], bool], *, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def alive(directory: Path) -> list[int]:
    """Which of the children whose id lies in `directory` still run (a zombie does not)."""
    found = []
    for path in directory.glob("*.pid"):
        status = Path(f"/proc/{path.stem}/stat")
        try:
            if status.read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(int(path.stem))
        except FileNotFoundError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_and_is_no_failure(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    parent = start(OBEDIENT, WITH_GRANDCHILD, pids=3)
    parent.send_signal(number)
    assert parent.wait(timeout=30) == 0
    wait_until(lambda: not alive(tmp_path))


def test_a_fallen_child_ends_all_and_is_a_failure(start: Start, tmp_path: Path) -> None:
    parent = start(OBEDIENT, FALLING, pids=1)
    assert parent.wait(timeout=30) == 1
    wait_until(lambda: not alive(tmp_path))


def test_a_child_that_will_not_end_is_killed(start: Start, tmp_path: Path) -> None:
    parent = start(STUBBORN, pids=1)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(timeout=40) == 0
    wait_until(lambda: not alive(tmp_path))


def test_children_end_with_a_killed_parent(start: Start, tmp_path: Path) -> None:
    parent = start(OBEDIENT, OBEDIENT, pids=2)
    parent.kill()
    parent.wait(timeout=10)
    wait_until(lambda: not alive(tmp_path))


def test_a_taken_port_is_told_with_advice(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert supervisor.main({"PORT": str(port)}) == 2
    assert f"make run PORT={port + 1}" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_a_wrong_port_is_told(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert supervisor.main({"PORT": port}) == 2
    assert "PORT is" in capsys.readouterr().err


def test_wrong_settings_are_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    environ = {**os.environ, "PORT": str(free_port()), "UKETSUKE_MAIL_TLS": "perhaps"}
    assert supervisor.main(environ) == 2
    assert "UKETSUKE_MAIL_TLS" in capsys.readouterr().err
