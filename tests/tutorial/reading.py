"""docs/tutorial.md as somebody follows it: steps, each with blocks to write and commands to run.

A block of YAML begins with a comment: a file's name, and then perhaps where in it the lines go.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
SOLUTION = ROOT / "solutions" / "student_volunteers"
STEP = re.compile(r"^## (?=\d+\. )", re.MULTILINE)
FENCE = re.compile(r"^```(yaml|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"# ([\w./]+?\.yaml)(?:, (at the end|under (.+)))?\n")
ADDRESS = re.compile(r"`(/[^`\s]*)`")


@dataclass(frozen=True)
class Block:
    """Lines of YAML and where they go: a new file, the end of one, or the end of a part of it."""

    file: str
    is_new: bool
    under: tuple[str, ...]
    lines: str

    def write(self, folder: Path) -> None:
        path = folder / self.file
        if self.is_new:
            assert not path.exists(), f"{self.file} stands twice"
            path.write_text(self.lines, encoding="utf-8")
            return
        lines = path.read_text("utf-8").splitlines(keepends=True)
        place = end_of(lines, self.under)
        lines.insert(place, self.lines)
        path.write_text("".join(lines), encoding="utf-8")


@dataclass(frozen=True)
class Step:
    """A chapter: what it says in order, blocks and lines of the shell."""

    title: str
    text: str

    @property
    def acts(self) -> list[Block | str]:
        return [act for kind, body in FENCE.findall(self.text) for act in _acts(kind, body)]

    @property
    def addresses(self) -> list[str]:
        """The pages it sends its reader to, as they stand in backticks."""
        return ADDRESS.findall(self.text)


def steps() -> list[Step]:
    """The numbered chapters, without what stands before and after them."""
    numbered = STEP.split(TEXT)[1:]
    chapters = [part.partition("\n## ")[0] for part in numbered]
    return [Step(chapter.partition("\n")[0], chapter) for chapter in chapters]


def written(folder: Path) -> Path:
    """The solution that the whole tutorial ends with."""
    for name in ("entities", "forms"):
        (folder / name).mkdir()
    for step in steps():
        for act in step.acts:
            if isinstance(act, Block):
                act.write(folder)
    return folder


def end_of(lines: Sequence[str], under: Sequence[str]) -> int:
    """Before which line one adds what comes under those keys; at the very end without any."""
    start, end = 0, len(lines)
    for key in under:
        start, depth = _found(lines, key, start, end)
        deeper = (n for n in range(start, end) if lines[n].strip() and _depth(lines[n]) <= depth)
        end = next(deeper, end)
    return end


def _found(lines: Sequence[str], key: str, start: int, end: int) -> tuple[int, int]:
    """The line after the one that opens the part, and how deep that one stands."""
    for number in range(start, end):
        if re.match(rf" *{re.escape(key)}:( *#.*)?\n", lines[number]):
            return number + 1, _depth(lines[number])
    raise AssertionError(f"there is no {key} to write under")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _acts(kind: str, body: str) -> list[Block | str]:
    if kind == "sh":
        return list(body.splitlines())
    title = TITLE.match(body)
    assert title is not None, body
    name, where, under = title.groups()
    keys = tuple(under.split(" › ")) if under else ()
    return [Block(name, where is None, keys, body[title.end() :])]
