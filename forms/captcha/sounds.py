"""Recorded digits, 8,000 samples a second, 8 bits each, and what can be done to samples: speed,
colour, strength, mixing. It knows nothing of chance, codes or files sent.

A byte of a voice or a murmur is a signed sample (two's complement). A voice stays within ±88, a
murmur over which it is heard within ±38: their sum needs no clipping.
"""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import pi, sin, sqrt
from operator import mul
from pathlib import Path
from typing import Literal, get_args

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
VOICES: dict[Language, tuple[str, ...]] = {
    "ja": ("mei", "mei-low", "mei-high"),
    "en": ("slt", "rms", "kal"),
}
RATE = 8000
SILENCE = 128
DIGITS = "0123456789"
VOICE_LIMIT, MURMUR_LIMIT = 88, 38

_FOLDER = Path(__file__).parent / "voices"
_SIGNED = [value - 256 if value > 127 else value for value in range(256)]
_TO_SIGNED = bytes(range(128, 256)) + bytes(range(128))
_POWERS = bytes(min(255, round(sample**2 / 64)) for sample in _SIGNED)
_FADE = 40


@dataclass(frozen=True)
class Manner:
    """How a voice says a digit: how fast, and how far speed and loudness go up and down, so many
    turns from beginning to end."""

    speed: float
    drift: float
    swell: float
    turns: float
    phase: float


@cache
def recording(voice: str, digit: str, *, language: Language) -> bytes:
    """One digit as recorded."""
    with wave.open(str(_FOLDER / language / voice / f"{digit}.wav"), "rb") as file:
        return file.readframes(file.getnframes()).translate(_TO_SIGNED)


def said(voice: bytes, manner: Manner) -> list[float]:
    """The voice in that manner, its pitch going with its speed; between samples it is a line."""
    samples = list(memoryview(voice).cast("b"))
    last, turn = len(samples) - 1, 2 * pi * manner.turns / len(samples)
    played, place = [], 0.0
    while place < last:
        before = int(place)
        sample = samples[before]
        between = sample + (samples[before + 1] - sample) * (place - before)
        swing = sin(turn * place + manner.phase)
        played.append(between * (1.0 + manner.swell * swing))
        place += manner.speed * (1.0 + manner.drift * swing)
    return played


def reflected(samples: Sequence[float], *, delay: int, share: float) -> list[float]:
    """The samples and, `delay` later, a share of them again: up to 2 ms it is heard as another
    colour of the voice, since some bands grow and some shrink; later, as a room."""
    silence = [0.0] * delay
    return [
        sample + share * before
        for sample, before in zip([*samples, *silence], [*silence, *samples], strict=True)
    ]


def as_voice(samples: Sequence[float], *, strength: float) -> bytes:
    """The samples brought to a root mean square of `strength`; peaks are cut at the limit."""
    power = sum(map(mul, samples, samples)) / len(samples)
    factor = strength / sqrt(max(power, 1.0))
    high = VOICE_LIMIT / factor
    low = -high
    return bytes(
        [
            int(factor * (sample if low < sample < high else high if sample > 0 else low)) & 0xFF
            for sample in samples
        ]
    )


def strength_of(samples: bytes) -> float:
    """Their root mean square, within a few hundredths and at least 1."""
    power = 64 * sum(samples.translate(_POWERS)) / max(1, len(samples))
    return sqrt(max(1.0, power))


def at_loudness(samples: bytes, *, loudness: float, limit: int = 127) -> bytes:
    """The samples times `loudness`, cut at ±`limit`."""
    return samples.translate(_loudness_table(round(loudness * 64), limit))


def faded(samples: bytes) -> bytes:
    """The samples, growing out of silence and sinking back within 5 ms: no click."""
    signed = memoryview(samples).cast("b")
    edge = min(_FADE, len(samples) // 2)
    into = [signed[place] * place // _FADE & 0xFF for place in range(edge)]
    out = [signed[-place] * place // _FADE & 0xFF for place in range(edge, 0, -1)]
    return bytes(into) + samples[edge : len(samples) - edge] + bytes(out)


def mix(voice: bytes, murmur: bytes) -> bytes:
    """A voice over a murmur as long, as WAV has it: 128 plus the sample.

    Lifted above zero, no two bytes add up to more than 255: nothing carries over, and one
    addition of two long numbers adds them all.
    """
    lifted_voice = voice.translate(_lifting_table(SILENCE - MURMUR_LIMIT))
    lifted_murmur = murmur.translate(_lifting_table(MURMUR_LIMIT))
    whole = int.from_bytes(lifted_voice) + int.from_bytes(lifted_murmur)
    return whole.to_bytes(len(voice))


@cache
def _loudness_table(sixty_fourths: int, limit: int) -> bytes:
    scaled = (int(sample * sixty_fourths / 64) for sample in _SIGNED)
    return bytes(max(-limit, min(limit, sample)) % 256 for sample in scaled)


@cache
def _lifting_table(lift: int) -> bytes:
    return bytes((sample + lift) % 256 for sample in _SIGNED)
