"""Not weaker than it sounds: a listener who knows every recording hears plain rows of digits, but
seldom all of ours.
"""

from collections.abc import Callable
from functools import partial
from random import Random

from forms.captcha.audio import compose
from forms.captcha.sounds import LANGUAGES, RATE, SILENCE, VOICES, Language, mix, recording
from tests.forms.captcha.conftest import any_code
from tests.forms.captcha.listening import heard

Row = Callable[[str, Language], list[int]]


def plain_row(code: str, language: Language, *, chance: Random) -> list[int]:
    """Recordings of all voices as they are, in hiss, with pauses of half a second and more."""
    row: list[int] = [0] * RATE
    for digit in code:
        voice = recording(chance.choice(VOICES[language]), digit, language=language)
        row += [*memoryview(voice).cast("b"), *[0] * chance.randrange(RATE // 2, RATE)]
    return [sample + chance.randrange(-6, 7) for sample in row]


def ours(code: str, language: Language) -> list[int]:
    layers = compose(code, language=language)
    return [value - SILENCE for value in mix(layers.speech, layers.murmur)]


def share_heard(row: Row, *, codes: int, chance: Random) -> float:
    """Of so many codes in each language, told whole."""
    asked = [(any_code(chance), language) for language in LANGUAGES for _ in range(codes)]
    return sum(heard(row(*one), language=one[1]) == one[0] for one in asked) / len(asked)


def test_the_listener_hears_plain_rows(chance: Random) -> None:
    """Else its failure on ours would prove nothing."""
    assert share_heard(partial(plain_row, chance=chance), codes=8, chance=chance) >= 0.8


def test_the_listener_seldom_hears_ours(chance: Random) -> None:
    """It usually hears a few of 100."""
    assert share_heard(ours, codes=20, chance=chance) <= 0.15
