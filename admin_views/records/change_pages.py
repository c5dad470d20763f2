"""Create, edit, change of status, assign, delete: each a form, sent by POST, checked again.

A change carries the version number its form was made from; a later one is not overwritten
unknowingly. Nothing is deleted but from its confirmation page.
"""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from wtforms import Form

from admin_views.publication.words import kinds
from admin_views.records import saving
from admin_views.records.assigning import candidates
from admin_views.records.entity_view import STATUS
from admin_views.records.likely import Likely, like_changed, like_new
from admin_views.records.lookups import is_searching
from admin_views.records.preview_pages import Pending, PreviewPages
from admin_views.records.previewing import Warned, warnings
from admin_views.records.reading import Opened, identifier
from admin_views.records.timeline import named
from admin_views.records.versions import NO_VERSION, version_sent
from admin_views.signed_in import signed_in
from extensions import engine
from forms import rules
from models.metadata.definitions import EntityDefinition, RequiredLevel
from models.metadata.errors import AccessDenied, ValidationFailed
from models.records.changes import Deletion
from models.security.privileges import Privilege


class ChangePages(PreviewPages):
    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        self.require(Privilege.CREATE)
        form, alike, warned = self.create_form(), list[Likely](), tuple[Warned, ...]()
        if not is_searching(form) and self.validate_form(form):
            values = saving.entered(self.entity, self.rules, form)
            alike, warned = like_new(self.entity, values), warnings(self.entity, {}, values)
            made = None if alike or warned else saving.create(self.entity, form, values)
            if made is not None:
                return self._done(made, gettext("The record was created."))
        page = self.render(
            "admin/model/create.html",
            form=form,
            required=self._required(),
            alike=alike,
            rules=self._rules_of_new(form),
            warned=warned,
            kinds=kinds(),
        )
        return page, _status(form, conflicts=bool(alike or warned))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        self.require(Privilege.WRITE)
        opened = self.open(request.values.get("id", ""))
        form = self.edit_form(obj=opened.record)
        differences: tuple[saving.Difference, ...] = ()
        alike: list[Likely] = []
        warned: tuple[Warned, ...] = ()
        if self._is_to_be_saved(form, opened):
            removed = [one.name for one in form if f"remove-{one.name}" in request.form]
            changed = saving.changes(
                self.entity, self.rules, form, record=opened.record, removed=removed
            )
            alike = like_changed(self.entity, _id(opened.record), changed)
            warned = warnings(self.entity, opened.record, changed)
            if not (alike or warned):
                saved, differences = saving.update(
                    self.entity, form, record=opened.record, changed=changed
                )
                if saved:
                    return self._done(_id(opened.record), gettext("The record was saved."))
        page = self.render(
            "admin/model/edit.html",
            form=form,
            opened=opened,
            differences=differences,
            version=_to_send(opened, differences),
            required=self._required(),
            alike=alike,
            rules=self._rules_on(form, opened.record),
            warned=warned,
            kinds=kinds(),
        )
        return page, _status(form, conflicts=bool(differences or alike or warned))

    @expose("/status/", methods=("POST",))
    def status_view(self) -> ResponseReturnValue:
        self.require(Privilege.WRITE)
        record = self.open(request.form.get("id", "")).record
        wanted = request.form.get(STATUS, "")
        sent = {name: request.form.get(name, "") for name in ("version", STATUS)}
        pending = Pending(".status_view", STATUS, wanted, sent)
        if page := self.looked_first(str(record["id"]), pending):
            return page, 409
        try:
            saving.change(self.entity, record, values={STATUS: wanted}, version=version_sent())
        except ValidationFailed as error:
            return self.render_details(str(record["id"]), stopped=self.told(error)), 400
        return self._done(_id(record), gettext("The status was changed."))

    @expose("/assign/", methods=("GET", "POST"))
    def assign_view(self) -> ResponseReturnValue:
        if not self.can_assign:
            raise AccessDenied(f"assigning {self.entity.logical_name}")
        opened = self.open(request.values.get("id", ""))
        caller, entity = signed_in(), self.entity
        offered = engine().run(lambda s: candidates(s.transaction, caller, entity=entity))
        if request.method == "GET":
            return self.render("admin/model/assign.html", opened=opened, candidates=offered)
        owner = identifier(request.form.get("owner", ""))
        if owner not in {candidate.id for candidate in offered}:
            raise AccessDenied(f"assigning {entity.logical_name} to that owner")
        record_id = _id(opened.record)
        engine().run(
            lambda s: s.assign_multiple(caller, entity.logical_name, [record_id], owner=owner)
        )
        flash(gettext("The record was assigned."), "success")
        return redirect(self.get_url(".index_view"))

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """GET asks, POST deletes; the version number comes from the page that asked."""
        self.require(Privilege.DELETE)
        opened = self.open(request.values.get("id", ""))
        if request.method == "GET":
            return self.render("admin/model/delete.html", opened=opened)
        version = version_sent()
        if version == NO_VERSION or request.form.get("confirmed") != "yes":
            return self.render("admin/model/delete.html", opened=opened), 400
        caller, name = signed_in(), self.entity.logical_name
        wanted = Deletion(_id(opened.record), version)
        engine().run(lambda service: service.delete_multiple(caller, name, [wanted]))
        flash(gettext("The record was deleted."), "success")
        return redirect(self.get_url(".index_view"))

    def _is_to_be_saved(self, form: Form, opened: Opened) -> bool:
        """What keeps it from being saved is written into the form."""
        if is_searching(form) or not self.validate_form(form):
            return False
        if not saving.is_masked_since(form, opened.record):
            return True
        form.form_errors.append(
            gettext(
                "Personal data has been masked since you opened this form. Nothing was saved. "
                "Controls of masked values: leave blank what is to stay as it is, then save again."
            )
        )
        return False

    def _done(self, record_id: UUID, text: str) -> ResponseReturnValue:
        """To the record's page; to the list for those who may write but not read it."""
        flash(text, "success")
        if not self.rights.may(Privilege.READ):
            return redirect(self.get_url("admin.index"))
        if self.about is not None:
            return redirect(self._page_of_what_it_is_about(self.about, record_id))
        return redirect(self.get_url(".details_view", id=record_id))

    def _page_of_what_it_is_about(self, about: EntityDefinition, record_id: UUID) -> str:
        regarding = self.open(str(record_id)).record.get(named(self.entity, "regarding"))
        return self.get_url(".details_view", entity=about.logical_name, id=regarding)

    def _rules_of_new(self, form: Form) -> dict[str, object] | None:
        return self._rules_on(form, rules.typed(self.entity, {}))

    def _rules_on(self, form: Form, known: dict[str, object]) -> dict[str, object] | None:
        """What the rules' script needs; of the record only what rules ask, which is no secret."""
        controls = frozenset(field.name for field in form)
        asked = {name: known.get(name) for rule in self.rules.rules for name in rule.asks}
        told = rules.ForBrowser(self.entity, controls, asked, self.language)
        return told.of(self.rules)

    def told(self, error: ValidationFailed) -> tuple[tuple[str, str], ...]:
        """What is wrong, with the control of the edit form that takes it."""
        return tuple((one.attribute, one.text(self.language)) for one in error.problems)

    def _required(self) -> frozenset[str]:
        """The controls to be marked as required; the record service checks them."""
        return frozenset(
            name
            for name, a in self.entity.attributes.items()
            if a.required in {RequiredLevel.APPLICATION, RequiredLevel.SYSTEM}
        )


def _to_send(opened: Opened, differences: tuple[saving.Difference, ...]) -> object:
    """The version the form was made from; after a conflict was shown, the present one."""
    return opened.version if differences or request.method == "GET" else version_sent()


def _id(record: dict[str, object]) -> UUID:
    return identifier(str(record["id"]))


def _status(form: Form, *, conflicts: bool) -> int:
    """Of the form's page: 409 where a person has to decide, 400 where something is wrong."""
    has_problems = bool(form.form_errors) or any(field.errors for field in form)
    return 409 if conflicts else 400 if has_problems else 200
