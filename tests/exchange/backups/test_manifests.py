"""The law of manifests: read as written, and not at all where a word of it was changed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import WrongRootKey
from crypto.providers import LocalKeyProvider
from exchange.backups import manifests
from exchange.backups.keys import new_key
from exchange.backups.manifests import Kind, Manifest, Measured
from exchange.backups.places import opened
from exchange.backups.refusing import BackupRefused
from models.tables.base import new_id

PROVIDER = LocalKeyProvider(bytes(range(32)))
ID = new_id()
KEY, WRAPPED = new_key(PROVIDER, kind=Kind.RECORDS, backup_id=ID)
MANIFEST = Manifest(
    id=ID,
    kind=Kind.RECORDS,
    created_on=datetime(2026, 4, 1, 3, tzinfo=UTC),
    database="sqlite",
    schema="",
    keystore="00ff",
    facts={"audit_sequence": 12},
    rows={"audit": 12, "kobe_application": 3},
    left_out=("blindindex",),
    plain=Measured(100, "aa"),
    sealed=Measured(137, "bb"),
    wrapped_key=WRAPPED,
    half=7,
    halves=b"some",
)
NUMBERS = st.dictionaries(st.text(max_size=20), st.integers(0, 2**63))


@given(facts=NUMBERS, rows=NUMBERS, schema=st.text(max_size=20))
def test_it_is_read_as_it_was_written(
    facts: dict[str, int], rows: dict[str, int], schema: str
) -> None:
    manifest = replace(MANIFEST, facts=facts, rows=rows, schema=schema)
    read, key = manifests.read(manifests.written(manifest, KEY), PROVIDER)
    assert read == manifest
    assert key.mac(b"x") == KEY.mac(b"x")
    assert read.row_count == sum(rows.values())


def changed(stated: Any) -> Iterator[Any]:
    """The same with one thing in it being another, each in turn."""
    match stated:
        case dict():
            for name, value in stated.items():
                yield from ({**stated, name: other} for other in changed(value))
            yield {**stated, "more": 1}
        case list():
            yield [*stated, "more"]
        case int():
            yield stated + 1
        case str():
            yield f"{stated}0"


@pytest.mark.parametrize("number", range(len(list(changed(json.loads(
    manifests.written(MANIFEST, KEY))["manifest"])))))  # fmt: skip
def test_no_word_may_be_changed(number: int) -> None:
    told = json.loads(manifests.written(MANIFEST, KEY))
    told["manifest"] = list(changed(told["manifest"]))[number]
    with pytest.raises((BackupRefused, WrongRootKey)):
        manifests.read(json.dumps(told).encode(), PROVIDER)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"mac": 1, "manifest": 2}'])
def test_what_is_no_manifest_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(BackupRefused, match="none of ours"):
        manifests.read(text, PROVIDER)


def test_another_root_key_does_not_open_it() -> None:
    with pytest.raises(WrongRootKey):
        manifests.read(manifests.written(MANIFEST, KEY), LocalKeyProvider(bytes(32)))


def test_a_backup_of_the_keystore_cannot_pass_for_one_of_the_records() -> None:
    as_keystore = replace(MANIFEST, kind=Kind.KEYSTORE)
    with pytest.raises(WrongRootKey):
        manifests.read(manifests.written(as_keystore, KEY), PROVIDER)


def test_a_folder_without_one_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="is no backup"):
        opened(tmp_path, PROVIDER)


def test_the_key_is_in_no_repr() -> None:
    assert "wrapped" not in repr(MANIFEST)
