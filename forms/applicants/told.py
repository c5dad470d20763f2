"""What an applicant is told of their application: where it stands and how it came there, in the
words of the form, and what they gave.

The office's own words (status reasons, stages) are read to choose by, and never told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.components import FormDefinition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label
from models.metadata.self_service import Options, SelfService, ToldState
from models.records.sealing import SHREDDED
from models.records.service import RecordService
from models.security.applicants import shown, stated
from models.tables.applicants import ADDRESS, CORRECTION, ERASURE, REFUSED, WITHDRAWAL
from models.tables.processes import StageMove

Record = Mapping[str, Any]
RECEIVED = Label("お申込みを受け付けました", "We received your application")
DONE_BY_THEM = {
    CORRECTION: Label("内容を訂正しました", "You corrected it"),
    ADDRESS: Label("メールアドレスを変更しました", "You changed your e-mail address"),
    WITHDRAWAL: Label("お申込みを取り下げました", "You withdrew it"),
    ERASURE: Label("消去を依頼しました", "You asked for its erasure"),
}
NOT_ERASED = Label("消去のご依頼に回答しました", "Your request for erasure was answered")


@dataclass(frozen=True, slots=True)
class Event:
    on: datetime
    label: Label


@dataclass(frozen=True, slots=True)
class Given:
    """An attribute and its value as the applicant reads it."""

    name: str
    label: str
    text: str


def state_of(service: SelfService, record: Record) -> ToldState | None:
    """The first that holds; None: the form says nothing of where such a record stands."""
    return next((state for state in service.states if holds(state.when, record)), None)


def holds(when: Options, record: Record) -> bool:
    return all(record.get(name) in values for name, values in when.items())


def history(
    service: RecordService, form: FormDefinition, record: Record, *, requests: Iterable[Any]
) -> list[Event]:
    """What happened, the oldest first; what is called alike and follows each other once."""
    began, told = record["createdon"], list[Event]()
    if isinstance(began, datetime):
        told.append(Event(began, RECEIVED))
    told += _moves(service, form, record["id"])
    told += _asked(requests)
    told.sort(key=lambda one: one.on)
    return [
        one
        for before, one in zip([None, *told], told, strict=False)
        if before is None or before.label != one.label
    ]


def given(
    form: FormDefinition, entity: EntityDefinition, record: Record, *, language: str
) -> list[Given]:
    """Every attribute that is shown, called as the form called it."""
    controls = {one.attribute: one for section in form.sections for one in section.controls}
    found = []
    for name in shown(form):
        attribute, control = entity.attributes[name], controls.get(name)
        label = (control.label if control else None) or attribute.display_name
        text = text_of(attribute, record.get(name), language=language)
        found.append(Given(name, label.text(language), text))
    return found


def text_of(attribute: AttributeDefinition, value: object, *, language: str) -> str:
    if value is SHREDDED:
        return ""
    return type_of(attribute).text(attribute, value, language=language, zone=LOCAL_ZONE)


def _moves(service: RecordService, form: FormDefinition, record_id: UUID) -> Iterator[Event]:
    """Into stages that the form has words for, whatever else holds."""
    own, _ = stated(form)
    for process in service.catalog.processes_of(form.entity):
        statement = select(StageMove.moved_on, StageMove.stage).where(
            StageMove.record_id == record_id, StageMove.process == process.name
        )
        for move in service.transaction.read(statement.order_by(StageMove.moved_on)):
            for state in own.states:
                if state.when.keys() == {process.attribute} and holds(
                    state.when, {process.attribute: move.stage}
                ):
                    yield Event(move.moved_on, state.label)
                    break


def _asked(requests: Iterable[Any]) -> Iterator[Event]:
    for one in requests:
        if one.kind in DONE_BY_THEM:
            yield Event(one.requested_on, DONE_BY_THEM[one.kind])
        if one.state == REFUSED and one.decided_on is not None:
            yield Event(one.decided_on, NOT_ERASED)
