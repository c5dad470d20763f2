"""The audit page: who did what to which record, for those who inspect it."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.extraction import words as extraction_words
from admin_views.guarding import GuardedView
from admin_views.identity import words as credentials
from admin_views.language import language
from admin_views.pages.audit_reading import AuditFilter, people, read_audit
from admin_views.people import words
from extensions import engine
from models.security.privileges import Miscellaneous


class AuditPage(GuardedView):
    privilege = Miscellaneous.READ_AUDIT

    @expose("/")
    def index(self) -> ResponseReturnValue:
        wanted = AuditFilter.read(request.args)
        page, accounts = engine().run(
            lambda s: (read_audit(s.transaction, wanted), people(s.transaction))
        )
        return self.render(
            "admin/pages/audit.html",
            page=page,
            wanted=wanted,
            people=accounts,
            actions=actions(),
            outcomes=outcomes(),
            detail_names=detail_names(),
            kinds=kinds(),
            label=_label,
            view_label=_view_label,
        )


def actions() -> dict[str, str]:
    """The acts the platform audits, as people call them."""
    return {
        "create": gettext("Create"),
        "update": gettext("Change"),
        "delete": gettext("Delete"),
        "assign": gettext("Assign"),
        "share": gettext("Share a record"),
        "modify_share": gettext("Change a share"),
        "revoke_share": gettext("Take a share back"),
        "reveal": gettext("Show a masked value"),
        "search": gettext("Search by a personal value"),
        "import": gettext("CSV import"),
        "set_up": gettext("Set up the service"),
        "import_solution": gettext("Import a solution"),
        "read": gettext("Read personal values"),
        "refusal": gettext("Refusal"),
        "sign_in": gettext("Sign in"),
        "sign_in_failed": gettext("Failed sign-in"),
        "sign_out": gettext("Sign out"),
        "create_account": gettext("Create an account"),
        "deactivate_account": gettext("Deactivate an account"),
        "activate_account": gettext("Activate an account"),
        "change_rights": gettext("Change rights"),
        "explain_access": gettext("Ask why somebody may do something"),
        "change_group_roles": gettext("Roles changed by groups"),
        "map_group": gettext("Give a role to a group"),
        "unmap_group": gettext("Take the role away from the group"),
        "link_identity": gettext("Link an account"),
        "unlink_identity": gettext("Undo the link"),
        "retry_job": gettext("Do a failed job again"),
        **words.acts(),
        **credentials.acts(),
        **extraction_words.acts(),
    }


def outcomes() -> dict[str, str]:
    return {
        "ok": gettext("Done"),
        "refused": gettext("Refused"),
        "failed": gettext("Failed"),
        "started": gettext("Started"),
        "aborted": gettext("Broken off"),
    }


def kinds() -> dict[str, str]:
    """Who acts that is no account."""
    return {
        "public": gettext("The public"),
        "system": gettext("The platform"),
        "visitor": gettext("Visitor"),
    }


def detail_names() -> dict[str, str]:
    return {
        "found": gettext("Records found"),
        "records": gettext("Number of records"),
        "what": gettext("What"),
        "columns": gettext("Columns"),
        "count": gettext("Number of records"),
        "purpose": gettext("Purpose"),
        "receiver": gettext("Shared with"),
        "rights": gettext("Rights"),
        "principal": gettext("Identifier"),
        "recipient": gettext("Recipient"),
        "account": gettext("Account"),
        "privilege": gettext("Privilege"),
        "roles": gettext("Roles"),
        "roles_before": gettext("Roles before"),
        "group_roles_before": gettext("Roles by group before"),
        "profiles": gettext("Field security profiles"),
        "profiles_before": gettext("Field security profiles before"),
        "teams": gettext("Teams"),
        "teams_before": gettext("Teams before"),
        "manager": gettext("Manager"),
        "manager_before": gettext("Manager before"),
        "group": gettext("Group"),
        "business_unit": gettext("Business unit"),
        "business_unit_before": gettext("Business unit before"),
        "view": gettext("View"),
        "encoding": gettext("Encoding"),
        "solution": gettext("Solution"),
        "version": gettext("Version"),
        "metadata_version": gettext("Metadata version"),
        "personal": gettext("Personal data among them"),
        "replaced": gettext("Characters replaced"),
        "sha256": gettext("SHA-256 of the file"),
        "factor": gettext("By means of"),
        "reason": gettext("Reason"),
        **words.details(),
        **extraction_words.details(),
    }


def _label(entity: str, attribute: str = "") -> str:
    """Display names instead of logical ones, where the catalog still knows them."""
    found = engine().catalog.entities.get(entity)
    if found is None:
        return attribute or entity
    if not attribute:
        return found.display_name.text(language())
    known = found.attributes.get(attribute)
    return known.display_name.text(language()) if known else attribute


def _view_label(name: str) -> str:
    view = engine().catalog.views.get(name)
    return view.display_name.text(language()) if view is not None else name
