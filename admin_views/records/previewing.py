"""One record as a public view will tell it, before it is public; and what of its texts should be
looked at before a change lets them out.

A preview is read as the person who asks, with no more than that person may read, and made ready
by the code of the world's own pages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for

from admin_views.language import language
from admin_views.publication.checking import conditions, office_picture
from admin_views.publication.findings import Found, findings
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from exchange.publication.addresses import Addresses
from exchange.publication.reading import Entry, entry_of
from exchange.publication.showing import ShownRecord, shown_record
from extensions import engine, settings
from models.metadata.attribute_types import FileValue, InvalidValue, type_of
from models.metadata.definitions import EntityDefinition
from models.metadata.public_views import PublicViewDefinition
from models.records.lifecycle.approvals import option_of
from models.records.lifecycle.authors import STATE
from models.records.lifecycle.awaiting import STATUS
from models.records.service import RecordService
from models.security.publications import published, through

Values = Mapping[str, object]
NEW = UUID(int=0)
"""In place of the id of a record that is not there yet."""
LOOKED = "looked"
"""The control that says at which texts the person has looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    view: str
    name: str
    shown: ShownRecord
    has_page: bool
    """Whether the view gives records a page of their own, or lists them only."""
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    is_let_out: bool
    """Whether the record is, as it stands, one of those that the view lets out."""
    is_live: bool
    """Whether the view itself is published."""
    public_address: str
    """Where the world reads it; "" where it does not."""
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """Texts that a change would let out, of one public view."""

    view: str
    name: str
    findings: tuple[Found, ...]


def read_preview(
    entity: EntityDefinition, view: PublicViewDefinition, record: Values, *, wanted: Values
) -> Preview:
    """`record` as the caller may read it; `wanted`: what a change would make of it, typed."""
    caller, speaks = signed_in(), language()
    columns = tuple(sorted(view.attributes))

    def read(service: RecordService) -> tuple[Entry, bool]:
        record_id = identifier(str(record["id"]))
        found = service.retrieve(caller, entity.logical_name, record_id, columns=columns)
        told = found | _as_let_out(view, found, wanted)
        entry = entry_of(view, entity, told, language=speaks)
        live = published(service.transaction.connection, service.catalog, view.name)
        return entry, live is not None

    entry, is_live = engine().run(read)
    is_let_out = view.lets_out(record)
    return Preview(
        view=view.name,
        name=view.display_name.text(speaks),
        shown=shown_record(through(view), entry, language=speaks, addresses=_addresses(view)),
        has_page=bool(view.detail),
        conditions=tuple(conditions(entity, view, language=speaks)),
        is_let_out=is_let_out,
        is_live=is_live,
        public_address=_address(view, entry) if is_let_out and is_live else "",
        findings=tuple(findings(view, entity, entry.texts, language=speaks)),
    )


def warnings(entity: EntityDefinition, record: Values, changed: Values) -> tuple[Warned, ...]:
    """Of texts that `changed` lets out, or alters where they are let out already, those that look
    as if they told how to reach somebody; none of them once the person has looked at all."""
    after = {**record, **typed(entity, changed)}
    found = [
        Warned(
            view.name,
            view.display_name.text(language()),
            tuple(_findings(view, entity, after)),
        )
        for view in engine().catalog.public_views_of(entity.logical_name)
        if view.lets_out(after) and (not view.lets_out(record) or view.attributes & changed.keys())
    ]
    seen = set(request.form.get(LOOKED, "").split(","))
    shown = {one.fingerprint for warned in found for one in warned.findings}
    return tuple(one for one in found if one.findings) if shown - seen else ()


def typed(entity: EntityDefinition, given: Values) -> dict[str, object]:
    """What was typed, as far as it is a value; the state goes with the status reason. The record
    service says what is wrong with the rest."""
    found: dict[str, object] = {}
    for name, value in given.items():
        attribute = entity.attributes.get(name)
        if attribute is None or isinstance(value, FileValue):
            continue  # a picture is drawn once, by whoever keeps it
        try:
            found[name] = type_of(attribute).parse(attribute, value)
        except InvalidValue:
            continue
    option = option_of(entity, found.get(STATUS))
    return found if option is None else found | {STATE: option.state or 0}


def _findings(
    view: PublicViewDefinition, entity: EntityDefinition, values: Values
) -> Iterator[Found]:
    told: dict[str, object] = {name: values.get(name) for name in view.attributes}
    entry = entry_of(view, entity, {**told, "id": values.get("id", NEW)}, language=language())
    return findings(view, entity, entry.texts, language=language())


def _as_let_out(view: PublicViewDefinition, found: Values, wanted: Values) -> dict[str, object]:
    """Where one option alone lets a record out, the world never sees another one."""
    only = {name: next(iter(one)) for name, one in view.records.items() if len(one) == 1}
    after = only | dict(wanted)
    return {name: value for name, value in after.items() if name in found and name != "id"}


def _addresses(view: PublicViewDefinition) -> Addresses:
    """It leads nowhere; pictures are the office's own."""
    return Addresses(
        page=lambda _: "",
        record=lambda _: "",
        picture=office_picture(view.entity),
        forms=lambda _: (),
        atom="",
        json="",
        base=settings().base_url,
    )


def _address(view: PublicViewDefinition, entry: Entry) -> str:
    if not view.detail:
        return url_for("published.index", view=view.name)
    return url_for("published.one", view=view.name, record=entry.id)
