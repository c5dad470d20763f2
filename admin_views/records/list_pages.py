"""The list of an entity's records: a saved view, narrowed by choices, text or an exact value.

An exact e-mail address or telephone number is searched by POST and stays out of addresses.
"""

from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.records.entity_view import EntityView
from admin_views.records.listing import ListAddress, free_text
from admin_views.records.reading import read_list
from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import AccessDenied, Problem
from models.metadata.query import Condition, Filter, Operator, Query
from models.security.privileges import Privilege


class ListPages(EntityView):
    list_template = "admin/model/list.html"

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        address = ListAddress.read(request.args, self.offer)
        return self._render_list(address, query=address.query(self.offer))

    @expose("/search/", methods=("POST",))
    def search_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        address = ListAddress.read({"view": request.form.get("view", "")}, self.offer)
        name, value = request.form.get("attribute", ""), request.form.get("value", "").strip()
        if not name:
            return self._text_search(address, value)
        attribute = next((a for a in self.offer.personal_searches if a.logical_name == name), None)
        if attribute is None:
            raise AccessDenied(f"searching {self.entity.logical_name} by this attribute")
        return self._personal_search(address, attribute, value)

    def _text_search(self, address: ListAddress, value: str) -> ResponseReturnValue:
        text = free_text(value)
        if value and not text:
            flash(
                gettext(
                    "Choose what to search by: addresses and telephone numbers are searched"
                    " separately."
                ),
                "info",
            )
        return redirect(self.get_url(".index_view", **address.url_arguments(text=text)))

    def _personal_search(
        self, address: ListAddress, attribute: AttributeDefinition, value: str
    ) -> ResponseReturnValue:
        try:
            wanted = type_of(attribute).parse(attribute, value)
        except InvalidValue as error:
            problem = Problem(
                attribute.logical_name, error.code, attribute.display_name, error.parameters
            )
            return self._refuse_search(address, problem)
        if wanted is None:
            required = Problem(attribute.logical_name, "required", attribute.display_name)
            return self._refuse_search(address, required)
        condition = Condition(attribute.logical_name, Operator.EQUAL, wanted)
        query = replace(address.query(self.offer), filter=Filter((condition,)))
        return self._render_list(address, query=query, searched=(attribute, value))

    def _refuse_search(self, address: ListAddress, problem: Problem) -> ResponseReturnValue:
        flash(problem.text(self.language), "danger")
        return redirect(self.get_url(".index_view", **address.url_arguments()))

    def _render_list(
        self,
        address: ListAddress,
        *,
        query: Query,
        searched: tuple[AttributeDefinition, str] | None = None,
    ) -> str:
        columns = self.offer.columns.get(address.view, ())
        return str(
            self.render(
                self.list_template,
                address=address,
                offer=self.offer,
                columns=columns,
                listed=read_list(self.entity, query, columns=columns),
                searched=searched,
            )
        )
