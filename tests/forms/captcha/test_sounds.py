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
    MURMUR_LIMIT,
    RATE,
    SILENCE,
    VOICE_LIMIT,
    VOICES,
    Language,
    Manner,
    as_voice,
    at_loudness,
    faded,
    mix,
    recording,
    reflected,
    said,
    strength_of,
)

FOLDER = Path(forms.captcha.__file__).parent
EVERY_VOICE = [(language, voice) for language in LANGUAGES for voice in VOICES[language]]
PLAIN = Manner(speed=1.0, drift=0.0, swell=0.0, turns=0.0, phase=0.0)
voices = st.binary(min_size=2, max_size=300)
tracks = st.lists(st.floats(-500, 500), min_size=1, max_size=100)
manners = st.builds(
    Manner,
    speed=st.floats(0.5, 2.0),
    drift=st.floats(-0.2, 0.2),
    swell=st.floats(0.0, 0.5),
    turns=st.floats(0.0, 3.0),
    phase=st.floats(0.0, 7.0),
)


def signed(voice: bytes) -> list[int]:
    return list(memoryview(voice).cast("b"))


def as_bytes(samples: list[int]) -> bytes:
    return bytes(sample % 256 for sample in samples)


@pytest.mark.parametrize(("language", "voice"), EVERY_VOICE)
@pytest.mark.parametrize("digit", DIGITS)
def test_every_recording_is_small_and_within_bounds(
    digit: str, language: Language, voice: str
) -> None:
    with wave.open(str(FOLDER / "voices" / language / voice / f"{digit}.wav")) as sound:
        assert sound.getparams()[:3] == (1, 1, RATE)
    samples = signed(recording(voice, digit, language=language))
    assert 0.25 * RATE < len(samples) < 0.75 * RATE
    assert -100 <= min(samples) < -30
    assert 30 < max(samples) <= 100
    assert abs(sum(samples) / len(samples)) < 2


def test_no_two_recordings_are_the_same() -> None:
    files = [
        recording(voice, digit, language=language)
        for language, voice in EVERY_VOICE
        for digit in DIGITS
    ]
    assert len(set(files)) == 60


def test_every_data_file_is_accounted_for_in_the_notice() -> None:
    notice = (FOLDER / "voices" / "NOTICE.md").read_text(encoding="utf-8")
    folders = {file.parent.relative_to(FOLDER / "voices") for file in FOLDER.rglob("*.wav")}
    assert folders == {Path(language, voice) for language, voice in EVERY_VOICE}
    files = (*(FOLDER / "fonts").iterdir(), *(FOLDER / "licences").iterdir())
    named = (*(f"{folder.as_posix()}/" for folder in folders), *(file.name for file in files))
    for name in named:
        assert f"`{name}`" in notice
    for owner in ("Nagoya Institute of Technology", "MMDAgent", "Carnegie Mellon University"):
        assert owner in notice


@given(voices)
def test_said_plainly_a_voice_is_as_recorded_but_for_the_last_sample(voice: bytes) -> None:
    assert said(voice, PLAIN) == signed(voice)[:-1]


@given(voices, manners)
def test_a_manner_changes_the_length_by_the_inverse_of_its_speed(
    voice: bytes, manner: Manner
) -> None:
    length = len(said(voice, manner))
    slowest, fastest = (manner.speed * (1 + way * abs(manner.drift)) for way in (-1, 1))
    assert (len(voice) - 1) / fastest - 1 <= length <= (len(voice) - 1) / slowest + 1


@given(voices, manners)
def test_a_manner_makes_nothing_louder_than_its_swell(voice: bytes, manner: Manner) -> None:
    most = (1 + manner.swell) * max(map(abs, signed(voice)))
    assert all(abs(sample) <= most + 1e-6 for sample in said(voice, manner))


@given(tracks, st.integers(1, 50), st.floats(-1, 1))
def test_a_reflection_is_the_samples_again_later(
    samples: list[float], delay: int, share: float
) -> None:
    both = reflected(samples, delay=delay, share=share)
    assert len(both) == len(samples) + delay
    again = [sample - first for sample, first in zip(both, samples, strict=False)][delay:]
    later = [share * sample for sample in samples[: len(samples) - delay]]
    assert again == pytest.approx(later[: len(again)], abs=1e-6)


@given(tracks)
def test_a_voice_is_as_strong_as_asked_and_within_its_limit(samples: list[float]) -> None:
    voice = signed(as_voice(samples, strength=28))
    assert max(map(abs, voice)) <= VOICE_LIMIT
    assert sum(sample**2 for sample in voice) <= 28.1**2 * len(voice)


def test_a_recording_is_brought_to_the_strength_asked_for() -> None:
    voice = as_voice(signed(recording("mei", "7", language="ja")), strength=20)
    assert strength_of(voice) == pytest.approx(20, rel=0.05)


@given(st.lists(st.integers(-127, 127), min_size=1, max_size=300))
def test_strength_is_the_root_mean_square(samples: list[int]) -> None:
    power = sum(sample**2 for sample in samples) / len(samples)
    assert strength_of(as_bytes(samples)) == pytest.approx(max(1.0, power**0.5), abs=5.7)
    assert strength_of(b"") == 1.0


@given(voices, st.integers(0, 64), st.integers(1, 127))
def test_loudness_scales_every_sample_up_to_the_limit(voice: bytes, part: int, limit: int) -> None:
    quieter = signed(at_loudness(voice, loudness=part / 64, limit=limit))
    for now, was in zip(quieter, signed(voice), strict=True):
        wanted = was * part / 64
        assert abs(now - max(-limit, min(limit, wanted))) < 1


@given(st.binary(max_size=300))
def test_fading_changes_nothing_but_the_edges(samples: bytes) -> None:
    quieter, was = signed(faded(samples)), signed(samples)
    assert len(quieter) == len(was)
    assert quieter[40:-40] == was[40:-40]
    assert all(abs(now) <= abs(before) for now, before in zip(quieter, was, strict=True))
    assert quieter[:1] in ([], [0], was[:1])


@given(st.lists(st.integers(-VOICE_LIMIT, VOICE_LIMIT), min_size=1), st.data())
def test_mixing_adds_sample_by_sample(voice: list[int], data: st.DataObject) -> None:
    levels = st.integers(-MURMUR_LIMIT, MURMUR_LIMIT)
    murmur = data.draw(st.lists(levels, min_size=len(voice), max_size=len(voice)))
    mixed = mix(as_bytes(voice), as_bytes(murmur))
    assert [value - SILENCE for value in mixed] == [
        a + b for a, b in zip(voice, murmur, strict=True)
    ]
