"""The callers that an applicant's link opens: one record, and of it what the form states.

Each act has a caller of its own, which can do nothing besides: who may read cannot write, who
corrects cannot move, and none of them knows a second record.
"""

from uuid import UUID

from models.metadata.components import Confirmation, FormDefinition
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.self_service import SelfService
from models.security.caller import Caller, OwnRecord

STATUS = "statuscode"


def stated(form: FormDefinition) -> tuple[SelfService, Confirmation]:
    """What publishing saw to: a form that lets applicants in confirms their address."""
    if form.self_service is None or form.confirmation is None:
        raise DefinitionError("it lets no applicant in", where=f"form {form.name}")
    return form.self_service, form.confirmation


def shown(form: FormDefinition) -> tuple[str, ...]:
    """The attributes that applicants see of what they gave."""
    service, _ = stated(form)
    return service.shows or form.attributes


def corrected(form: FormDefinition) -> tuple[str, ...]:
    """The attributes that applicants may correct, in the form's order; an address among them
    counts once it is confirmed."""
    service, _ = stated(form)
    allowed = service.correction.attributes if service.correction else ()
    return tuple(name for name in form.attributes if name in allowed)


def reading(form: FormDefinition, entity: EntityDefinition, record: UUID) -> Caller:
    """What they gave, what they may correct of it, and what the states are told by."""
    service, confirmation = stated(form)
    told = {name for state in service.states for name in state.when}
    for act in (service.correction, service.withdrawal):
        told |= set(act.when) if act else set()
    told |= {"createdon", "versionnumber", STATUS, confirmation.receipt_number, confirmation.email}
    names = {*shown(form), *corrected(form), *told, *filter(None, (confirmation.language,))}
    return _caller(form, OwnRecord(record), reads=frozenset(names & entity.attributes.keys()))


def correcting(form: FormDefinition, record: UUID) -> Caller:
    """All that may be corrected but the address, which `readdressing` changes."""
    service, confirmation = stated(form)
    if service.correction is None:
        raise AccessDenied(f"correcting {form.entity} as its applicant")
    names = frozenset(corrected(form)) - {confirmation.email}
    return _caller(form, OwnRecord(record, service.correction.when), writes=names)


def readdressing(form: FormDefinition, record: UUID) -> Caller:
    service, confirmation = stated(form)
    if service.correction is None or confirmation.email not in corrected(form):
        raise AccessDenied(f"changing the address of {form.entity} as its applicant")
    own = OwnRecord(record, service.correction.when)
    return _caller(form, own, writes=frozenset({confirmation.email}))


def withdrawing(form: FormDefinition, record: UUID) -> Caller:
    service, _ = stated(form)
    if service.withdrawal is None:
        raise AccessDenied(f"withdrawing {form.entity} as its applicant")
    settable = {STATUS: frozenset({service.withdrawal.status})}
    own = OwnRecord(record, service.withdrawal.when, settable)
    return _caller(form, own, writes=frozenset({STATUS}))


def _caller(
    form: FormDefinition,
    own: OwnRecord,
    *,
    reads: frozenset[str] = frozenset(),
    writes: frozenset[str] = frozenset(),
) -> Caller:
    return Caller.applicant(
        form=form.name, entity=form.entity, own=own, reads=reads, writes=writes
    )
