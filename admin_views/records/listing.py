"""A list's address: which saved view, order, filters, text and page; and the query it means.

Only what the delegate computed from the caller's rights can be asked: anything else in the
address is ignored. A personal value never stands in an address.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crypto.normalisers import normalise_phone
from models.metadata.attribute_types import type_of
from models.metadata.attribute_types.base import InvalidValue
from models.metadata.components import ViewDefinition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query

PAGE_SIZE = 50
FILTERED_TYPES = frozenset({"Picklist", "Status", "State", "Boolean"})
LONGEST_TEXT = 200
LETTERS = re.compile(r"[^\W\d_]+")


def free_text(text: str) -> str:
    """What may stand in an address; "" for what holds an e-mail address or a telephone number,
    in whatever width it was typed."""
    kept = text.strip()[:LONGEST_TEXT]
    read = unicodedata.normalize("NFKC", kept)
    # the whole as well: some take the long vowel mark, a letter, for a dash
    is_personal = "@" in read or any(map(_is_phone, (read, *LETTERS.split(read))))
    return "" if is_personal else kept


def _is_phone(text: str) -> bool:
    try:
        normalise_phone(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOffer:
    """What one caller can be offered on one entity's list."""

    entity: EntityDefinition
    views: Mapping[str, ViewDefinition]
    columns: Mapping[str, tuple[AttributeDefinition, ...]]
    """By view: its columns that the caller may read, in the view's order."""
    orderable: frozenset[str]
    """What the caller may order by, as a view may have it."""
    sortable: frozenset[str]
    """Of these, what a list may: its pages' addresses hold a value of each."""
    filters: tuple[AttributeDefinition, ...]
    text_attributes: tuple[AttributeDefinition, ...]
    personal_searches: tuple[AttributeDefinition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """One address of a list, read leniently; `url_arguments` writes it again."""

    view: str
    sort: str = ""
    descending: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    after: str = ""
    backwards: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, str], offer: ListOffer) -> "ListAddress":
        view = arguments.get("view", "")
        sort = arguments.get("sort", "")
        return cls(
            view=view if view in offer.views else next(iter(offer.views), ""),
            sort=sort if sort in offer.sortable else "",
            descending=arguments.get("desc") == "1",
            chosen={
                a.logical_name: arguments[a.logical_name]
                for a in offer.filters
                if arguments.get(a.logical_name)
            },
            text=free_text(arguments.get("q", "")),
            after=arguments.get("after", ""),
            backwards=arguments.get("back") == "1",
        )

    def url_arguments(self, **changes: object) -> dict[str, str]:
        """The address with some changes, its page forgotten unless that is what changes."""
        new = replace(self, **({"after": "", "backwards": False} | changes))  # type: ignore[arg-type]
        named = {
            "view": new.view,
            "sort": new.sort,
            "desc": "1" if new.descending else "",
            "q": new.text,
            "after": new.after,
            "back": "1" if new.backwards else "",
        }
        return {key: value for key, value in {**named, **new.chosen}.items() if value}

    def query(self, offer: ListOffer, *, extra: tuple[Condition, ...] = ()) -> Query:
        """The view's query, narrowed by what was chosen; first page unless `after` says else."""
        view = offer.views.get(self.view)
        base = view.query if view else Query(entity=offer.entity.logical_name)
        chosen = (Order(self.sort, self.descending),) if self.sort else base.order
        parts = (*base.filter.parts,) if base.filter.kind == "and" else (base.filter,)
        return replace(
            base,
            columns=tuple(a.logical_name for a in offer.columns.get(self.view, ())),
            filter=Filter((*parts, *self._conditions(offer), *extra)),
            order=order_within(chosen, offer.sortable),
            page_size=PAGE_SIZE,
            after=self.after or None,
            backwards=self.backwards,
            count=True,
        )

    def _conditions(self, offer: ListOffer) -> tuple[Condition | Filter, ...]:
        found: list[Condition | Filter] = []
        for attribute in offer.filters:
            chosen = self.chosen.get(attribute.logical_name)
            if chosen:
                found.append(_chosen(attribute, chosen))
        if self.text and offer.text_attributes:
            found.append(
                Filter(
                    tuple(
                        Condition(a.logical_name, Operator.CONTAINS, self.text)
                        for a in offer.text_attributes
                    ),
                    "or",
                )
            )
        return tuple(found)


def _chosen(attribute: AttributeDefinition, text: str) -> Condition:
    """An option by its number; one that does not exist finds nothing."""
    try:
        value = type_of(attribute).parse(attribute, text)
    except InvalidValue:
        return Condition(attribute.logical_name, Operator.IN, ())
    return Condition(attribute.logical_name, Operator.EQUAL, value)


def order_within(orders: tuple[Order, ...], names: frozenset[str]) -> tuple[Order, ...]:
    """A view's order without what this caller may not order by, which would be refused."""
    return tuple(order for order in orders if order.attribute in names)
