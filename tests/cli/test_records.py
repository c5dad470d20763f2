"""`flask records export` and `import`: whole files or none, whole imports or none."""

import csv
import errno
import hashlib
import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import text

from models.tables.record_data import AuditEntry
from tests.cli.installation import ENTITY, Installation, export, with_kobe

ASKED = (
    "kobe_organizationname", "kobe_nickname", "kobe_email", "kobe_phone", "kobe_websiteurl",
    "kobe_catchphrase", "kobe_category", "kobe_body",
)  # fmt: skip
TO_THE_OFFICE = ("--business-unit", "運営事務局")


def rows(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def outcomes(installation: Installation) -> list[str]:
    """How exports ended, as the audit has it."""
    bodies = [row.body for row in installation.rows(AuditEntry) if row.action == "export"]
    return [json.loads(body)["outcome"] for body in bodies]


def answers(installation: Installation) -> list[dict[str, object]]:
    """What the applications say, in an order of its own."""
    said = [{name: one[name] for name in ASKED} for one in installation.records()]
    return sorted(said, key=lambda one: str(one["kobe_email"]))


def test_an_export_is_whole_private_and_told(own_kobe: Installation, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        said = own_kobe.done(*export(tmp_path / "all.csv"))
    finally:
        os.umask(before)
    content = (tmp_path / "all.csv").read_bytes()
    assert f"Wrote 30 records to {tmp_path / 'all.csv'}." in said
    assert f"SHA-256 {hashlib.sha256(content).hexdigest()}" in said
    assert stat.S_IMODE((tmp_path / "all.csv").stat().st_mode) == 0o600
    found = rows(tmp_path / "all.csv")
    assert len(found) == 31
    assert {row[4] for row in found[1:]} == {one["kobe_email"] for one in own_kobe.records()}
    assert outcomes(own_kobe)[-2:] == ["started", "ok"]


def test_columns_and_encoding_can_be_chosen(kobe: Installation, tmp_path: Path) -> None:
    chosen = ("--columns", "kobe_nickname, kobe_body", "--format", "csv_cp932")
    kobe.done(*export(tmp_path / "two.csv", *chosen))
    assert rows(tmp_path / "two.csv", "cp932")[0] == ["連絡用ニックネーム", "応援内容"]


def test_a_file_that_is_there_is_left_alone(kobe: Installation, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("大切なもの")
    assert "exists already; --force overwrites it" in kobe.refused(*export(path))
    assert path.read_text() == "大切なもの"


def test_force_overwrites_and_takes_away_what_others_could_read(
    own_kobe: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    path.write_text("古いもの")
    path.chmod(0o644)
    own_kobe.done(*export(path, "--force"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(rows(path)) == 31


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--view", "kobe_mine"), "has no view 'kobe_mine'; it has kobe_application_received, "),
        (("--columns", "kobe_fax"), "has no attribute 'kobe_fax'"),
        (("--purpose", "　"), "Enter Purpose"),
        (("--purpose", "長" * 201), "200"),
        (("--as", "nobody@example.jp"), "no active account nobody@example.jp"),
    ],
)
def test_an_export_that_cannot_be_says_why_and_writes_nothing(
    kobe: Installation, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in kobe.refused(*export(tmp_path / "all.csv", *arguments))
    assert list(tmp_path.iterdir()) == []


def test_an_export_needs_a_purpose_and_a_folder(kobe: Installation, tmp_path: Path) -> None:
    without = export(tmp_path / "all.csv")[:-2]
    assert "Missing option '--purpose'" in kobe.refused(*without, status=2)
    assert f"there is no folder {tmp_path}/no" in kobe.refused(*export(tmp_path / "no" / "x.csv"))


def _full(_descriptor: int) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


BREAKS: dict[str, tuple[Callable[[int], object], str]] = {
    "Ctrl-C": (lambda _descriptor: signal.raise_signal(signal.SIGINT), "Aborted!"),
    "SIGTERM": (lambda _descriptor: signal.raise_signal(signal.SIGTERM), "Aborted!"),
    "a full disk": (_full, "No space left on device"),
}


@pytest.mark.parametrize("end", BREAKS)
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_an_export_that_is_broken_off_leaves_no_half_file(
    own_kobe: Installation, monkeypatch: pytest.MonkeyPatch, force: tuple[str, ...], end: str
) -> None:
    """At the last moment: all is written, but not yet on the disk."""
    how, said = BREAKS[end]
    folder = own_kobe.folder / "exports"
    folder.mkdir()
    if force:
        (folder / "all.csv").write_text("前回の分")
    monkeypatch.setattr(os, "fsync", how)
    assert said in own_kobe.refused(*export(folder / "all.csv", *force))
    assert [path.read_text() for path in folder.iterdir()] == (["前回の分"] if force else [])


def test_an_export_that_fails_midway_leaves_no_half_file(own_kobe: Installation) -> None:
    """A value that was tampered with does not open, and its neighbours are not given away."""
    with own_kobe.engine() as engine, engine.database.engine.begin() as connection:
        spoilt = "UPDATE kobe_application SET kobe_email = zeroblob(85) WHERE rowid = 20"
        connection.execute(text(spoilt))
    output = own_kobe.folder / "exports"
    output.mkdir()
    own_kobe.refused(*export(output / "all.csv"))
    assert list(output.iterdir()) == []
    assert outcomes(own_kobe)[-2:] == ["started", "failed"]


def test_what_was_exported_can_be_imported_elsewhere(kobe: Installation, tmp_path: Path) -> None:
    kobe.done(*export(tmp_path / "all.csv", "--columns", ",".join(ASKED)))
    other = with_kobe(tmp_path)
    said = other.done("records", "import", ENTITY, str(tmp_path / "all.csv"), *TO_THE_OFFICE)
    assert said == "Created 30 records.\n"
    assert answers(other) == answers(kobe)


GOOD = "神戸 花子,hanako@example.jp,078-331-8181,公園に花を,地域の応援,花の世話をします。"
HEADER = "kobe_nickname,kobe_email,kobe_phone,キャッチフレーズ,カテゴリ,kobe_body"
BAD = "神戸 花子,hanako,078-331-8181,公園に花を,港の応援,花の世話をします。"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\n{GOOD}\n{BAD}\n", ("row 3", "E-mail", "Category")),
        (f"{HEADER}\n" + f"{BAD}\n" * 30, ("row 2", "… and 40 more")),
        (f"{HEADER},kobe_fax\n{GOOD},1\n", ("column 7", "no attribute")),
        (f"{HEADER}\n{GOOD},x\n", ("row 2 has 7 cells instead of 6",)),
        (f"{HEADER}\n{GOOD}\n\x00\n", ()),
        ("", ("header",)),
        (b"\x83J\x83e\x83S\x83\x8a", ("bad.csv", "no CSV in utf-8-sig")),
    ],
)
def test_an_import_with_a_mistake_makes_nothing(
    kobe: Installation, tmp_path: Path, content: str | bytes, said: tuple[str, ...]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = kobe.records()
    message = kobe.refused("records", "import", ENTITY, str(path), *TO_THE_OFFICE)
    assert [words for words in said if words not in message] == []
    assert kobe.records() == before


def test_an_import_needs_a_file_and_an_owner(kobe: Installation, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    arguments = ("records", "import", ENTITY, str(path))
    assert "does not exist" in kobe.refused(*arguments, *TO_THE_OFFICE, status=2)
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    assert "--business-unit" in kobe.refused(*arguments, status=2)
    assert "'港湾局'" in kobe.refused(*arguments, "--business-unit", "港湾局")
