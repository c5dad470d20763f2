"""The texts of an incident, sealed as one: what happened, and the items of its report."""

import json
from collections.abc import Mapping
from uuid import UUID

from crypto.errors import DestroyedKey
from models.metadata.attribute_types import InvalidValue
from models.metadata.attribute_types.texts import tidy
from models.metadata.errors import Problem
from models.metadata.labels import Label
from models.records.sealing import INCIDENT_PAYLOAD, open_payload, seal_for_month
from models.records.service import RecordService

HAPPENED = "happened"
LONGEST = 4000
Texts = Mapping[str, str]


def seal_texts(service: RecordService, incident: UUID, texts: Texts) -> bytes:
    data = json.dumps(dict(texts), ensure_ascii=False).encode()
    return seal_for_month(service.keyring, number=INCIDENT_PAYLOAD, record_id=incident, data=data)


def open_texts(service: RecordService, incident: UUID, envelope: bytes) -> dict[str, str]:
    """Nothing where the key was destroyed: the register goes on without its words."""
    try:
        data = open_payload(
            service.keyring, number=INCIDENT_PAYLOAD, record_id=incident, envelope=envelope
        )
    except DestroyedKey:
        return {}
    found: dict[str, str] = json.loads(data)
    return found


def tidied(text: str, *, name: str, label: Label) -> tuple[str, list[Problem]]:
    """As it is kept, in one spelling; and what is wrong with it."""
    try:
        found = tidy(text).strip()
    except InvalidValue as error:
        return "", [Problem(name, error.code, label, error.parameters)]
    if len(found) > LONGEST:
        told: dict[str, object] = {"maximum": LONGEST, "length": len(found)}
        return found, [Problem(name, "too_long", label, told)]
    return found, []
