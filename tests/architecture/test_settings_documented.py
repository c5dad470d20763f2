"""Every setting is documented, and nothing is documented or read that is no setting."""

import re

from config import NAMES, PREFIX
from tests.architecture.house import ROOT, source_modules

NAME = re.compile(rf"{PREFIX}[A-Z]+(?:_[A-Z]+)*")
DOCUMENTED = set(
    re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text("utf-8"), flags=re.MULTILINE)
)
SETTINGS = {PREFIX + name for name in NAMES}


def test_every_setting_is_documented() -> None:
    assert DOCUMENTED >= SETTINGS


def test_only_settings_are_documented() -> None:
    assert {name for name in DOCUMENTED if name.startswith(PREFIX)} <= SETTINGS


def test_source_names_only_settings() -> None:
    """A variable read elsewhere than in config/ would be neither checked nor documented."""
    for module in source_modules().values():
        assert set(NAME.findall(module.text)) <= SETTINGS, module.place
