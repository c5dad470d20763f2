"""One entity for one set of rights, as Flask-Admin's model view: columns, order, forms.

Everything Flask-Admin caches in its constructor (columns, sort, search, forms) is computed
there from the rights, so a view is never shared by callers of different rights. It knows
no SQL: the record service reads and writes, as the caller of each request.
"""

from typing import Any

from flask import request, url_for
from flask_admin.form import BaseForm
from flask_admin.helpers import get_form_data
from flask_admin.model import BaseModelView
from wtforms import Form

from admin_views.guarding import GuardedView
from admin_views.records import controls
from admin_views.records.lookups import offer_lookups
from admin_views.records.offers import list_offer
from admin_views.records.reading import Opened, Record, identifier, read_record
from admin_views.records.rights import EntityRights
from admin_views.records.sections import Item, sections_of
from admin_views.signed_in import signed_in
from models.metadata.catalog import Catalog
from models.metadata.definitions import (
    AttributeDefinition,
    EntityDefinition,
    Option,
    OptionSet,
)
from models.metadata.errors import AccessDenied
from models.security.privileges import Privilege, Unmasked

STATUS = "statuscode"


class EntityView(GuardedView, BaseModelView):
    """What one entity is to one set of rights; the pages of this folder build on it."""

    shows_records = True
    can_view_details = True
    can_export = False

    def __init__(
        self, catalog: Catalog, entity: EntityDefinition, *, rights: EntityRights, language: str
    ) -> None:
        self.entity, self.rights, self.language = entity, rights, language
        self.offer = list_offer(catalog, entity, rights)
        self.about = catalog.regarding(entity.logical_name)
        """Of activities: the entity about whose records they are."""
        self.processes = catalog.processes_of(entity.logical_name)
        self.rules = catalog.rules_of(entity.logical_name)
        self.public_views = catalog.public_views_of(entity.logical_name)
        self.awaited = catalog.awaited_statuses(entity.logical_name)
        self.readable = {a.logical_name: a for a in rights.readable(entity)}
        self.sections = sections_of(catalog, entity, readable=self.readable, language=language)
        self.can_create = rights.may(Privilege.CREATE)
        self.can_edit = rights.may(Privilege.WRITE)
        self.can_delete = rights.may(Privilege.DELETE)
        self.can_assign = rights.may(Privilege.ASSIGN) and entity.is_user_owned
        self.can_share = rights.may(Privilege.SHARE) and entity.is_user_owned
        self.column_list = list(self.readable)
        self.column_details_list = list(self.readable)
        self.column_sortable_list = sorted(self.offer.sortable)
        self.column_labels = {n: a.display_name.text(language) for n, a in self.readable.items()}
        name = entity.display_collection_name.text(language)
        super().__init__(type(entity), name=name, endpoint="records")

    @property
    def derived(self) -> tuple[Item, ...]:
        """What of the record's page nobody enters, though it belongs to its contents."""
        shown = (item for section in self.sections for item in section.items)
        return tuple(item for item in shown if item.attribute.is_derived)

    @property
    def record_name(self) -> str:
        """What one record is called."""
        return self.entity.display_name.text(self.language)

    def may_reveal(self, attribute: str) -> bool:
        return (
            self.rights.can_reveal
            and self.rights.is_masked(self.readable[attribute])
            and self.rights.on(attribute).unmasked >= Unmasked.ONE_RECORD
        )

    def require(self, privilege: Privilege) -> None:
        if not self.rights.may(privilege):
            raise AccessDenied(f"{privilege} on {self.entity.logical_name}")

    def open(self, text: str, *, revealed: Record | None = None) -> Opened:
        """The record an address names, as the caller may see it."""
        record_id = identifier(text)
        return read_record(self.entity, record_id, readable=self.readable, revealed=revealed)

    def get_url(self, endpoint: str, **kwargs: Any) -> str:
        if endpoint.startswith("."):
            kwargs.setdefault("entity", self.entity.logical_name)
            endpoint = f"records{endpoint}"
        return url_for(endpoint, **kwargs)

    def scaffold_list_columns(self) -> list[str]:
        return list(self.readable)

    def scaffold_sortable_columns(self) -> dict[Any, Any]:
        return {name: name for name in self.offer.sortable}

    def init_search(self) -> bool:
        return bool(self.offer.text_attributes or self.offer.personal_searches)

    def get_create_form(self) -> type[BaseForm]:
        """Without stages: a record begins in the first."""
        stages = {process.attribute for process in self.processes}
        writable = self.rights.writable(self.entity, creating=True)
        return self._form(tuple(a for a in writable if a.logical_name not in stages))

    def get_edit_form(self) -> type[BaseForm]:
        return self._form(self.rights.writable(self.entity, creating=False))

    def edit_form(self, obj: Any = None) -> Form:
        """The edit form filled from the record, or from what was sent."""
        record: Record = obj or {}
        names = [f for f in self.entity.attributes if hasattr(self._edit_form_class, f)]
        data = {n: controls.written(self.entity.attributes[n], record.get(n)) for n in names}
        form = self._edit_form_class(get_form_data(), data=data)
        offer_lookups(form, self.entity)
        for attribute in self.entity.guided_attributes:
            self._offer_followers(form, attribute, record.get(attribute.logical_name))
        controls.offer_options(form, STATUS, self.statuses(record.get(STATUS)))
        return form

    def create_form(self, obj: Any = None) -> Form:
        """Begins with the attributes' defaults; a link may say what is chosen at first."""
        form = super().create_form(obj)
        if request.method == "GET":
            controls.begin_with_defaults(form, self.entity)
            controls.choose(form, self.entity, request.args)
        offer_lookups(form, self.entity)
        controls.offer_options(form, STATUS, self.statuses())
        return form

    def get_pk_value(self, model: Any) -> object:
        return model["id"]

    def get_one(self, id: Any) -> Record:
        return self.open(id).record

    def statuses(self, present: object = None) -> tuple[Option, ...]:
        """The status reasons that the caller can give a record: none to one that waits for its
        confirmation, and to a new one nothing that another person has to approve."""
        status = self.readable.get(STATUS)
        if status is None or status.options is None:
            return ()
        return tuple(
            option
            for option in _followers(status.options, present)
            if option.value == present or self._may_give(option, present)
        )

    def _may_give(self, option: Option, present: object) -> bool:
        is_awaited = {option.value, present} & self.awaited
        is_for_another = option.approval and present is None
        return not (is_awaited or is_for_another) and option.is_given_by(signed_in().roles)

    def _offer_followers(
        self, form: Form, attribute: AttributeDefinition, present: object
    ) -> None:
        if attribute.options is not None:
            followers = _followers(attribute.options, present)
            controls.offer_options(form, attribute.logical_name, followers)

    def _form(self, writable: tuple[AttributeDefinition, ...]) -> type[BaseForm]:
        """The controls in the order of the record's page; what it does not show comes last."""
        shown = [item for section in self.sections for item in section.items]
        place = {item.attribute.logical_name: number for number, item in enumerate(shown)}
        ordered = sorted(writable, key=lambda a: place.get(a.logical_name, len(place)))
        return controls.form_class(ordered, language=self.language)


def _followers(options: OptionSet, present: object) -> tuple[Option, ...]:
    """What a record with that option can be given; a new one, anything."""
    return options.followers(present) if isinstance(present, int) else options.options
