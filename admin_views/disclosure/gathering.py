"""Everything that is held on the person of a request, and who has read it: found anew each time,
never kept. The page and what is made of it show the newest; a file of rows has all.

Reading goes on without the write lock: the log is written at the end of each piece.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from admin_views.audit.entries import Entry
from admin_views.disclosure import register
from admin_views.disclosure.logs import Log, logs_of
from admin_views.disclosure.words import kinds
from admin_views.language import language
from admin_views.records.naming import names_in
from admin_views.records.showing import show as shown
from exchange.papers.paper import Paper, Section
from models.metadata.definitions import AttributeDefinition
from models.records import holdings
from models.records.holdings import Found, Held
from models.records.service import RecordService
from models.security.caller import Caller

MOST_RECORDS, MOST_ENTRIES = 50, 50
"""On the page, and in what is made whole: of records, and of the log of one of them."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class Gathered:
    """A record: its entity's name, its values in words, and what the log says of it."""

    id: UUID
    entity: str
    title: str
    values: tuple[tuple[str, str], ...]
    log: Log

    @property
    def older(self) -> int:
        """Entries of the log that are not shown."""
        return self.log.count - len(self.log.entries)


def find(service: RecordService, caller: Caller, request: register.Request) -> list[Found]:
    person, caller = request.person, caller.for_purpose(kinds()[request.row.kind])
    return holdings.find(service, caller, email=person["email"], phone=person["phone"])


def count(found: Iterable[Found]) -> int:
    return sum(len(one.ids) for one in found)


def newest(
    service: RecordService, caller: Caller, found: list[Found], *, purpose: str
) -> list[Gathered]:
    """As much as a page holds. Every value that is unmasked is noted with the purpose."""
    left, gathered = MOST_RECORDS, list[Gathered]()
    for one in found:
        batch = Found(one.entity, one.ids[:left])
        left -= len(batch.ids)
        if batch.ids:
            gathered += gather(service, caller, batch, purpose=purpose, most=MOST_ENTRIES)
    return gathered


def gather(
    service: RecordService, caller: Caller, batch: Found, *, purpose: str, most: int | None
) -> list[Gathered]:
    """Records of one entity, with `most` entries of the log each, None: all."""
    held = list(holdings.read(service, caller, [batch], purpose=purpose))
    records = [{one.logical_name: value for one, value in item.values} for item in held]
    names = names_in(service, caller, entity=batch.entity, records=records)
    logs = logs_of(service.transaction, [one.id for one in held], most=most)
    return [_gathered(one, names, logs.get(one.id, Log())) for one in held]


def paper_of(gathered: list[Gathered]) -> Paper:
    """As a paper, for a file that is made whole: a row for each value, then one for each entry of
    the log."""
    return Paper(
        title=title(),
        introduction="",
        columns=columns(),
        sections=tuple(_section(number, one) for number, one in enumerate(gathered, start=1)),
    )


def title() -> str:
    return gettext("What is held on the person")


def columns() -> tuple[str, str, str]:
    return gettext("Item"), gettext("Content"), gettext("Read or changed by")


def rows_of(one: Gathered, number: int) -> Iterator[tuple[str, ...]]:
    """The lines of one record in a file: the section, and its columns."""
    named = f"{number}. {one.entity} {one.title}".strip()
    yield from ((named, label, text, "") for label, text in one.values)
    yield from ((named, *_line(entry)) for entry in one.log.entries)
    if one.older:
        yield (named, _older(one), "", "")


def _gathered(held: Held, names: dict[UUID, str], log: Log) -> Gathered:
    title = next((v for a, v in held.values if a.logical_name == held.entity.primary_name), None)
    return Gathered(
        id=held.id,
        entity=held.entity.display_name.text(language()),
        title=str(title or ""),
        values=tuple(
            (attribute.display_name.text(language()), _text(attribute, value, names))
            for attribute, value in held.values
            if value not in (None, "", ())
        ),
        log=log,
    )


def _text(attribute: AttributeDefinition, value: object, names: dict[UUID, str]) -> str:
    return shown(attribute, value, names=names, language=language()).text


def _section(number: int, one: Gathered) -> Section:
    rows = list(rows_of(one, number))
    named = rows[0][0] if rows else ""
    return Section(named, tuple(row[1:] for row in rows))


def _line(entry: Entry) -> tuple[str, str, str]:
    what = f"{entry.act} ({entry.purpose})" if entry.purpose else entry.act
    return entry.when, what, f"{entry.by} {entry.organization}".strip()


def _older(one: Gathered) -> str:
    return gettext("%(count)s older entries of the log are in the CSV file.", count=one.older)
