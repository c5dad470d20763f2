"""Free texts of a record that look as if they told how to reach somebody, among those that a
public view tells. It keeps no value."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from admin_views.publication.free_texts import looks_like
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.public_views import PublicViewDefinition

FREE = frozenset({"String", "Memo"})
FINGERPRINT_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Found:
    """What one text looks like; `fingerprint` is of the text, for who has looked at it."""

    attribute: str
    label: str
    kinds: tuple[str, ...]
    fingerprint: str


def findings(
    view: PublicViewDefinition,
    entity: EntityDefinition,
    texts: Mapping[str, str],
    *,
    language: str,
) -> Iterator[Found]:
    """In the texts that the view tells, by attribute."""
    for attribute in _free(view, entity.attributes.values()):
        name = attribute.logical_name
        kinds = looks_like(texts[name])
        if kinds:
            label = attribute.display_name.text(language)
            yield Found(name, label, kinds, _fingerprint(name, texts[name]))


def _free(
    view: PublicViewDefinition, attributes: Iterable[AttributeDefinition]
) -> Iterator[AttributeDefinition]:
    return (one for one in attributes if one.type in FREE and one.logical_name in view.attributes)


def _fingerprint(name: str, text: str) -> str:
    return hashlib.sha256(f"{name} {text}".encode()).hexdigest()[:FINGERPRINT_LENGTH]
