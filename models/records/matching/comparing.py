"""What of a record a rule compares, as bytes that are equal where the rule finds values alike.

Sealed values are compared as their blind index spells them. It reads and keeps nothing.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from models.metadata.attribute_types import type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.duplicate_rules import Criterion, DuplicateRule, Match
from models.records.blind_search import INDEXES
from models.records.matching import texts
from models.records.sealing import SHREDDED

CODE_LENGTH = 16
Part = bytes | None
"""None where there is no value."""


def parts(
    entity: EntityDefinition, criteria: Sequence[Criterion], values: Mapping[str, object]
) -> list[Part]:
    return [
        _part(entity.attributes[one.attribute], one, values.get(one.attribute)) for one in criteria
    ]


def comparable(rule: DuplicateRule, found: Sequence[Part]) -> bool:
    """Whether a record with these parts can be like another at all."""
    there = [part for part in found if part is not None]
    return len(there) == len(found) if rule.ignore_blank else bool(there)


def code(secret: bytes, rule: int, found: Sequence[Part]) -> bytes:
    """One code for equal parts, under a secret: without it nobody can try values out."""
    said = b"".join(
        b"\0" if part is None else b"\1" + len(part).to_bytes(4, "big") + part for part in found
    )
    return hmac.digest(secret, rule.to_bytes(8, "big") + said, sha256)[:CODE_LENGTH]


def mark(entity: EntityDefinition, rule: DuplicateRule) -> int:
    """A number for what the rule compares, and how: of another rule it is another."""
    said = [
        (entity.attributes[one.attribute].number, str(one.match), one.length)
        for one in rule.criteria
    ]
    stated = repr((texts.VERSION, entity.number, rule.ignore_blank, said)).encode()
    return int.from_bytes(sha256(stated).digest()[:8], "big") >> 1


def _part(attribute: AttributeDefinition, criterion: Criterion, value: object) -> Part:
    if value is None or value is SHREDDED:
        return None
    if attribute.sealed:
        return INDEXES[attribute.index].of_stored(str(value)).encode()
    if criterion.match is Match.EXACT:
        return type_of(attribute).encode(value)
    text = texts.one_spelling(str(value))
    if criterion.match is Match.SAME_FIRST:
        text = text[: criterion.length]
    elif criterion.match is Match.SAME_LAST:
        text = text[-criterion.length :]
    return text.encode() or None
