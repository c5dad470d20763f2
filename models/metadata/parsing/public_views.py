"""Public views from what was stated. A filter names options, and all of it must hold: what is let
out must be plain to whoever checks it."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.options import parse_options
from models.metadata.parsing.queries import parse_order
from models.metadata.parsing.stated import Stated
from models.metadata.public_views import PublicViewDefinition

MOST_ORDERS = 3


def parse_public_view(name: str, stated: Stated) -> PublicViewDefinition:
    view = PublicViewDefinition(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        introduction=stated.label("introduction", None),
        title=stated.text("title"),
        records=parse_options(stated, "filter"),
        columns=stated.texts("columns"),
        detail=stated.texts("detail"),
        order=tuple(parse_order(text, stated.where) for text in stated.texts("order")),
        by=stated.text("by", ""),
        until=stated.text("until", ""),
        date=stated.text("date", ""),
        atom=stated.flag("atom", default=False),
        json=stated.flag("json", default=False),
        attribution=stated.label("attribution", None),
    )
    stated.finish()
    _check(view, stated.where)
    return view


def _check(view: PublicViewDefinition, where: str) -> None:
    if not view.columns:
        raise DefinitionError("'columns' says what the list shows", where=where)
    if len(view.order) > MOST_ORDERS:
        raise DefinitionError(f"{MOST_ORDERS} orders at most", where=where)
    if view.atom and not (view.date and view.detail):
        raise DefinitionError("a feed needs 'date', and 'detail' to link to", where=where)
    if view.json and not view.attribution:
        raise DefinitionError("open data needs 'attribution': whom to name", where=where)
