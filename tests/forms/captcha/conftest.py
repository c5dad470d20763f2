"""Chance that repeats itself, one run of it per test: what is drawn by chance is judged here on
the same drawings each time, so a rare drawing never fails a run that changed nothing.
"""

from random import Random

import pytest

from forms.captcha import audio, bank, glyphs, image, speech

BANKS = [
    *glyphs.digit_banks.values(),
    glyphs.ink_bank,
    glyphs.gap_bank,
    *speech.spoken_banks.values(),
    *speech.murmur_banks.values(),
]


def any_code(chance: Random) -> str:
    return f"{chance.randrange(10**6):06d}"


@pytest.fixture(autouse=True)
def chance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Random:
    seeded = Random(request.node.nodeid)
    for module in (audio, bank, glyphs, image, speech):
        monkeypatch.setattr(module, "chance", seeded)
    for store in BANKS:
        monkeypatch.setattr(store, "_things", [None] * len(store._things))
    return seeded
