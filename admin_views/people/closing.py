"""Why a person sees no personal data although the role would show it, and what to do about it.

It decides nothing: data is closed by `models/security`, to questions as to answers.
"""

from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext

from admin_views.identity import current_caller
from admin_views.people.duties import Standing, read_standing
from extensions import engine
from models.metadata.catalog import Catalog
from models.security import column_security
from models.security.caller import Caller
from models.security.privileges import Privilege


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    url: str = ""
    link: str = ""


def closed_notice() -> Notice | None:
    """For every page of who would see personal data otherwise; None for all others."""
    caller = current_caller()
    closed = next((one for one in caller.acting if one.closed), None) if caller else None
    if caller is None or closed is None or closed.id is None:
        return None
    if not _would_see(caller, engine().catalog):
        return None
    user_id, reason = closed.id, closed.closed
    standing = engine().run(lambda service: read_standing(service, user_id))
    if reason == "training":
        return Notice(_of_training(standing))
    text = gettext("Personal data cannot be shown, because the pledge has not been given.")
    if caller.supporter is not None:
        return Notice(text)
    return Notice(text, url_for("pledge.index"), gettext("Read the pledge and give it"))


def _of_training(standing: Standing) -> str:
    if standing.trained_on is None:
        return gettext(
            "Personal data cannot be shown, because no training is entered for you. Take the "
            "training, and ask your system administrator to enter its day."
        )
    return gettext(
        "Personal data cannot be shown, because more than %(months)s months have passed since "
        "your training. Take the training, and ask your system administrator to enter its day.",
        months=standing.months,
    )


def _would_see(caller: Caller, catalog: Catalog) -> bool:
    opened = replace(caller, closed="")
    if opened.supporter is not None:
        opened = replace(opened, supporter=replace(opened.supporter, closed=""))
    return any(
        column_security.rights(opened, entity, attribute).read
        for entity in catalog.entities.values()
        if opened.has(entity.logical_name, Privilege.READ)
        for attribute in entity.attributes.values()
        if attribute.may_be_personal
    )
