"""The recordings as committed, and the laws of what is done to samples."""

import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forms.captcha
from forms.captcha.sounds import (
    DIGITS,
    LANGUAGES,
    RATE,
    SILENCE,
    Language,
    at_loudness,
    at_speed,
    draw_background,
    mix,
    recording,
)

FOLDER = Path(forms.captcha.__file__).parent
voices = st.binary(min_size=2, max_size=300)


def signed(voice: bytes) -> list[int]:
    return list(memoryview(voice).cast("b"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("digit", DIGITS)
def test_every_recording_is_small_and_within_bounds(digit: str, language: Language) -> None:
    with wave.open(str(FOLDER / "voices" / language / f"{digit}.wav")) as sound:
        assert sound.getparams()[:3] == (1, 1, RATE)
    voice = signed(recording(language, digit))
    assert 0.25 * RATE < len(voice) < 0.75 * RATE
    assert -100 <= min(voice) < -30
    assert 30 < max(voice) <= 100
    assert abs(sum(voice) / len(voice)) < 2


def test_no_two_recordings_are_the_same() -> None:
    assert len({recording(language, digit) for language in LANGUAGES for digit in DIGITS}) == 20


def test_every_data_file_is_accounted_for_in_the_notice() -> None:
    notice = (FOLDER / "voices" / "NOTICE.md").read_text(encoding="utf-8")
    folders = {file.parent.name for file in FOLDER.rglob("*.wav")}
    assert folders == set(LANGUAGES)
    files = (*(FOLDER / "fonts").iterdir(), *(FOLDER / "licences").iterdir())
    for name in ("`ja/`", "`en/`", *(file.name for file in files)):
        assert name in notice
    for owner in ("Nagoya Institute of Technology", "MMDAgent", "Carnegie Mellon University"):
        assert owner in notice


@given(voices, st.floats(0.5, 2.0))
def test_speed_changes_the_length_by_its_inverse(voice: bytes, speed: float) -> None:
    played = at_speed(voice, speed=speed)
    assert abs(len(played) - (len(voice) - 1) / speed) <= 1


@given(voices, st.floats(0.5, 2.0))
def test_speed_never_makes_a_voice_louder(voice: bytes, speed: float) -> None:
    played, was = signed(at_speed(voice, speed=speed)), signed(voice)
    assert all(min(was) <= sample <= max(was) for sample in played)


@given(voices)
def test_speed_one_changes_nothing_but_the_last_sample(voice: bytes) -> None:
    assert at_speed(voice, speed=1.0) == voice[:-1]


@given(voices, st.integers(0, 64))
def test_loudness_scales_every_sample(voice: bytes, part: int) -> None:
    quieter = signed(at_loudness(voice, loudness=part / 64))
    for now, was in zip(quieter, signed(voice), strict=True):
        assert abs(now - was * part / 64) < 1
        assert abs(now) <= abs(was)


@given(st.lists(st.integers(-100, 100), min_size=1), st.data())
def test_mixing_adds_sample_by_sample(voice: list[int], data: st.DataObject) -> None:
    levels = st.lists(st.integers(-27, 27), min_size=len(voice), max_size=len(voice))
    murmur = data.draw(levels)
    mixed = mix(
        bytes(level + SILENCE for level in murmur), bytes(sample % 256 for sample in voice)
    )
    assert [value - SILENCE for value in mixed] == [
        a + b for a, b in zip(voice, murmur, strict=True)
    ]


def test_a_background_leaves_room_for_a_voice() -> None:
    pieces = [draw_background() for _ in range(10)]
    assert len(set(pieces)) == 10
    for piece in pieces:
        assert len(piece) == 2 * RATE
        assert min(piece) >= SILENCE - 27
        assert max(piece) <= SILENCE + 27
