"""What a lookup's control offers: records of the target entity that the caller may read.

A select of the newest ones; a target with more than it holds still keeps its present value.
"""

from typing import Any
from uuid import UUID

from flask_babel import gettext
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from admin_views.records.naming import linked_names
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.query import Order, Query
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege

MOST_OFFERED = 200


def offer_lookups(form: Form, entity: EntityDefinition) -> None:
    """Give every lookup control of the form its choices."""
    lookups = [a for a in entity.by_type.get("Lookup", ()) if a.logical_name in form]
    if not lookups:
        return
    caller = signed_in()

    def work(service: RecordService) -> None:
        for attribute in lookups:
            field: Any = form[attribute.logical_name]
            field.choices = _choices(service, caller, attribute, str(field.data or ""))

    engine().run(work)


def _choices(
    service: RecordService, caller: Caller, attribute: AttributeDefinition, present: str
) -> list[SelectChoice]:
    found: dict[str, str] = {}
    for target in attribute.targets:
        if caller.has(target, Privilege.READ):
            found |= _newest(service, caller, target)
    if present and present not in found:
        found |= _present(service, caller, attribute, present)
    named = [SelectChoice(key, name or key) for key, name in found.items()]
    return [SelectChoice("", gettext("Choose")), *named]


def _newest(service: RecordService, caller: Caller, target: str) -> dict[str, str]:
    primary = service.catalog.entity(target).primary_name
    query = Query(
        entity=target,
        columns=(primary,),
        order=(Order("createdon", descending=True),),
        page_size=MOST_OFFERED,
    )
    page = service.retrieve_multiple(caller, query)
    return {str(record["id"]): str(record.get(primary) or "") for record in page.records}


def _present(
    service: RecordService, caller: Caller, attribute: AttributeDefinition, present: str
) -> dict[str, str]:
    try:
        key = UUID(present)
    except ValueError:
        return {}
    names = linked_names(service, caller, targets=attribute.targets, ids=(key,))
    return {present: names.get(key, gettext("(a record you may not see)"))}
