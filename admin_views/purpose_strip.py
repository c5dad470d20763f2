"""What pages of records say of the purpose of use: stated or not, and the way back from there.

It reads the caller and the request; what is shown under a purpose is the business of
`models/security`.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for

from admin_views.identity import current_caller

NEW, EDITED = "records.create_view", "records.edit_view"
"""Nothing of a record stands on the first; on the second, what was typed may not be saved yet."""


@dataclass(frozen=True, slots=True)
class PurposeStrip:
    stated: str
    """"" where more would be shown, had the person said what for."""
    back: str
    loses_input: bool
    """Whether what was typed below is lost by going there and back."""


def purpose_strip() -> PurposeStrip | None:
    """None for whom a purpose changes nothing; in a support session, which has its reason; for a
    new record; and on a form that was sent, to be sent again."""
    caller = current_caller()
    if caller is None or caller.supporter is not None or caller.is_closed:
        return None
    is_edited = request.endpoint == EDITED
    is_sent = is_edited and request.method == "POST"
    if not caller.is_asked_for_purpose or request.endpoint == NEW or is_sent:
        return None
    return PurposeStrip(caller.purpose, _this_page(), loses_input=is_edited)


def _this_page() -> str:
    """Its address; an answer to a form has none: the record's page then, or the list."""
    if request.method == "GET":
        kept = [(n, value) for n, value in request.args.items(multi=True) if n != "lang"]
        return f"{request.path}?{urlencode(kept)}" if kept else request.path
    entity, record = (request.view_args or {}).get("entity"), request.form.get("id", "")
    if entity is None:
        return url_for("admin.index")
    if record:
        return url_for("records.details_view", entity=entity, id=record)
    return url_for("records.index_view", entity=entity)
