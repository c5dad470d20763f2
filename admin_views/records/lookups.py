"""What a lookup's control offers: records of the target entity that the caller may read.

A select of the newest ones. Where there are more than it holds, a text beside it finds others by
what they are called; the form comes back with them, and with all that was entered. What is
searched for is sent by POST, and stands in no address.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from admin_views.records.naming import linked_names
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.service import RecordService
from models.security import column_security
from models.security.caller import Caller
from models.security.privileges import Privilege

MOST_OFFERED = 200
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class LookupSearch:
    """What is searched for beside a lookup's control; `found` records are called so."""

    text: str
    found: int
    more: bool
    """Others are called so, too; or, without a text, there are others."""


def offer_lookups(form: Form, entity: EntityDefinition) -> None:
    """Give every lookup control of the form its choices, and its search where it needs one."""
    lookups = [a for a in entity.by_type.get("Lookup", ()) if a.logical_name in form]
    if not lookups:
        return
    caller = signed_in()

    def work(service: RecordService) -> None:
        for attribute in lookups:
            _offer(service, caller, attribute, form[attribute.logical_name])

    engine().run(work)


def is_searching(form: Form) -> bool:
    """Whether what was sent is a search: by its button, or by Enter in a text that was not yet
    searched for. Then nothing is saved."""
    names = [field.name for field in form if getattr(field, "search", None)]
    pressed = request.form.get("search", "")
    return any(
        (text := _typed("find", name)) and (name == pressed or text != _typed("found", name))
        for name in names
    )


def _offer(
    service: RecordService, caller: Caller, attribute: AttributeDefinition, field: Any
) -> None:
    text, present = _typed("find", attribute.logical_name), str(field.data or "")
    found: dict[str, str] = {}
    more = False
    for target in attribute.targets:
        if caller.has(target, Privilege.READ):
            named, has_more = _newest(service, caller, target, text)
            found, more = found | named, more or has_more
    field.search = LookupSearch(text, len(found), more) if text or more else None
    if present and present not in found:
        found |= _present(service, caller, attribute, present)
    choices = [SelectChoice(key, name or key) for key, name in found.items()]
    field.choices = [SelectChoice("", gettext("Choose")), *choices]


def _newest(
    service: RecordService, caller: Caller, target: str, text: str
) -> tuple[dict[str, str], bool]:
    """By id, what they are called; and whether there are more."""
    entity = service.catalog.entity(target)
    names = [a.logical_name for a in _searched(caller, entity)]
    if text and not names:
        return {}, False
    parts = tuple(Condition(name, Operator.CONTAINS, text) for name in names) if text else ()
    query = Query(
        entity=target,
        columns=(entity.primary_name,),
        filter=Filter(parts, "or") if parts else Filter(),
        order=(Order("createdon", descending=True),),
        page_size=MOST_OFFERED,
    )
    page = service.retrieve_multiple(caller, query)
    named = {str(one["id"]): str(one.get(entity.primary_name) or "") for one in page.records}
    return named, page.next is not None


def _searched(caller: Caller, entity: EntityDefinition) -> Iterable[AttributeDefinition]:
    """What a record is called by, as lists search it: its name and its numbers, never a secret."""
    for name, attribute in entity.attributes.items():
        is_open = not (attribute.sealed or attribute.secured or attribute.is_volatile)
        is_name = name == entity.primary_name or attribute.type == "AutoNumber"
        if is_open and is_name and column_security.rights(caller, entity, attribute).read:
            yield attribute


def _present(
    service: RecordService, caller: Caller, attribute: AttributeDefinition, present: str
) -> dict[str, str]:
    try:
        key = UUID(present)
    except ValueError:
        return {}
    names = linked_names(service, caller, targets=attribute.targets, ids=(key,))
    return {present: names.get(key, gettext("(a record you may not see)"))}


def _typed(part: str, name: str) -> str:
    return request.form.get(f"{part}-{name}", "").strip()[:LONGEST_SEARCH]
