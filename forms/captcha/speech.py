"""Digits said anew and a murmur made of scraps of digits, both kept in banks: the costly part of
a sound. It knows nothing of codes, or of what will be said over which murmur.
"""

from functools import partial
from math import pi

from forms.captcha.bank import Bank, chance
from forms.captcha.sounds import (
    DIGITS,
    LANGUAGES,
    RATE,
    VOICES,
    Language,
    Manner,
    as_voice,
    at_loudness,
    faded,
    recording,
    reflected,
    said,
    strength_of,
)

_SPEED, _DRIFT = (0.84, 1.14), (-0.08, 0.08)
_SWELL, _TURNS = (0.2, 0.45), (0.8, 2.2)
_COLOURS, _COLOUR_DELAY = 2, (2, 13)  # 0.25 to 1.6 ms.
_COLOUR: dict[
    Language, tuple[float, float]
] = {  # Less where the voices differ more by themselves.
    "ja": (0.55, 0.8),
    "en": (0.4, 0.65),
}
_ROOM_DELAY, _ROOM = (120, 480), 0.4  # 15 to 60 ms.
_STRENGTH = 28
_MURMUR = 2 * RATE
_SCRAP, _SCRAP_LOUDNESS = (0.1, 0.2), (0.2, 1.0)  # Too short for a digit to be heard in it.
_HUSHED = 6  # The silence within a digit is no scrap.


def draw_spoken(language: Language, digit: str) -> bytes:
    """One digit by one of the voices, in a manner, a colour and a room of its own."""
    voice = recording(chance.choice(VOICES[language]), digit, language=language)
    samples = said(voice, _manner())
    for _ in range(_COLOURS):
        share = chance.choice((-1, 1)) * chance.uniform(*_COLOUR[language])
        samples = reflected(samples, delay=chance.randint(*_COLOUR_DELAY), share=share)
    samples = reflected(samples, delay=chance.randint(*_ROOM_DELAY), share=_ROOM)
    return as_voice(samples, strength=_STRENGTH)


def draw_murmur(language: Language) -> bytes:
    """Two seconds of scraps of digits, about half of them backwards, at changing loudness."""
    murmur = b""
    while len(murmur) < _MURMUR:
        scrap = _scrap(language)
        if strength_of(scrap) > _HUSHED:
            murmur += scrap
    return murmur[:_MURMUR]


spoken_banks = {
    (language, digit): Bank(partial(draw_spoken, language, digit), size=24, uses=50)
    for language in LANGUAGES
    for digit in DIGITS
}
murmur_banks = {
    language: Bank(partial(draw_murmur, language), size=24, uses=50) for language in LANGUAGES
}


def _manner() -> Manner:
    return Manner(
        speed=chance.uniform(*_SPEED),
        drift=chance.uniform(*_DRIFT),
        swell=chance.uniform(*_SWELL),
        turns=chance.uniform(*_TURNS),
        phase=chance.uniform(0.0, 2 * pi),
    )


def _scrap(language: Language) -> bytes:
    voice = recording(chance.choice(VOICES[language]), chance.choice(DIGITS), language=language)
    length = int(chance.uniform(*_SCRAP) * RATE)
    start = chance.randrange(len(voice) - length)
    scrap = voice[start : start + length][:: chance.choice((-1, 1))]
    return faded(at_loudness(scrap, loudness=chance.uniform(*_SCRAP_LOUDNESS)))
