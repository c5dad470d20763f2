"""A listener for the tests: finds spoken digits in a track by their loudness and tells them by
their spectrum. It knows the recordings, as anyone with the source does, but not the code.
"""

from functools import cache
from itertools import product
from math import cos, dist, log, pi, sin
from operator import mul

from forms.captcha.sounds import DIGITS, RATE, SILENCE, Language, at_loudness, recording

FRAME = 160  # 20 ms
_BANDS = (200, 300, 420, 560, 720, 900, 1120, 1400, 1750, 2150, 2600, 3100, 3600)
_HOP, _WINDOW = 80, 80  # 10 ms: short enough to blur the pitch away.
_DEAF = 2000.0  # Energy below which the murmur would be heard.
_MURMUR = 10.5  # The background's loudness stays below, but for a rare frame.
_LONGEST_CLOSURE = 12  # Frames of silence within a word, as before the ち of いち.


def heard(track: bytes, *, language: Language) -> str:
    """The digits heard in a WAV's frames (unsigned bytes), in order."""
    samples = [value - SILENCE for value in track]
    return "".join(
        _nearest(_spectrum(samples[start:end]), language=language)
        for start, end in spoken_parts(samples)
    )


def spoken_parts(samples: list[int]) -> list[tuple[int, int]]:
    """(start, end) of each stretch of speech, in samples."""
    loud = [level > _MURMUR for level in loudness(samples)]
    parts: list[list[int]] = []
    for frame, is_loud in enumerate(loud):
        if not is_loud:
            continue
        if parts and frame - parts[-1][1] <= _LONGEST_CLOSURE:
            parts[-1][1] = frame + 1
        else:
            parts.append([frame, frame + 1])
    return [(start * FRAME, end * FRAME) for start, end in parts if end - start >= 4]


def loudness(samples: list[int]) -> list[float]:
    """Root mean square of each 20 ms."""
    frames = (samples[at : at + FRAME] for at in range(0, len(samples) - FRAME + 1, FRAME))
    return [(sum(map(mul, frame, frame)) / FRAME) ** 0.5 for frame in frames]


@cache
def _waves(frequency: int) -> tuple[list[float], list[float]]:
    turns = [2 * pi * frequency * step / RATE for step in range(_WINDOW)]
    window = [0.5 - 0.5 * cos(2 * pi * step / _WINDOW) for step in range(_WINDOW)]
    return (
        [cos(turn) * share for turn, share in zip(turns, window, strict=True)],
        [sin(turn) * share for turn, share in zip(turns, window, strict=True)],
    )


def _spectrum(samples: list[int]) -> list[list[float]]:
    """Log energy of each band, every 10 ms."""
    return [
        [
            log(sum(map(mul, piece, across)) ** 2 + sum(map(mul, piece, along)) ** 2 + _DEAF)
            for across, along in map(_waves, _BANDS)
        ]
        for piece in (samples[at : at + _WINDOW] for at in range(0, len(samples), _HOP))
    ]


@cache
def _known(language: Language) -> list[tuple[str, list[list[float]]]]:
    """(digit, spectrum) of each recording, loud and quiet: a soft beginning is lost in one."""
    known = []
    for digit, share in product(DIGITS, (0.75, 1.0)):
        voice = memoryview(at_loudness(recording(language, digit), loudness=share)).cast("b")
        ((start, end),) = spoken_parts(list(voice))
        known.append((digit, _spectrum(list(voice[start:end]))))
    return known


def _nearest(word: list[list[float]], *, language: Language) -> str:
    return min(_known(language), key=lambda known: _distance(word, known[1]))[0]


def _distance(one: list[list[float]], two: list[list[float]]) -> float:
    """Dynamic time warping, per frame of both."""
    row = [0.0, *[float("inf")] * len(two)]
    for frame in one:
        above, row = row, [float("inf")]
        for place, other in enumerate(two):
            step = dist(frame, other)
            row.append(step + min(above[place], above[place + 1], row[place]))
    return row[-1] / (len(one) + len(two))
