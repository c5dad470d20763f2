"""The sound: a WAV of the promised shape in which a listener finds the digits in order."""

import wave
from io import BytesIO
from secrets import randbelow

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.captcha.audio import render_audio
from forms.captcha.sounds import LANGUAGES, RATE, SILENCE, Language
from tests.forms.captcha.listening import heard, loudness, spoken_parts

codes = st.from_regex(r"[0-9]{6}", fullmatch=True)
languages = st.sampled_from(LANGUAGES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def frames(data: bytes) -> bytes:
    with wave.open(BytesIO(data)) as sound:
        assert sound.getparams()[:3] == (1, 1, RATE)
        return bytes(sound.readframes(sound.getnframes()))


def samples(data: bytes) -> list[int]:
    return [value - SILENCE for value in frames(data)]


@settings(deadline=None, max_examples=50)
@given(codes, languages)
def test_every_code_gives_a_wav_of_five_to_ten_seconds(code: str, language: Language) -> None:
    track = frames(render_audio(code, language=language))
    assert 4.5 <= len(track) / RATE <= 10.5


@settings(deadline=None, max_examples=30)
@given(codes, languages)
def test_no_two_sounds_of_one_code_are_alike(code: str, language: Language) -> None:
    one, two = (frames(render_audio(code, language=language)) for _ in range(2))
    same = sum(a == b for a, b in zip(one, two, strict=False))
    assert same < 0.5 * min(len(one), len(two))


@settings(deadline=None, max_examples=20)
@given(codes, languages)
def test_there_are_six_words_with_time_to_type_between(code: str, language: Language) -> None:
    parts = spoken_parts(samples(render_audio(code, language=language)))
    assert len(parts) == 6
    assert parts[0][0] >= 0.2 * RATE  # 0.5, less what murmur may seem to add to a word.
    for (_, end), (start, _) in zip(parts, parts[1:], strict=False):
        assert start - end >= 0.2 * RATE


@each_language
def test_the_words_are_the_codes_digits_in_order(language: Language) -> None:
    """A listener who knows the recordings hears 99 of 100 digits; half as bad would fail."""
    right = 0
    for _ in range(12):
        code = f"{randbelow(10**6):06d}"
        listened = heard(frames(render_audio(code, language=language)), language=language)
        assert len(listened) == 6
        right += sum(said == got for said, got in zip(code, listened, strict=True))
    assert right >= 66


@each_language
@pytest.mark.parametrize("digit", "0123456789")
def test_each_digit_is_understood(digit: str, language: Language) -> None:
    tracks = [frames(render_audio(digit * 6, language=language)) for _ in range(3)]
    listened = "".join(heard(track, language=language) for track in tracks)
    assert listened.count(digit) >= 6  # Chance would give 2 of 18.


@settings(deadline=None, max_examples=20)
@given(codes, languages)
def test_nothing_is_clipped_and_nothing_is_silent(code: str, language: Language) -> None:
    track = frames(render_audio(code, language=language))
    assert min(track) > 0
    assert max(track) < 255
    levels = loudness(samples(render_audio(code, language=language)))
    assert min(levels) > 1  # No bare gap gives the words' edges away.


@settings(deadline=None, max_examples=20)
@given(codes, languages)
def test_speech_stands_ten_decibels_above_the_murmur(code: str, language: Language) -> None:
    track = samples(render_audio(code, language=language))
    parts = spoken_parts(track)
    spoken = [level for start, end in parts for level in loudness(track[start:end])]
    murmur = loudness(track[: parts[0][0]])
    power = [sum(level**2 for level in levels) / len(levels) for levels in (spoken, murmur)]
    assert power[0] / power[1] > 10


@each_language
def test_pauses_speed_and_loudness_vary(language: Language) -> None:
    tracks = [samples(render_audio("777777", language=language)) for _ in range(4)]
    words = [part for track in tracks for part in spoken_parts(track)]
    lengths = [end - start for start, end in words]
    starts = {start for start, _ in words}
    assert max(lengths) / min(lengths) > 1.05
    assert len(starts) > 20
