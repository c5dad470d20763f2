"""What is held on a person as a file: CSV piece by piece with all there is, other formats made
whole of as much as the page shows. Each is entered in the ledger of extracts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, stream_with_context
from flask_babel import gettext

from admin_views.disclosure import gathering, others, register
from admin_views.disclosure.gathering import Gathered
from admin_views.extraction.downloads import file_answer, named_file
from admin_views.language import language
from admin_views.papers.files import PDF, paper_formats, write
from exchange.extracts.handing import HandedFile, Handing
from exchange.formats import format_named
from exchange.papers import pdf
from exchange.papers.paper import SECTION
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import RecordNotFound
from models.records import holdings
from models.records.engine import RecordEngine
from models.records.holdings import Found
from models.records.service import RecordService
from models.security import column_security
from models.security.caller import Caller
from models.security.contracts import today

STREAMED = ("csv", "csv_cp932")
PLAIN_NAME = "held"


@dataclass(frozen=True, slots=True)
class Filing:
    """One request's file, for one official."""

    engine: RecordEngine
    caller: Caller
    request: register.Request
    found: list[Found]
    purpose: str

    def answer(self, format: str) -> Response:
        """Raises RecordNotFound (not offered), ConcurrencyConflict (decided)."""
        if format not in formats_for(gathering.count(self.found)):
            raise RecordNotFound("no such format")
        content = self._streamed(format) if format in STREAMED else self._whole(format)
        file = HandedFile(self.engine, self.caller, self._handing(format))
        file.begin(self._note)
        pieces = stream_with_context(file.pieces(content))
        title = gathering.title()
        if format != PDF:
            return file_answer(pieces, format=format, title=title, plain_name=PLAIN_NAME)
        kind = {"suffix": PDF, "content_type": pdf.CONTENT_TYPE}
        return named_file(pieces, title=title, plain_name=PLAIN_NAME, **kind)

    def _whole(self, format: str) -> list[bytes]:
        gathered = self.engine.run(
            lambda s: [
                *gathering.newest(s, self.caller, self.found, purpose=self.purpose),
                *self._requests(s),
            ]
        )
        return [write(gathering.paper_of(gathered), format).content]

    def _streamed(self, format: str) -> Iterator[bytes]:
        """Each piece is read, and noted in the log, on its own."""
        made = format_named(format)
        titles = [SECTION.text(language()), *gathering.columns()]
        yield from made.writer().pieces(titles, self._chunks(made.title))

    def _chunks(self, cell: Any) -> Iterator[list[list[str]]]:
        for number, one in enumerate(self._all(), start=1):
            rows = list(gathering.rows_of(one, number))
            yield [[cell(row[place]) for row in rows] for place in range(4)]

    def _all(self) -> Iterator[Gathered]:
        for batch in holdings.batches(self.found, gathering.BATCH):
            yield from self.engine.run(partial(self._read, batch))
        yield from self.engine.run(self._requests)

    def _requests(self, service: RecordService) -> list[Gathered]:
        return others.gathered(service, self.caller, self.request)

    def _read(self, batch: Found, service: RecordService) -> list[Gathered]:
        return gathering.gather(service, self.caller, batch, purpose=self.purpose, most=None)

    def _handing(self, format: str) -> Handing:
        columns = [(one.entity, a) for one in self.found for a in _readable(self.caller, one)]
        return Handing(
            columns=tuple(f"{e.logical_name}.{a.logical_name}" for e, a in columns),
            personal=tuple(f"{e.logical_name}.{a.logical_name}" for e, a in columns if a.personal),
            count=gathering.count(self.found),
            purpose=self.purpose,
            recipient=gettext("The person who asked"),
            keep_until=max(self.request.row.due_on, today()),
            format=format,
            language=language(),
        )

    def _note(self, service: RecordService) -> None:
        ids = [one for some in self.found for one in some.ids]
        register.note_gathered(service, self.caller, self.request.row.id, ids)


def formats_for(count: int) -> dict[str, str]:
    """What is made whole is offered for as many records only as it can hold."""
    is_small = count <= gathering.MOST_RECORDS
    return {n: text for n, text in paper_formats().items() if is_small or n in STREAMED}


def _readable(caller: Caller, found: Found) -> Iterable[AttributeDefinition]:
    for attribute in found.entity.attributes.values():
        if column_security.rights(caller, found.entity, attribute).read:
            yield attribute
