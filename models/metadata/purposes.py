"""The words of purposes and consents by version: kept from the day on which they were published,
and never other words under the same version, not by another form of the same entity either, since
records name the version alone.

It does not know which record was given under which.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, insert, select

from models.metadata.components import FormDefinition
from models.metadata.errors import DefinitionError
from models.metadata.labels import LANGUAGES, Label
from models.tables.base import table_of
from models.tables.customizations import PurposeVersion

TABLE = table_of(PurposeVersion)
LONGEST_VERSION = 40
"""What a record keeps of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPurpose:
    """What applicants were shown by a form from that day on, until the next version."""

    form: str
    version: str
    entity: str
    title: Label
    text: Label
    consent: Label
    """What they agreed to; empty where nothing was asked."""
    policy_url: str
    sha256: str
    published_on: datetime


def keep(connection: Connection, forms: Iterable[FormDefinition]) -> None:
    """Write down the versions that are new. Raises as `require_same`."""
    known = _Known.read(connection)
    rows = []
    for form in forms:
        if form.purpose is None:
            continue
        row, is_new = _row(form), (form.name, form.purpose.version) not in known.of_forms
        _require_same(form, row, known)
        if is_new:
            rows.append(row)
    if rows:
        connection.execute(insert(PurposeVersion), rows)


def require_same(connection: Connection, forms: Iterable[FormDefinition]) -> None:
    """Raise DefinitionError where a form states other words under a version that was published,
    or that another form of its entity states, and for a version that no record could keep."""
    known = _Known.read(connection)
    for form in forms:
        if form.purpose is not None:
            _require_same(form, _row(form), known)


def history(connection: Connection) -> list[ShownPurpose]:
    """All versions there ever were: form by form, the newest first."""
    order = TABLE.c.form, TABLE.c.published_on.desc(), TABLE.c.version.desc()
    return [_shown(row) for row in connection.execute(select(TABLE).order_by(*order))]


def shown_under(connection: Connection, forms: Iterable[str], version: str) -> ShownPurpose | None:
    """What was shown under the version by one of these forms; None where nobody knows."""
    found = connection.execute(
        select(TABLE).where(TABLE.c.form.in_(list(forms)), TABLE.c.version == version)
    ).first()
    return None if found is None else _shown(found)


@dataclass(frozen=True, slots=True)
class _Known:
    """Digests of words, by the names of forms and of entities, and by version."""

    of_forms: dict[tuple[str, str], str]
    of_entities: dict[tuple[str, str], str]

    @classmethod
    def read(cls, connection: Connection) -> Self:
        columns = TABLE.c.form, TABLE.c.entity, TABLE.c.version, TABLE.c.sha256
        rows = connection.execute(select(*columns)).all()
        return cls(
            {(row.form, row.version): row.sha256 for row in rows},
            {(row.entity, row.version): row.sha256 for row in rows},
        )


def _require_same(form: FormDefinition, row: Mapping[str, Any], known: _Known) -> None:
    """What it states is known from then on."""
    version, where = row["version"], f"form {form.name}"
    if len(version) > LONGEST_VERSION:
        message = f"purpose › version has {LONGEST_VERSION} characters at most"
        raise DefinitionError(message, where=where)
    if known.of_forms.setdefault((form.name, version), row["sha256"]) != row["sha256"]:
        message = (
            f"purpose or consent has other words than version {version!r} was published with; "
            "records name that version: state a new one"
        )
        raise DefinitionError(message, where=where)
    if known.of_entities.setdefault((form.entity, version), row["sha256"]) != row["sha256"]:
        message = (
            f"another form of {form.entity} has other words under version {version!r}; "
            "records name the version alone: state another one"
        )
        raise DefinitionError(message, where=where)


def _row(form: FormDefinition) -> dict[str, Any]:
    purpose, consent = form.purpose, form.consent
    if purpose is None:
        raise ValueError(f"{form.name} states no purpose")
    words: dict[str, Any] = {"title": _said(purpose.title), "text": _said(purpose.text)}
    if consent is not None:
        parts = (consent.introduction, consent.policy_label, consent.label)
        words["consent"] = [_said(one) for one in parts]
        words["policy_url"] = consent.policy_url
    written = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "form": form.name,
        "version": purpose.version,
        "entity": form.entity,
        "words": words,
        "sha256": hashlib.sha256(written.encode()).hexdigest(),
    }


def _said(label: Label) -> dict[str, str]:
    return {one: getattr(label, one) for one in LANGUAGES}


def _shown(row: Any) -> ShownPurpose:
    words = row.words
    parts = [Label.of(one) for one in words.get("consent", ())]
    consent = Label(
        *("\n".join(filter(None, (getattr(p, one) for p in parts))) for one in LANGUAGES)
    )
    return ShownPurpose(
        form=row.form,
        version=row.version,
        entity=row.entity,
        title=Label.of(words["title"]),
        text=Label.of(words["text"]),
        consent=consent,
        policy_url=words.get("policy_url", ""),
        sha256=row.sha256,
        published_on=row.published_on,
    )
