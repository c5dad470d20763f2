"""What the page of “why?” asks for, read from its address; what is wrong with it, by control.

It holds no value of a record: a question names a person, a privilege, and perhaps an entity, one
record of it and one attribute.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask_babel import gettext

from models.metadata.catalog import Catalog
from models.records.why import ON_RECORDS, Why
from models.records.why.asking import RIGHT_OF
from models.security.privileges import Miscellaneous, Privilege

IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
PRIVILEGES: Mapping[str, Privilege | Miscellaneous] = {
    str(one): one for one in (*Privilege, *Miscellaneous)
}
CONTROLS = ("person", "privilege", "entity", "record", "attribute")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWhy:
    """The question as it was sent; `why` where it can be answered."""

    person: str = ""
    privilege: str = ""
    entity: str = ""
    record: str = ""
    attribute: str = ""
    problems: Mapping[str, str]
    why: Why | None = None

    @classmethod
    def read(cls, sent: Mapping[str, str], catalog: Catalog) -> "AskedWhy":
        """Nothing sent is a page to begin with, and has nothing wrong."""
        typed: dict[str, Any] = {name: sent.get(name, "").strip() for name in CONTROLS}
        asked = cls(**typed, problems={})
        if "person" not in sent:
            return asked
        problems = {
            control: text
            for check in (_person, _privilege, _entity, _record, _attribute)
            for control, text in check(asked, catalog).items()
        }
        return replace(asked, problems=problems, why=None if problems else asked._question())

    @property
    def meant(self) -> Privilege | Miscellaneous | None:
        return PRIVILEGES.get(self.privilege)

    @property
    def record_id(self) -> UUID | None:
        """Of what was typed, or of the address of a record's page that was pasted."""
        found = IDENTIFIER.findall(self.record)
        return UUID(found[-1]) if found else None

    def _question(self) -> Why:
        return Why(
            user=UUID(self.person),
            privilege=PRIVILEGES[self.privilege],
            entity=self.entity,
            record=self.record_id,
            attribute=self.attribute,
        )


Problems = dict[str, str]


def _person(asked: AskedWhy, _: Catalog) -> Problems:
    if IDENTIFIER.fullmatch(asked.person):
        return {}
    return {"person": gettext("Choose the person.")}


def _privilege(asked: AskedWhy, _: Catalog) -> Problems:
    return {} if asked.meant else {"privilege": gettext("Choose what the person would do.")}


def _entity(asked: AskedWhy, catalog: Catalog) -> Problems:
    if asked.entity and asked.entity not in catalog.entities:
        return {"entity": gettext("Choose one of the kinds of records.")}
    if isinstance(asked.meant, Privilege) and not asked.entity:
        return {"entity": gettext("Choose the kind of records: this privilege is on records.")}
    is_other = isinstance(asked.meant, Miscellaneous) and asked.meant not in ON_RECORDS
    if is_other and asked.entity:
        return {"entity": gettext("Leave this out: the privilege is not on records.")}
    if not asked.entity and (asked.record or asked.attribute):
        return {"entity": gettext("Choose the kind of records that this belongs to.")}
    return {}


def _record(asked: AskedWhy, _: Catalog) -> Problems:
    if not asked.record:
        return {}
    if asked.record_id is None:
        return {"record": gettext("Paste the address of the record's page, or its identifier.")}
    if asked.meant is Privilege.CREATE:
        return {"record": gettext("Leave this out: a record that is there is not created.")}
    return {}


def _attribute(asked: AskedWhy, catalog: Catalog) -> Problems:
    if not asked.attribute or asked.entity not in catalog.entities:
        return {}
    if asked.attribute not in catalog.entity(asked.entity).attributes:
        return {"attribute": gettext("These records have no such attribute.")}
    if isinstance(asked.meant, Privilege) and asked.meant not in RIGHT_OF:
        return {"attribute": gettext("Leave this out: the privilege is on whole records.")}
    return {}
