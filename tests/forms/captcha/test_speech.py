"""Digits said anew and murmur: each one different, all within their limits."""

import pytest

from forms.captcha.sounds import DIGITS, LANGUAGES, RATE, VOICE_LIMIT, Language, strength_of
from forms.captcha.speech import draw_murmur, draw_spoken

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_is_said_anew_each_time_and_about_as_strong(
    language: Language, digit: str
) -> None:
    drawn = [draw_spoken(language, digit) for _ in range(6)]
    assert len(set(drawn)) == 6
    for voice in drawn:
        assert 0.2 * RATE < len(voice) < 0.9 * RATE
        assert max(map(abs, memoryview(voice).cast("b"))) <= VOICE_LIMIT
        assert 20 < strength_of(voice) < 30
    assert max(map(len, drawn)) / min(map(len, drawn)) > 1.05


@each_language
def test_a_murmur_is_new_each_time_and_never_rests(language: Language) -> None:
    pieces = [draw_murmur(language) for _ in range(6)]
    assert len(set(pieces)) == 6
    for piece in pieces:
        assert len(piece) == 2 * RATE
        parts = [piece[start : start + RATE // 4] for start in range(0, len(piece), RATE // 4)]
        assert min(map(strength_of, parts)) > 4
