"""A listener for the tests: finds spoken digits in a track by their loudness and tells them by
their spectrum. It knows the recordings, as anyone with the source does, but not the code.
"""

from functools import cache
from itertools import accumulate, product
from math import cos, dist, log, pi, sin
from operator import mul

from forms.captcha.sounds import DIGITS, RATE, VOICES, Language, Manner, recording, said

_BANDS = (200, 300, 420, 560, 720, 900, 1120, 1400, 1750, 2150, 2600, 3100, 3600)
_HOP, _WINDOW = 120, 80  # 15 ms, 10 ms: short enough to blur the pitch away.
_DEAF = 2000.0  # Energy below which a murmur would be heard.
_SPEEDS = (0.88, 1.0, 1.12)

_FRAME, _AROUND = 80, 200  # Loudness is told every 10 ms, over 50 ms.
_LEVELS = 40
_HUSHES = (3, 8, 13)  # Frames of quiet within a word, as before the ち of いち.
_SHORTEST = 12

Word = tuple[int, int]
Spectrum = list[list[float]]


def heard(samples: list[int], *, language: Language) -> str:
    """The digits heard in a track by one who must find them, in order."""
    return heard_at(samples, found_words(samples), language=language)


def heard_at(samples: list[int], words: list[Word], *, language: Language) -> str:
    """The digits heard by one who is told where each of them begins and ends."""
    return "".join(_nearest(samples[start:end], language=language) for start, end in words)


def found_words(samples: list[int]) -> list[Word]:
    """The stretches that stand out, at the loudness and with the quiet within them that make six
    of them; of several such ways the one whose shortest word is longest."""
    loud = loudness(samples)
    low, high = min(loud), max(loud)
    levels = [low + (high - low) * level / _LEVELS for level in range(1, _LEVELS)]
    ways = [_louder_than(level, loud, hush=hush) for level, hush in product(levels, _HUSHES)]
    nearest = min(abs(len(words) - 6) for words in ways if words)
    return max(
        (words for words in ways if words and abs(len(words) - 6) == nearest),
        key=lambda words: min(end - start for start, end in words),
    )


def loudness(samples: list[int]) -> list[float]:
    """Root mean square around each 10 ms."""
    powers = [0, *accumulate(map(mul, samples, samples))]
    found = []
    for middle in range(0, len(samples), _FRAME):
        start, end = max(0, middle - _AROUND), min(len(samples), middle + _AROUND)
        found.append(((powers[end] - powers[start]) / (end - start)) ** 0.5)
    return found


def _louder_than(level: float, loud: list[float], *, hush: int) -> list[Word]:
    parts: list[list[int]] = []
    for frame, heard_there in enumerate(loud):
        if heard_there <= level:
            continue
        if parts and frame - parts[-1][1] <= hush:
            parts[-1][1] = frame + 1
        else:
            parts.append([frame, frame + 1])
    return [(start * _FRAME, end * _FRAME) for start, end in parts if end - start >= _SHORTEST]


@cache
def _waves(frequency: int) -> tuple[list[float], list[float]]:
    turns = [2 * pi * frequency * step / RATE for step in range(_WINDOW)]
    window = [0.5 - 0.5 * cos(2 * pi * step / _WINDOW) for step in range(_WINDOW)]
    return (
        [cos(turn) * share for turn, share in zip(turns, window, strict=True)],
        [sin(turn) * share for turn, share in zip(turns, window, strict=True)],
    )


def _spectrum(samples: list[float] | list[int]) -> Spectrum:
    """Log energy of each band, every 15 ms."""
    return [
        [
            log(sum(map(mul, piece, across)) ** 2 + sum(map(mul, piece, along)) ** 2 + _DEAF)
            for across, along in map(_waves, _BANDS)
        ]
        for piece in (samples[at : at + _WINDOW] for at in range(0, len(samples), _HOP))
    ]


@cache
def _known(language: Language) -> list[tuple[str, Spectrum]]:
    """(digit, spectrum) of each recording at each speed."""
    known = []
    for voice, digit, speed in product(VOICES[language], DIGITS, _SPEEDS):
        manner = Manner(speed=speed, drift=0.0, swell=0.0, turns=0.0, phase=0.0)
        known.append((digit, _spectrum(said(recording(voice, digit, language=language), manner))))
    return known


def _nearest(word: list[int], *, language: Language) -> str:
    spectrum = _spectrum(word)
    return min(_known(language), key=lambda known: _distance(spectrum, known[1]))[0]


def _distance(one: Spectrum, two: Spectrum) -> float:
    """Dynamic time warping, per frame of both."""
    row = [0.0, *[float("inf")] * len(two)]
    for frame in one:
        above, row = row, [float("inf")]
        for place, other in enumerate(two):
            step = dist(frame, other)
            row.append(step + min(above[place], above[place + 1], row[place]))
    return row[-1] / (len(one) + len(two))
