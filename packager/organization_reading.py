"""What a solution states of the organization: settings, and the pledge its staff gives.

It reads; what is stated is stored by `installing`.
"""

from collections.abc import Mapping
from typing import Any

from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import Stated
from models.security.organization import FLAGS, NUMBERS

LONGEST_VERSION, LONGEST_PLEDGE = 40, 8000


def read_organization(stated: Stated) -> dict[str, Any]:
    """Columns of the organization, of what solution.yaml states; the rest stays as it is."""
    found = dict(_settings(stated.part("organization")))
    return found | _pledge(stated.part("pledge"))


def _settings(stated: Stated | None) -> Mapping[str, Any]:
    if stated is None:
        return {}
    found: dict[str, Any] = {
        name: stated.flag(name, default=False) for name in FLAGS if name in stated.mapping
    }
    found |= {
        name: stated.integer(name, among=among)
        for name, among in NUMBERS.items()
        if name in stated.mapping
    }
    stated.finish()
    return found


def _pledge(stated: Stated | None) -> dict[str, Any]:
    if stated is None:
        return {}
    version, text = stated.text("version"), stated.label("text")
    stated.finish()
    if len(version) > LONGEST_VERSION:
        message = f"version has {LONGEST_VERSION} characters at most"
        raise DefinitionError(message, where=stated.where)
    found = {"pledge_version": version, "pledge_ja": text.text("ja"), "pledge_en": text.text("en")}
    if max(map(len, found.values())) > LONGEST_PLEDGE:
        message = f"text has {LONGEST_PLEDGE} characters at most"
        raise DefinitionError(message, where=stated.where)
    return found
