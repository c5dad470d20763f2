"""What an official says before an export: view, columns, purpose, recipient, format, and until
when the file will be kept.

It offers only what the caller may read; the export itself runs as that caller all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext

from admin_views.language import language
from admin_views.menu import readable_entities
from admin_views.records.listing import ListOffer, order_within
from admin_views.records.offers import NEVER_LISTED, list_offer
from admin_views.records.rights import EntityRights
from admin_views.steps import problems_of
from exchange.extracts.rule import columns_of, needs_approval
from exchange.formats import FORMATS
from exchange.orders import Door, ExportOrder, require_stated
from extensions import engine
from models.metadata.components import ViewDefinition
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import ValidationFailed
from models.metadata.query import Query
from models.security.caller import Caller
from models.tables.extracts import LONGEST_STATEMENT


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

    @property
    def classification(self) -> int:
        return self.offer.entity.classification


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportForm:
    """What was sent; `problems` by control, empty when it can be done."""

    columns: tuple[str, ...]
    purpose: str = ""
    recipient: str = ""
    keep_until: str = ""
    format: str = next(iter(FORMATS))
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
            keep_until=sent.get("keep_until", "").strip()[:LONGEST_STATEMENT],
            format=sent.get("format", ""),
            problems={},
        )
        return replace(form, problems=form._found_problems())

    def with_problems(self, problems: Mapping[str, str]) -> "ExportForm":
        return replace(self, problems={**self.problems, **problems})

    def query(self, exportable: Exportable) -> Query:
        query = exportable.view.query
        order = order_within(query.order, exportable.offer.orderable)
        return replace(query, columns=self.columns, order=order)

    def order(self, exportable: Exportable, *, door: Door) -> ExportOrder:
        return ExportOrder(
            query=self.query(exportable),
            view=exportable.view.name,
            purpose=self.purpose,
            recipient=self.recipient,
            format=self.format,
            language=language(),
            keep_until=day(self.keep_until),
            door=door,
        )

    def problems_at(self, exportable: Exportable, door: Door) -> dict[str, str]:
        """What the door asks for besides."""
        try:
            require_stated(self.order(exportable, door=door))
        except ValidationFailed as refused:
            return problems_of(refused)
        return {}

    def needs_approval(self, exportable: Exportable, caller: Caller) -> bool:
        return needs_approval(engine().catalog, caller, self.query(exportable))

    def titles(self, exportable: Exportable, caller: Caller) -> list[tuple[str, bool]]:
        """The columns as people call them, linked ones too; and whether they are personal."""
        found = columns_of(engine().catalog, caller, self.query(exportable))
        return [
            (column.display_name.text(language()), column.may_be_personal) for _, column in found
        ]

    def _found_problems(self) -> dict[str, str]:
        found = {}
        if not self.columns:
            found["columns"] = gettext("Choose at least one column.")
        if not self.purpose:
            found["purpose"] = gettext("Enter the purpose.")
        if not self.recipient:
            found["recipient"] = gettext("Enter the recipient.")
        if self.keep_until and day(self.keep_until) is None:
            found["keep_until"] = gettext("Enter a day like 2026-04-01.")
        if self.format not in FORMATS:
            found["format"] = gettext("Choose a format.")
        return found


def exportables(caller: Caller) -> dict[str, Exportable]:
    """Every view of every entity the caller reads, by name."""
    catalog, found = engine().catalog, {}
    for name in readable_entities(caller):
        entity = catalog.entity(name)
        rights = EntityRights.of(caller, catalog, entity)
        offer = list_offer(catalog, entity, rights)
        readable = {
            a.logical_name: a for a in rights.readable(entity) if a.type not in NEVER_LISTED
        }
        for view in offer.views.values():
            found[view.name] = Exportable(view=view, offer=offer, readable=readable)
    return found


def day(text: str) -> date | None:
    """A day as a control for days sends it; None for none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_STATEMENT]
