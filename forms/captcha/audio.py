"""The code as a sound: six digits said at changing speed and loudness, with pauses of changing
length, over a murmur. Cheap because voices and backgrounds come ready-made from banks and only
the spoken parts are mixed. It does not know whose code it says, or how often it was asked to.
"""

import wave
from io import BytesIO

from forms.captcha.bank import chance
from forms.captcha.sounds import RATE, Language, at_loudness, background_bank, mix, spoken_banks

_LEAD = (0.5, 1.0)  # Seconds; time for a screen reader to stop talking.
_PAUSE = (0.4, 0.8)  # Seconds; long enough to type a digit as it is heard.
_TAIL = (0.4, 0.7)
_LOUDNESS = (0.75, 1.0)


def render_audio(code: str, *, language: Language) -> bytes:
    """A WAV (8 kHz, 8 bits, mono, 5 to 10 seconds), never the same twice. `code`: digits only."""
    voices = [
        at_loudness(spoken_banks[language, digit].take(), loudness=chance.uniform(*_LOUDNESS))
        for digit in code
    ]
    pauses = [_samples(_LEAD), *(_samples(_PAUSE) for _ in voices[1:])]
    track = _background(sum(pauses) + sum(map(len, voices)) + _samples(_TAIL))
    place = 0
    for pause, voice in zip(pauses, voices, strict=True):
        place += pause
        end = place + len(voice)
        track[place:end] = mix(track[place:end], voice)
        place = end
    return _wav(track)


def _samples(seconds: tuple[float, float]) -> int:
    return int(chance.uniform(*seconds) * RATE)


def _background(length: int) -> bytearray:
    """Pieces of the bank end to end, begun somewhere within the first."""
    first = background_bank.take()
    track = bytearray(first[chance.randrange(len(first)) :])
    while len(track) < length:
        track += background_bank.take()
    return track[:length]


def _wav(track: bytearray) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(track)
    return file.getvalue()
