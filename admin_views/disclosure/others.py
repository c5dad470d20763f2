"""Other requests of the same person: by the address and the number, which are sealed.

The register has no blind index: an index is of an entity's attribute, and its keys belong to an
entity. What is kept of a few years is opened and compared instead, a few hundred entries.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from admin_views.disclosure import register, words
from admin_views.disclosure.gathering import Gathered
from admin_views.disclosure.logs import Log
from admin_views.language import language
from models.records.blind_search import INDEXES
from models.records.person_requests import PERSON, person_of
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous


def of_the_same_person(
    service: RecordService, caller: Caller, request: register.Request
) -> list[register.Request]:
    """The request itself among them, the newest first. Raises AccessDenied."""
    require_miscellaneous(caller, Miscellaneous.ANSWER_REQUESTS)
    table, wanted = register.TABLE, _keys(request.person)
    rows = service.transaction.read(select(table).order_by(table.c.entered_on.desc())).all()
    people = ((row, person_of(service, row)) for row in rows)
    return [
        register.Request(row, person, register.answer_of(service, row))
        for row, person in people
        if wanted & _keys(person)
    ]


def gathered(service: RecordService, caller: Caller, request: register.Request) -> list[Gathered]:
    """Each as a part of what is held on the person."""
    return [
        Gathered(
            id=one.row.id,
            entity=gettext("Requests"),
            title=f"{words.kinds()[one.row.kind]} {one.row.received_on}",
            values=tuple((label, text) for label, text in _values(one) if text),
            log=Log(),
        )
        for one in of_the_same_person(service, caller, request)
    ]


def _values(one: register.Request) -> Iterator[tuple[str, str]]:
    speaks = language()
    for name in PERSON:
        yield register.LABELS[name].text(speaks), one.person[name]
    yield register.LABELS["how"].text(speaks), one.row.identity_how
    yield register.LABELS["reason"].text(speaks), one.row.extension
    yield gettext("State"), words.states()[one.row.state]
    yield register.LABELS["answer"].text(speaks), one.answer


def _keys(person: Mapping[str, str]) -> set[tuple[str, Any]]:
    """In the one spelling by which records are found, too."""
    found = set[tuple[str, Any]]()
    for name in ("email", "phone"):
        try:
            found.add((name, INDEXES[name].normalise(person[name])))
        except ValueError:
            continue
    return {(name, value) for name, value in found if value}
