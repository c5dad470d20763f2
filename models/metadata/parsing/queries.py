"""Views from what was stated: columns, a tree of conditions, an order."""

from collections.abc import Mapping
from typing import Any

from models.metadata.components import ViewDefinition
from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import Stated
from models.metadata.query import WITHOUT_VALUE, Condition, Filter, Link, Operator, Order, Query


def parse_view(name: str, stated: Stated) -> ViewDefinition:
    entity = stated.text("entity")
    query = Query(
        entity=entity,
        columns=stated.texts("columns"),
        filter=parse_filter(stated.value("filter", []), stated.where),
        order=tuple(parse_order(text, stated.where) for text in stated.texts("order")),
        links=tuple(_link(part) for part in stated.items("links")),
    )
    view = ViewDefinition(
        name=name,
        entity=entity,
        display_name=stated.label("display_name"),
        query=query,
        is_default=stated.flag("default", default=False),
    )
    stated.finish()
    return view


def parse_filter(found: Any, where: str, *, key: str = "filter") -> Filter:
    """A list is `and`; `{or: […]}` and `{and: […]}` nest; a leaf is `{attribute, operator}`. `key`
    is what it is stated by."""
    where = f"{where} › {key}"
    if isinstance(found, list):
        parts = [Stated(one, f"{where}[{place}]") for place, one in enumerate(found, start=1)]
        return Filter(tuple(map(_part, parts)))
    part = _part(Stated(found, where))
    return part if isinstance(part, Filter) else Filter((part,))


def _part(stated: Stated) -> Condition | Filter:
    for kind in ("and", "or"):
        if kind in stated.mapping:
            parts = tuple(map(_part, stated.items(kind)))
            stated.finish()
            return Filter(parts, "or" if kind == "or" else "and")
    value = stated.value("value", None)
    condition = Condition(
        stated.text("attribute"),
        stated.choice("operator", Operator, Operator.EQUAL),
        tuple(value) if isinstance(value, list) else value,
    )
    stated.finish()
    if isinstance(value, Mapping):
        raise DefinitionError("a value is expected, or a list of values", where=stated.where)
    if condition.value in (None, "") and condition.operator not in WITHOUT_VALUE:
        raise DefinitionError("the condition has no value", where=stated.where)
    return condition


def parse_order(text: str, where: str) -> Order:
    name, _, direction = text.partition(" ")
    if direction not in {"", "asc", "desc"}:
        raise DefinitionError(f"order is a name, and asc or desc: {text!r}", where=where)
    return Order(name, descending=direction == "desc")


def _link(stated: Stated) -> Link:
    link = Link(
        stated.text("lookup"),
        stated.texts("columns"),
        parse_filter(stated.value("filter", []), stated.where),
        inner=stated.flag("inner", default=False),
    )
    stated.finish()
    return link
