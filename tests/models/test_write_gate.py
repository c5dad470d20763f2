"""The queue before SQLite's write lock: one at a time, whoever dies, and never oneself."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.tables.write_gate import WriteGate

HOLDER = """
import sys, time
from pathlib import Path
from models.tables.write_gate import WriteGate
WriteGate(Path(sys.argv[1])).enter()
print("inside", flush=True)
time.sleep(60)
"""


def test_one_thread_at_a_time(tmp_path: Path) -> None:
    gate, inside, most = WriteGate(tmp_path / "gate"), [0], [0]

    def visit() -> None:
        for _ in range(50):
            gate.enter()
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0)
            inside[0] -= 1
            gate.leave()

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_other_processes_wait_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    gate = WriteGate(tmp_path / "gate")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "gate")], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"inside\n"
    waiting = threading.Thread(target=gate.enter)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    holder.kill()
    waiting.join(10)
    assert not waiting.is_alive()
    gate.leave()
    holder.wait()
    holder.stdout.close()


def test_a_transaction_within_a_transaction_is_an_error(tmp_path: Path) -> None:
    gate = WriteGate(tmp_path / "gate")
    gate.enter()
    with pytest.raises(RuntimeError, match="within another"):
        gate.enter()
    gate.leave()
    gate.enter()
    gate.leave()
