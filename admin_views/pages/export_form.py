"""What an official says before an export: view, columns, purpose, recipient, encoding.

It offers only what the caller may read; the export itself runs as that caller all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext

from admin_views.language import language
from admin_views.menu import readable_entities
from admin_views.records.listing import ListOffer, order_within
from admin_views.records.offers import list_offer
from admin_views.records.rights import EntityRights
from extensions import engine
from models.metadata.components import ViewDefinition
from models.metadata.definitions import AttributeDefinition
from models.metadata.query import Query
from models.security.caller import Caller

ENCODINGS = ("utf-8-sig", "cp932")
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Exportable:
    """One view the caller may export, with all the columns it could have."""

    view: ViewDefinition
    offer: ListOffer
    readable: Mapping[str, AttributeDefinition]

    @property
    def title(self) -> str:
        entity = self.offer.entity.display_collection_name.text(language())
        return f"{entity}: {self.view.display_name.text(language())}"

    @property
    def usual_columns(self) -> tuple[str, ...]:
        return tuple(a.logical_name for a in self.offer.columns[self.view.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportForm:
    """What was sent; `problems` by control, empty when it can be done."""

    columns: tuple[str, ...]
    purpose: str = ""
    recipient: str = ""
    encoding: str = ENCODINGS[0]
    problems: Mapping[str, str]

    @classmethod
    def first(cls, exportable: Exportable) -> "ExportForm":
        return cls(columns=exportable.usual_columns, problems={})

    @classmethod
    def read(cls, sent: Any, exportable: Exportable) -> "ExportForm":
        """`sent` is the request's form. Columns come out in the order they are offered."""
        wanted = set(sent.getlist("columns"))
        form = cls(
            columns=tuple(name for name in exportable.readable if name in wanted),
            purpose=_line(sent.get("purpose", "")),
            recipient=_line(sent.get("recipient", "")),
            encoding=sent.get("encoding", ""),
            problems={},
        )
        return replace(form, problems=form.found_problems())

    def found_problems(self) -> dict[str, str]:
        found = {}
        if not self.columns:
            found["columns"] = gettext("Choose at least one column.")
        if not self.purpose:
            found["purpose"] = gettext("Enter the purpose.")
        if not self.recipient:
            found["recipient"] = gettext("Enter the recipient.")
        if self.encoding not in ENCODINGS:
            found["encoding"] = gettext("Choose an encoding.")
        return found

    def query(self, exportable: Exportable) -> Query:
        query = exportable.view.query
        order = order_within(query.order, exportable.offer.orderable)
        return replace(query, columns=self.columns, order=order)


def exportables(caller: Caller) -> dict[str, Exportable]:
    """Every view of every entity the caller reads, by name."""
    catalog, found = engine().catalog, {}
    for name in readable_entities(caller):
        entity = catalog.entity(name)
        rights = EntityRights.of(caller, catalog, entity)
        offer = list_offer(catalog, entity, rights)
        readable = {a.logical_name: a for a in rights.readable(entity) if a.type != "File"}
        for view in offer.views.values():
            found[view.name] = Exportable(view=view, offer=offer, readable=readable)
    return found


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TEXT]
