"""Statistics: how many records a view has by one attribute or two, as a table and as a file.

Small numbers are left out, with what they could be computed from; so nobody need approve it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.extraction.downloads import file_answer
from admin_views.extraction.export_form import Exportable, exportables
from admin_views.extraction.showing import formats
from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.signed_in import signed_in
from exchange.formats import FORMATS
from exchange.statistics.publishing import SUPPRESSED, StatisticsOrder, publish, publish_file
from extensions import engine
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import RecordNotFound
from models.records.counting import is_grouped
from models.security import column_security
from models.security.privileges import Miscellaneous


@dataclass(frozen=True, slots=True)
class Asked:
    """A table by one attribute or two; "" for none."""

    rows: str
    columns: str
    problems: Mapping[str, str]

    @classmethod
    def read(cls, arguments: Mapping[str, str], offered: Mapping[str, object]) -> "Asked":
        rows, columns = arguments.get("rows", ""), arguments.get("columns", "")
        problems = {}
        if rows not in offered:
            problems["rows"] = gettext("Choose what the rows are.")
        if columns and (columns not in offered or columns == rows):
            problems["columns"] = gettext("Choose something else for the columns, or nothing.")
        return cls(rows, columns, problems)

    @property
    def by(self) -> tuple[str, ...]:
        return (self.rows, self.columns) if self.columns else (self.rows,)


NOTHING_ASKED = Asked("", "", {})


class StatisticsPage(GuardedView):
    privilege = Miscellaneous.EXPORT
    shows_records = True

    @expose("/")
    def index(self) -> ResponseReturnValue:
        chosen = _chosen()
        if chosen is None or "rows" not in request.args:
            return self._page(chosen, NOTHING_ASKED)
        asked = Asked.read(request.args, _offered(chosen))
        return self._page(chosen, asked), 400 if asked.problems else 200

    @expose("/file/", methods=("POST",))
    def file(self) -> ResponseReturnValue:
        chosen, name = _chosen(), request.form.get("format", "")
        if chosen is None:
            raise RecordNotFound("no view to count")
        asked = Asked.read(request.form, _offered(chosen))
        if asked.problems or name not in FORMATS:
            return self._page(chosen, asked), 400
        caller, speaks, order = signed_in(), language(), _order(chosen, asked)
        content = engine().run(
            lambda service: publish_file(service, caller, order, format=name, language=speaks)
        )
        entity = chosen.offer.entity.logical_name
        title = f"{chosen.title}_{gettext('Statistics')}"
        return file_answer([content], format=name, title=title, plain_name=entity)

    def _page(self, chosen: Exportable | None, asked: Asked) -> str:
        published = None
        if chosen is not None and asked.rows and not asked.problems:
            caller, order = signed_in(), _order(chosen, asked)
            published = engine().run(lambda service: publish(service, caller, order))
        return self.render(
            "admin/extraction/statistics.html",
            views=exportables(signed_in()),
            chosen=chosen,
            offered=_offered(chosen) if chosen else {},
            asked=asked,
            published=published,
            mark=SUPPRESSED,
            formats=formats(),
        )


def _chosen() -> Exportable | None:
    """The view asked for, or the first; RecordNotFound for one that is not offered."""
    views = exportables(signed_in())
    name = request.values.get("view", "")
    if name and name not in views:
        raise RecordNotFound("no such view")
    return views.get(name) or next(iter(views.values()), None)


def _offered(chosen: Exportable) -> dict[str, AttributeDefinition]:
    """What the caller may count by: only what is shown to them unmasked in every record."""
    caller, entity = signed_in(), chosen.offer.entity
    return {
        name: attribute
        for name, attribute in chosen.readable.items()
        if is_grouped(attribute) and column_security.is_shown_unmasked(caller, entity, attribute)
    }


def _order(chosen: Exportable, asked: Asked) -> StatisticsOrder:
    return StatisticsOrder(query=chosen.view.query, view=chosen.view.name, by=asked.by)
