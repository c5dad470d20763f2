"""A checkpoint's line: read back as it was made, and refused with any change whatever."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.signing import Signer
from models.records.checkpoints.lines import (
    FIRST,
    LONGEST,
    NONE_OF_OURS,
    OTHER_KEY,
    REWRITTEN,
    Checkpoint,
    NoCheckpoint,
    made,
    read,
)

SIGNER = Signer(bytes(range(32)))
OTHER = Signer(bytes(32))
HASHES = st.binary(min_size=32, max_size=32)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - what Hypothesis asks for


def checkpoint(signer: Signer = SIGNER) -> Checkpoint:
    on = datetime(2026, 4, 1, 9, tzinfo=UTC)
    return made(signer, sequence=1234, mac=bytes(32), on=on, previous=FIRST)


def refused(text: str) -> str:
    with pytest.raises(NoCheckpoint) as refusal:
        read(text, SIGNER.verifier)
    return str(refusal.value)


@given(sequence=st.integers(0, 2**63 - 1), mac=HASHES, on=MOMENTS, previous=HASHES)
def test_what_was_made_is_read(sequence: int, mac: bytes, on: datetime, previous: bytes) -> None:
    one = made(SIGNER, sequence=sequence, mac=mac, on=on, previous=previous)
    assert read(one.line, SIGNER.verifier) == one
    assert len(one.line) < LONGEST
    assert one.line.isascii()
    assert "\n" not in one.line


def test_it_is_plain_canonical_json() -> None:
    """An outsider needs no word of this program: docs/audit.md says how to check it."""
    stated = json.loads(checkpoint().line)
    assert list(stated) == ["key", "mac", "on", "previous", "sequence", "signature"]
    signature = bytes.fromhex(stated.pop("signature"))
    data = json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()
    assert SIGNER.verifier.accepts(signature, data)
    assert stated["key"] == SIGNER.verifier.key_id


@given(place=st.integers(0, 2000), letter=st.characters(min_codepoint=32, max_codepoint=126))
def test_no_letter_may_change(place: int, letter: str) -> None:
    line = checkpoint().line
    place %= len(line)
    changed = line[:place] + letter + line[place + 1 :]
    if changed != line:
        assert refused(changed) in {NONE_OF_OURS, OTHER_KEY, REWRITTEN}


@given(text=st.text(max_size=200))
def test_what_is_none_is_refused(text: str) -> None:
    assert refused(text) == NONE_OF_OURS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[]",
        "null",
        '{"a":' * 300,
        "{" + " " * LONGEST + "}",
        "[" * LONGEST,
        checkpoint().line[:-1],
        checkpoint().line + "}",
        checkpoint().line * 2,
        checkpoint().line.replace('"sequence":1234', '"sequence":"x"'),
        checkpoint().line.replace("2026-04-01T09:00:00+00:00", "yesterday"),
    ],
)
def test_broken_lines_are_refused(text: str) -> None:
    assert refused(text) == NONE_OF_OURS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"sequence":1234', '"sequence":1233'),
        ('"sequence":1234', '"sequence": 1234'),
        ("09:00:00", "10:00:00"),
        ('"previous":"00', '"previous":"01'),
        ('"mac":"00', '"mac":"01'),
        ('"signature"', '"note":"","signature"'),
        ('{"key"', '{"key":"again","key"'),
    ],
)
def test_a_rewritten_line_is_refused(before: str, after: str) -> None:
    assert before in checkpoint().line
    assert refused(checkpoint().line.replace(before, after, 1)) == REWRITTEN


def test_another_key_is_none_of_ours() -> None:
    assert refused(checkpoint(OTHER).line) == OTHER_KEY
    ours = SIGNER.verifier.key_id
    pretending = checkpoint(OTHER).line.replace(OTHER.verifier.key_id, ours)
    assert refused(pretending) == REWRITTEN


def test_what_syslog_puts_before_it_is_passed_over() -> None:
    one = checkpoint()
    for prefix in ("<110>1 2026-04-01T09:00:00Z kobe uketsuke 1 audit-checkpoint - ", "  "):
        assert read(prefix + one.line + "\r", SIGNER.verifier) == one
