"""Public views: a list by pages and categories, a page of each record, pictures, a feed,
open data.

Everything is read as the view's own caller, who reaches nothing but what was published; what is
unknown, not published, a draft or gone is answered alike.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from exchange.publication import open_data
from exchange.publication.addresses import Addresses
from exchange.publication.feed import CONTENT_TYPE, feed
from exchange.publication.pictures import FULL, read_picture
from exchange.publication.reading import Asked, EntryPage, asked_for, read_entry, read_page
from exchange.publication.showing import shown_list, shown_record
from extensions import engine, of_this_request, settings
from models.metadata.errors import AccessDenied, DefinitionError, RecordNotFound
from models.records.service import RecordService
from models.security.publications import Published, published
from public_views.language import language
from public_views.limits import IMAGES, PAGES, limit

published_pages = Blueprint("published", __name__, url_prefix="/public/<view>")
Found = TypeVar("Found")
ETAG_LENGTH = 32


@published_pages.get("")
@limit(PAGES, "pages")
def index(view: str) -> ResponseReturnValue:
    opened, page = _found(view, _page_of)
    entity = engine().catalog.entity(opened.view.entity)
    shown = shown_list(entity, opened, page, language=language(), addresses=_addresses(view))
    kept = f"category={page.category.value}&" if page.category else ""
    return render_template("public/published/list.html", shown=shown, kept_arguments=kept)


@published_pages.get("/<uuid:record>")
@limit(PAGES, "pages")
def one(view: str, record: UUID) -> ResponseReturnValue:
    speaks = language()
    opened, entry = _found(
        view, lambda service, opened: read_entry(service, opened, record, language=speaks)
    )
    shown = shown_record(opened, entry, language=speaks, addresses=_addresses(view))
    return render_template("public/published/record.html", shown=shown)


@published_pages.get("/<uuid:record>/pictures/<picture>/<any(full, small):size>")
@limit(IMAGES, "images")
def picture(view: str, record: UUID, picture: str, size: str) -> ResponseReturnValue:
    """May be kept, and is asked for again each time: that it is gone is known at once."""
    _, found = _found(view, lambda service, opened: read_picture(service, opened, record, picture))
    response = make_response(found.content if size == FULL else found.small)
    response.mimetype = found.content_type
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:ETAG_LENGTH])
    # nosemgrep: answer-may-be-kept - a picture that anyone may see, while anyone may see it
    return response.make_conditional(request)


@published_pages.get("/feed.atom")
@limit(PAGES, "pages")
def atom(view: str) -> ResponseReturnValue:
    opened, page = _found(view, _page_of, offers="atom")
    addresses = _addresses(view)
    content = feed(
        opened.view,
        page,
        language=language(),
        addresses=(addresses.outside(addresses.atom), addresses.outside(addresses.page({}))),
        address_of=lambda entry: addresses.outside(addresses.record(entry)),
    )
    return _for_others(make_response(content), CONTENT_TYPE)


@published_pages.get("/records.json")
@limit(PAGES, "pages")
def data(view: str) -> ResponseReturnValue:
    """By pages of a hundred; `next` is the address of the following one."""
    opened, page = _found(view, _data_of, offers="json")
    addresses = _addresses(view)
    content = open_data.open_data(
        engine().catalog.entity(opened.view.entity),
        opened.view,
        page,
        language=language(),
        addresses=addresses,
    )
    if page.next:
        content["next"] = addresses.outside(url_for(".data", view=view, after=page.next))
    return _for_others(jsonify(content), "application/json")


def _found(
    name: str, read: Callable[[RecordService, Published], Found], *, offers: str = ""
) -> tuple[Published, Found]:
    """The view as it is live, and what was read through it, in one transaction; or 404."""

    def work(service: RecordService) -> tuple[Published, Found] | None:
        found = published(service.transaction.connection, service.catalog, name)
        if found is None or (offers and not getattr(found.view, offers)):
            return None
        opened = Published(found.view, of_this_request(found.caller))
        return opened, read(service, opened)

    try:
        found = engine().run(work)
    except (RecordNotFound, DefinitionError, AccessDenied):
        found = None
    return abort(404) if found is None else found


def _page_of(service: RecordService, opened: Published) -> EntryPage:
    return read_page(service, opened, asked_for(request.args), language=language())


def _data_of(service: RecordService, opened: Published) -> EntryPage:
    asked = Asked(after=request.args.get("after"), size=open_data.PAGE_SIZE)
    return read_page(service, opened, asked, language=language())


def _addresses(view: str) -> Addresses:
    return Addresses(
        page=lambda arguments: url_for(".index", view=view, **dict[str, Any](arguments)),
        record=lambda entry: url_for(".one", view=view, record=entry.id),
        picture=lambda entry, one, size: url_for(
            ".picture", view=view, record=entry.id, picture=one.name, size=size
        ),
        forms=lambda entry: [
            (form.title, url_for("form_pages.show", name=form.name, about=entry and entry.id))
            for form in engine().catalog.forms_about(view)
        ],
        atom=url_for(".atom", view=view),
        json=url_for(".data", view=view),
        base=settings().base_url,
    )


def _for_others(response: Response, content_type: str) -> Response:
    """Open to every program and every other site: there is nothing of anybody's in it."""
    response.mimetype = content_type
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
