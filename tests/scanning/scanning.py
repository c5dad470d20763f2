"""Runs the house's own rules over samples that say what must be found in them, and what not.

Samples lie as the house does, in a tree of their own, since rules hold in some rooms only.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.architecture.house import ROOT

RULES = ROOT / ".semgrep"
SAMPLES = Path(__file__).parent / "samples"
SCANNER = ROOT / ".venv" / "scanners" / "bin" / "semgrep"
OFFLINE = ("--metrics=off", "--disable-version-check")
MARK = re.compile(r"(?:#|//|\{#) (bad|good): ([\w-]+(?:, [\w-]+)*)")

Finding = tuple[str, int, str]
"""File, line, rule."""


def rules() -> list[dict[str, Any]]:
    files = sorted(RULES.glob("*.yaml"))
    return [rule for file in files for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]]


def marked(word: str) -> Iterator[Finding]:
    """What the samples call `bad`, or `good`."""
    for path in sorted(SAMPLES.rglob("*.*")):
        place = str(path.relative_to(SAMPLES))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            for said, names in MARK.findall(line):
                if said == word:
                    yield from ((place, number, name) for name in names.split(", "))


def found_in(folder: Path) -> set[Finding]:
    """What the scanner finds in a copy of the samples, where no file of the house stands beside
    them and nothing tells it to leave tests out."""
    tree = folder / "house"
    shutil.copytree(SAMPLES, tree)
    done = subprocess.run(
        [SCANNER, "scan", *OFFLINE, "--config", RULES, "--no-git-ignore", "--json", "."],
        cwd=tree,
        env=os.environ | {"HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["errors"] == []
    return {
        (one["path"], one["start"]["line"], one["check_id"].rpartition(".")[2])
        for one in said["results"]
    }
