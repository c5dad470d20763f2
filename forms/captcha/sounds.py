"""Recorded digits and murmur, 8,000 samples a second, 8 bits each: digits said faster or slower
and pieces of background, made ahead and kept in banks. It knows nothing of codes or files sent.

A byte is a signed sample (two's complement) in a voice, and 128 plus the sample in a background,
as WAV has it; so adding the two gives what is sent. Voices stay within ±100, background within
±27: the sum needs no clipping.
"""

import wave
from collections.abc import Iterable
from functools import cache, partial
from operator import add
from pathlib import Path
from secrets import token_bytes
from typing import Literal, get_args

from forms.captcha.bank import Bank, chance

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
RATE = 8000
SILENCE = 128
DIGITS = "0123456789"

_VOICES = Path(__file__).parent / "voices"
_SPEED = (0.88, 1.10)
_PIECE = 2 * RATE
_HISS = 6
_MURMURS, _MURMUR_LOUDNESS = 3, 0.07  # Three layers of ±7 and a hiss of ±6: ±27.
_TO_HISS = bytes(SILENCE - _HISS + value % (2 * _HISS + 1) for value in range(256))


@cache
def recording(language: Language, digit: str) -> bytes:
    """One digit as recorded, signed samples."""
    with wave.open(str(_VOICES / language / f"{digit}.wav"), "rb") as file:
        return bytes((sample - SILENCE) % 256 for sample in file.readframes(file.getnframes()))


def at_speed(voice: bytes, *, speed: float) -> bytes:
    """The voice played faster or slower, its pitch with it; between samples it is a line."""
    samples = memoryview(voice).cast("b")
    played = []
    for step in range(int((len(samples) - 1) / speed)):
        place = step * speed
        before = int(place)
        share = place - before
        value = samples[before] * (1 - share) + samples[before + 1] * share
        played.append(round(value) % 256)
    return bytes(played)


def at_loudness(voice: bytes, *, loudness: float) -> bytes:
    """The voice's samples times `loudness`, which is at most 1."""
    return voice.translate(_loudness_table(round(loudness * 64)))


def mix(background: Iterable[int], voice: bytes) -> bytes:
    """A background with a voice over it, as long as the shorter one."""
    return bytes(map(add, background, memoryview(voice).cast("b")))


def draw_spoken(language: Language, digit: str) -> bytes:
    return at_speed(recording(language, digit), speed=chance.uniform(*_SPEED))


def draw_background() -> bytes:
    """Two seconds of hiss and of the digits of both languages, quiet, backwards, in layers."""
    piece = token_bytes(_PIECE).translate(_TO_HISS)
    for _ in range(_MURMURS):
        piece = mix(piece, _murmur())
    return piece


spoken_banks = {
    (language, digit): Bank(partial(draw_spoken, language, digit), size=24, uses=50)
    for language in LANGUAGES
    for digit in DIGITS
}
background_bank = Bank(draw_background, size=24, uses=1000)


@cache
def _loudness_table(sixty_fourths: int) -> bytes:
    signed = [value - 256 if value > 127 else value for value in range(256)]
    return bytes(int(value * sixty_fourths / 64) % 256 for value in signed)


def _murmur() -> bytes:
    """One layer: backwards, so that no digit is ever heard that is not in the code."""
    layer = b""
    while len(layer) < _PIECE:
        voice = recording(chance.choice(LANGUAGES), chance.choice(DIGITS))
        layer += at_loudness(voice[::-1], loudness=_MURMUR_LOUDNESS)
    return layer[:_PIECE]
