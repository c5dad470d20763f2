"""The code as a sound: six digits in changing voices, in groups as a telephone number is said,
over a murmur of scraps of digits. Cheap because voices and murmur come ready-made from banks and
are only put together. It does not know whose code it says, or how often it was asked to.
"""

import wave
from dataclasses import dataclass
from io import BytesIO
from itertools import product

from forms.captcha.bank import chance
from forms.captcha.sounds import MURMUR_LIMIT, RATE, Language, at_loudness, mix, strength_of
from forms.captcha.speech import murmur_banks, spoken_banks

_GROUPS = [
    sizes for count in (3, 4) for sizes in product((1, 2, 3), repeat=count) if sum(sizes) == 6
]
_LEAD = (0.5, 1.0)  # Seconds; time for a screen reader to stop talking.
_PAUSE = (0.6, 1.0)  # Between groups; long enough to type up to three digits as they are heard.
_JOINT = (0.0, 0.08)  # Within a group; shorter than the silence within some digits.
_TAIL = (0.4, 0.7)
_LOUDNESS = (0.8, 1.0)
_UNDER_DIGITS = 10 ** (-8.2 / 20)  # The murmur is at least 8 dB below each digit,
_BETWEEN_DIGITS = (0.5, 0.75)  # and that much of the weakest one where none is said.


@dataclass(frozen=True)
class Layers:
    """Two tracks of one length, signed samples, and where in them the digits are said."""

    speech: bytes
    murmur: bytes
    digits: list[slice]


def render_audio(code: str, *, language: Language) -> bytes:
    """A WAV (8 kHz, 8 bits, mono, 4 to 10 seconds), never the same twice. `code`: digits only."""
    layers = compose(code, language=language)
    return _wav(mix(layers.speech, layers.murmur))


def compose(code: str, *, language: Language) -> Layers:
    speech = b""
    digits = []
    for pause, digit in zip(_pauses(), code, strict=True):
        voice = spoken_banks[language, digit].take()
        start = len(speech) + pause
        digits.append(slice(start, start + len(voice)))
        speech += bytes(pause) + at_loudness(voice, loudness=chance.uniform(*_LOUDNESS))
    speech += bytes(_samples(_TAIL))
    murmur = _murmur(len(speech), language=language)
    return Layers(speech, _following(murmur, speech, digits), digits)


def _pauses() -> list[int]:
    """The samples before each digit: three or four groups of one to three digits."""
    pauses = []
    for size in chance.choice(_GROUPS):
        pauses += [_samples(_PAUSE), *(_samples(_JOINT) for _ in range(size - 1))]
    return [_samples(_LEAD), *pauses[1:]]


def _samples(seconds: tuple[float, float]) -> int:
    return int(chance.uniform(*seconds) * RATE)


def _murmur(length: int, *, language: Language) -> bytes:
    """Pieces of the bank end to end, begun somewhere within the first."""
    bank = murmur_banks[language]
    first = bank.take()
    track = first[chance.randrange(len(first)) :]
    while len(track) < length:
        track += bank.take()
    return track[:length]


def _following(murmur: bytes, speech: bytes, digits: list[slice]) -> bytes:
    """The murmur, as strong as it should be between the digits and under each."""
    strengths = [strength_of(speech[digit]) for digit in digits]
    track = b""
    for digit, strength in zip(digits, strengths, strict=True):
        track += _between(murmur[len(track) : digit.start], min(strengths))
        track += _as_strong(murmur[digit], strength * _UNDER_DIGITS)
    return track + _between(murmur[len(track) :], min(strengths))


def _between(murmur: bytes, weakest: float) -> bytes:
    return _as_strong(murmur, weakest * chance.uniform(*_BETWEEN_DIGITS))


def _as_strong(murmur: bytes, strength: float) -> bytes:
    loudness = min(1.0, strength / strength_of(murmur))
    return at_loudness(murmur, loudness=loudness, limit=MURMUR_LIMIT)


def _wav(track: bytes) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(track)
    return file.getvalue()
