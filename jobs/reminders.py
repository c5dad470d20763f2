"""The job kind send_reminders: each person one mail a day about what of theirs is due today or
overdue. It tells numbers, kinds and lists of the back office, and nothing of any record.

A person is done in one transaction of mail, mark and audit: whatever breaks off, nobody is told
twice a day, and who was not told is told when the job is done again.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from jobs.due import Due, due_of
from jobs.letter_texts import DUE_REMINDER
from jobs.letters import Texts, post
from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.metadata.catalog import Catalog
from models.metadata.components import ViewDefinition
from models.metadata.errors import DefinitionError
from models.metadata.labels import LANGUAGES, Label
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.admission import why_shut
from models.security.caller import Caller
from models.security.contracts import today
from models.security.principals import load_caller
from models.tables.principals import SystemUser

SEND_REMINDERS = "send_reminders"
REMINDER = Caller.system("reminding of what is due")
VIEWS = "views"
COUNTS = {
    "overdue": Label("期限切れ {count}件", "{count} overdue"),
    "today": Label("本日が期限 {count}件", "{count} due today"),
    "of_teams": Label("チームで担当者未定 {count}件", "{count} of your teams, in nobody's charge"),
}
BETWEEN = {"ja": "、", "en": ", "}
BULLET = {"ja": "・", "en": "- "}


def check(catalog: Catalog) -> None:
    """Raise DefinitionError where a reminder names what is no view of records that people own."""
    for recurrence in catalog.recurrences:
        if recurrence.kind == SEND_REMINDERS:
            where = f"recurrence {recurrence.name}"
            try:
                views_named(catalog, recurrence.parameters)
            except DefinitionError as error:
                raise DefinitionError(str(error), where=where) from error


def views_named(catalog: Catalog, parameters: Mapping[str, object]) -> list[ViewDefinition]:
    names, others = parameters.get(VIEWS, []), set(parameters) - {VIEWS}
    if others or not isinstance(names, list):
        raise DefinitionError("send_reminders takes views, a list of their names")
    found = []
    for name in names:
        view = catalog.views.get(name)
        if view is None or not catalog.entity(view.entity).is_user_owned:
            raise DefinitionError(f"{name!r} is no view of records that people own")
        found.append(view)
    return found


def send_reminders(engine: RecordEngine, mailer: Mailer, job: ClaimedJob) -> None:
    catalog = engine.catalog
    parameters = next((one.parameters for one in catalog.recurrences if one.name == job.name), {})
    views = views_named(catalog, parameters)
    for user_id in engine.run(_unreminded):
        found = engine.run(partial(_due, user_id=user_id, views=views))
        if found:
            engine.run(partial(_remind, user_id=user_id, found=found))


def _unreminded(service: RecordService) -> list[UUID]:
    statement = select(SystemUser.id).where(SystemUser.active, _not_today())
    return list(service.transaction.read(statement.order_by(SystemUser.id)).scalars())


def _due(service: RecordService, *, user_id: UUID, views: Sequence[ViewDefinition]) -> list[Due]:
    """Nothing for who would not be let in."""
    connection = service.transaction.connection
    if why_shut(connection, user_id, address=None):
        return []
    caller = load_caller(connection, user_id)
    if caller is None:
        return []
    return due_of(service, caller.for_purpose(REMINDER.name), views)


def _remind(service: RecordService, *, user_id: UUID, found: Sequence[Due]) -> None:
    mine = update(SystemUser).where(SystemUser.id == user_id, _not_today())
    if not service.transaction.write(mine.values(reminded_on=today())).rowcount:
        return
    texts: Texts = {"lines": _lines(found)}
    post(service.transaction, service.keyring, DUE_REMINDER, to=[user_id], texts=texts)
    count = sum(one.count for one in found)
    service.audit(REMINDER, "send_reminder", record_id=user_id, count=count)


def _not_today() -> ColumnElement[bool]:
    return or_(SystemUser.reminded_on.is_(None), SystemUser.reminded_on < today())


def _lines(found: Sequence[Due]) -> Label:
    """Without links, as all letters to staff: nobody learns to follow one to the sign-in."""
    return Label(*("\n\n".join(_line(one, speaks) for one in found) for speaks in LANGUAGES))


def _line(due: Due, language: str) -> str:
    said = BETWEEN[language].join(
        text.text(language).format(count=f"{count:,}")
        for name, text in COUNTS.items()
        if (count := getattr(due, name))
    )
    return f"{BULLET[language]}{due.label.text(language)}\n  {said}"
