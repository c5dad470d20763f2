"""The sound: a WAV of the promised shape in which the digits are said in order, well above the
murmur.
"""

import wave
from io import BytesIO
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.captcha.audio import Layers, compose, render_audio
from forms.captcha.sounds import LANGUAGES, RATE, SILENCE, Language, mix
from tests.forms.captcha.conftest import any_code
from tests.forms.captcha.listening import heard_at

codes = st.from_regex(r"[0-9]{6}", fullmatch=True)
languages = st.sampled_from(LANGUAGES)


def frames(data: bytes) -> bytes:
    with wave.open(BytesIO(data)) as sound:
        assert sound.getparams()[:3] == (1, 1, RATE)
        return bytes(sound.readframes(sound.getnframes()))


def power(samples: bytes) -> float:
    return sum(sample**2 for sample in memoryview(samples).cast("b")) / len(samples)


def pauses(layers: Layers) -> list[int]:
    return [after.start - before.stop for before, after in pairwise(layers.digits)]


@settings(deadline=None, max_examples=50)
@given(codes, languages)
def test_every_code_gives_a_wav_of_four_to_ten_seconds(code: str, language: Language) -> None:
    track = frames(render_audio(code, language=language))
    assert 4 <= len(track) / RATE <= 10


@settings(deadline=None, max_examples=30)
@given(codes, languages)
def test_no_two_sounds_of_one_code_are_alike(code: str, language: Language) -> None:
    one, two = (frames(render_audio(code, language=language)) for _ in range(2))
    same = sum(a == b for a, b in zip(one, two, strict=False))
    assert same < 0.5 * min(len(one), len(two))


@settings(deadline=None, max_examples=30)
@given(codes, languages)
def test_six_digits_are_said_in_groups_with_time_to_type_between(
    code: str, language: Language
) -> None:
    layers = compose(code, language=language)
    assert len(layers.speech) == len(layers.murmur)
    assert len(layers.digits) == 6
    assert layers.digits[0].start >= 0.5 * RATE
    wide = [pause >= 0.6 * RATE for pause in pauses(layers)]
    assert 2 <= sum(wide) <= 3
    assert all(0 <= pause <= 0.08 * RATE or pause >= 0.6 * RATE for pause in pauses(layers))
    assert not any(not any(wide[place : place + 3]) for place in range(3))  # Three at a time.


@settings(deadline=None, max_examples=40)
@given(codes, languages)
def test_each_digit_stands_eight_decibels_above_the_murmur_under_it(
    code: str, language: Language
) -> None:
    layers = compose(code, language=language)
    for digit in layers.digits:
        assert power(layers.speech[digit]) >= 10**0.8 * power(layers.murmur[digit])


@settings(deadline=None, max_examples=40)
@given(codes, languages)
def test_what_murmurs_between_is_weaker_than_any_digit(code: str, language: Language) -> None:
    layers = compose(code, language=language)
    weakest = min(power(layers.speech[digit]) for digit in layers.digits)
    for before, after in pairwise([slice(0, 0), *layers.digits]):
        if after.start - before.stop > 0.1 * RATE:
            assert power(layers.murmur[before.stop : after.start]) < 0.65 * weakest


@pytest.mark.parametrize(("language", "share"), [("ja", 0.75), ("en", 0.5)])
def test_who_is_told_where_the_digits_are_hears_them(
    language: Language, share: float, chance: Random
) -> None:
    """A listener who compares with the recordings: no person, but no digit is lost to it."""
    right = 0
    for _ in range(14):
        code = any_code(chance)
        layers = compose(code, language=language)
        track = [value - SILENCE for value in mix(layers.speech, layers.murmur)]
        places = [(digit.start, digit.stop) for digit in layers.digits]
        listened = heard_at(track, places, language=language)
        right += sum(said == got for said, got in zip(code, listened, strict=True))
    assert right >= share * 6 * 14


@settings(deadline=None, max_examples=20)
@given(codes, languages)
def test_nothing_is_clipped(code: str, language: Language) -> None:
    track = frames(render_audio(code, language=language))
    assert min(track) > 0
    assert max(track) < 255


@pytest.mark.parametrize("language", LANGUAGES)
def test_pauses_speed_and_loudness_vary(language: Language) -> None:
    layers = [compose("777777", language=language) for _ in range(4)]
    lengths = [digit.stop - digit.start for one in layers for digit in one.digits]
    powers = [power(one.speech[digit]) for one in layers for digit in one.digits]
    assert max(lengths) / min(lengths) > 1.1
    assert max(powers) / min(powers) > 1.1
    assert len({pause for one in layers for pause in pauses(one)}) > 15
