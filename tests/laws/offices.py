"""The office's pages, and the privileges they are for, as the running application has them."""

from admin_views.guarding import GuardedView
from models.security.privileges import Miscellaneous
from tests.admin_views.office import Office

FOR_ALL_STAFF = {
    "account",
    "purpose",
    "admin",
    "applicants",
    "dashboards",
    "extracts",
    "incidents",
    "ledger",
    "papers",
    "pledge",
    "publication",
    "queues",
    "records",
    "reports",
    "retention",
}
"""The start page shows what one may do; records, and queues of them, ask for the entity's own
privileges; a contractor's report, retention, the papers and the register of incidents are for
several."""


def views(house: Office) -> list[GuardedView]:
    found = house.app.extensions["admin"][0]._views
    return [view for view in found if isinstance(view, GuardedView)]


def privileges(house: Office) -> dict[str, Miscellaneous]:
    """By the name that the endpoints of a view begin with."""
    return {str(view.endpoint): view.privilege for view in views(house) if view.privilege}


def open_to_all_staff(house: Office) -> set[str]:
    """Pages that ask for no privilege."""
    return {str(view.endpoint) for view in views(house)} - privileges(house).keys()
