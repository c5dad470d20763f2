"""Where a text stands in bytes, however it was spelled and encoded; and all the bytes there are.

A personal value is looked for by the part of it that every spelling has: the local part of an
address, the last eight digits of a number.
"""

import base64
import quopri
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg
from sqlalchemy import make_url

FOLDS = re.compile(rb"=?\r?\n")
"""Where mails break long lines, in base64 and in quoted-printable."""
FOLDED = {"base64+0", "base64+1", "base64+2", "quoted-printable"}
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


@dataclass(frozen=True)
class Person:
    """Somebody's personal values; no other value of the tests holds these parts of them."""

    local_part: str
    digits: str
    """The last eight digits of a telephone number."""

    @property
    def email(self) -> str:
        return f"{self.local_part}@example.jp"

    @property
    def phone(self) -> str:
        return f"090-{self.digits[:4]}-{self.digits[4:]}"

    def texts(self) -> set[str]:
        """Parts that stand in every spelling: as typed, lower case, E.164, full width."""
        dashed = f"{self.digits[:4]}-{self.digits[4:]}"
        full_width = {self.digits.translate(FULL_WIDTH), dashed.translate(FULL_WIDTH)}
        return {self.local_part, self.local_part.lower(), self.digits, dashed} | full_width

    @property
    def pen_name(self) -> str:
        """Free text, which is kept in clear as long as it is kept; holds none of the above."""
        return f"{self.local_part[::-1]}より"


def encodings(text: str) -> dict[str, bytes]:
    """The bytes of a text by the name of the encoding; of base64 those that its place in a
    longer text does not change, which are three."""
    plain = text.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "cp932": text.encode("cp932"),
        "escaped": text.encode("ascii", "backslashreplace"),
        "quoted-printable": FOLDS.sub(b"", quopri.encodestring(plain)),
        "percent": quote(text).encode(),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
    }
    for shift, start in enumerate((0, 2, 3)):
        end = (None, -3, -2)[(shift + len(plain)) % 3]
        found[f"base64+{shift}"] = base64.b64encode(bytes(shift) + plain)[start:end]
    return found


@cache
def needles(texts: frozenset[str]) -> tuple[tuple[bytes, str, str], ...]:
    """(bytes, text, encoding), each once."""
    found = {
        needle: (text, name) for text in sorted(texts) for name, needle in encodings(text).items()
    }
    return tuple((needle, *spelled) for needle, spelled in found.items())


def traces(people: Iterable[Person], places: dict[str, bytes]) -> list[tuple[str, str, str]]:
    """(place, text, encoding) for every personal value that is found."""
    return traces_of((text for person in people for text in person.texts()), places)


def traces_of(texts: Iterable[str], places: dict[str, bytes]) -> list[tuple[str, str, str]]:
    """(place, text, encoding) wherever one of the texts is found."""
    wanted = needles(frozenset(texts))
    found = []
    for place, content in places.items():
        unfolded = FOLDS.sub(b"", content)
        for needle, text, name in wanted:
            if needle in content or (name in FOLDED and needle in unfolded):
                found.append((place, text, name))
    return found


def files_below(directory: Path) -> dict[str, bytes]:
    """Every file, hidden ones too, as it lies on the disk.

    Copies are read, made by another process: where a process closes a file of SQLite, it loses
    the locks it holds on it, and what it writes next may be lost.
    """
    with TemporaryDirectory() as copies:
        subprocess.run(["cp", "-a", f"{directory}/.", copies], check=True)
        return {
            str(path.relative_to(copies)): path.read_bytes()
            for path in sorted(Path(copies).rglob("*"))
            if path.is_file()
        }


def tables_of(postgres_url: str) -> dict[str, bytes]:
    """Every table of the URL's schema, all columns of all rows, as the server's own copies."""
    url = make_url(postgres_url).set(drivername="postgresql")
    found = {}
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema"
        ).fetchall()
        for (name,) in names:
            for form in ("BINARY", "TEXT"):
                statement = f'COPY "{name}" TO STDOUT (FORMAT {form})'
                with connection.cursor().copy(statement) as copy:  # type: ignore[arg-type]
                    found[f"{name} ({form})"] = b"".join(bytes(part) for part in copy)
    return found
