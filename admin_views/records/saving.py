"""From a sent form to the record service: what changed, and what went wrong with it.

Only controls the caller was given count; anything else in the request is not looked at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext
from wtforms import Form

from admin_views.language import language
from admin_views.records import controls
from admin_views.records.showing import show
from admin_views.records.versions import version_sent
from admin_views.signed_in import signed_in
from extensions import engine
from forms import rules
from models.metadata.attribute_types import FileValue, InvalidValue, type_of
from models.metadata.business_rules import RuleBook
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.records.changes import Change
from models.security.masking import Masked

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """After a conflict: what is saved now, and what the person meant to save."""

    label: str
    saved: str
    entered: str


def entered(entity: EntityDefinition, book: RuleBook, form: Form) -> Record:
    """What was entered for a new record, but not what a rule asks nobody. To be asked once: a file
    is read only once."""
    found = {field.name: controls.typed(field) for field in form}
    given = {name: value for name, value in found.items() if value not in ("", [])}
    hidden = rules.of_new(book, entity, given).hidden
    return {name: value for name, value in given.items() if name not in hidden}


def create(entity: EntityDefinition, form: Form, values: Record) -> UUID | None:
    """The new record's id; None with the problems written into the form."""
    caller = signed_in()
    try:
        made = engine().run(
            lambda service: service.create_multiple(caller, entity.logical_name, [values])
        )
    except ValidationFailed as error:
        put_problems(form, error)
        return None
    except ConcurrencyConflict:
        form.form_errors.append(
            gettext("There is already a record with the same key. Nothing was saved.")
        )
        return None
    return made[0]


def update(
    entity: EntityDefinition, form: Form, *, record: Record, changed: Record
) -> tuple[bool, tuple[Difference, ...]]:
    """Whether it was saved; if not because of someone else's change, the differences.

    What is there already is saved, whoever saved it: a second click finds its first.
    """
    if not changed:
        return True, ()
    try:
        change(entity, record, values=changed, version=version_sent())
    except ValidationFailed as error:
        put_problems(form, error)
        return False, ()
    except ConcurrencyConflict:
        return False, differences(entity, record, changed=changed)
    return True, ()


def change(
    entity: EntityDefinition, record: Record, *, values: Record, version: int | None
) -> None:
    caller, record_id = signed_in(), record["id"]
    assert isinstance(record_id, UUID)  # nosec B101  # noqa: S101 - the record service gives every record one
    wanted = Change(record_id, dict(values), version)
    engine().run(lambda service: service.update_multiple(caller, entity.logical_name, [wanted]))


def changes(
    entity: EntityDefinition,
    book: RuleBook,
    form: Form,
    *,
    record: Record,
    removed: Collection[str] = (),
) -> dict[str, object]:
    """What the form says otherwise than the record; but nothing of controls that a rule hides, nor
    of locked ones, which browsers leave out."""
    found = differing(entity, form, record, removed=removed, masked=drawn_masked(form))
    after = rules.of_change(book, entity, record, changed=found)
    left_out = after.hidden | {name for name in after.locked if name not in request.form}
    return {name: value for name, value in found.items() if name not in left_out}


def drawn_masked(form: Form) -> frozenset[str]:
    """The controls whose value the person was not shown when the form was drawn."""
    return frozenset(one.name for one in form if f"masked-{one.name}" in request.form)


def is_masked_since(form: Form, record: Record) -> bool:
    """Whether a value that stood in the form is masked by now: what of it was changed, nobody can
    tell any more."""
    now = {one.name for one in form if isinstance(record.get(one.name), Masked)}
    return not now <= drawn_masked(form)


def differing(
    entity: EntityDefinition,
    form: Form,
    record: Record,
    *,
    removed: Collection[str] = (),
    masked: Collection[str] = (),
) -> dict[str, object]:
    """A masked value left blank is kept, also if it is shown by now; a file unless it is one of
    `removed`."""
    found: dict[str, object] = {}
    for field in form:
        attribute, present = entity.attributes[field.name], record.get(field.name)
        said = controls.typed(field)
        if said == "" and isinstance(present, FileValue) and field.name in removed:
            found[field.name] = said
            continue
        if said == "" and isinstance(present, Masked | FileValue):
            continue
        if said in ("", []) and field.name in masked:
            continue
        shown = controls.written(attribute, present)
        if said != (shown.replace("\r\n", "\n") if isinstance(shown, str) else shown):
            found[field.name] = said
    return found


def differences(
    entity: EntityDefinition, record: Record, *, changed: Record
) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            entity.attributes[name].display_name.text(language()),
            _text(entity, name, record.get(name)),
            _entered(entity, name, value),
        )
        for name, value in changed.items()
    )


def put_problems(form: Form, error: ValidationFailed) -> None:
    """Each problem beside its control; what has none above the form."""
    for problem in error.problems:
        text = problem.text(language())
        field = form._fields.get(problem.attribute)
        if field is None:
            form.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


def _text(entity: EntityDefinition, name: str, value: object) -> str:
    return show(entity.attributes[name], value, language=language(), names={}).text


def _entered(entity: EntityDefinition, name: str, value: object) -> str:
    """What was entered, read as the attribute's type where that is possible."""
    attribute = entity.attributes[name]
    try:
        return _text(entity, name, type_of(attribute).parse(attribute, value))
    except InvalidValue:
        return str(value)
