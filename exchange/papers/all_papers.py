"""The papers there are: one registry, which the page offers as it is."""

from collections.abc import Callable, Mapping

from exchange.formats import FileFormat
from exchange.papers.files import files
from exchange.papers.flows import flows
from exchange.papers.items import items
from exchange.papers.known import Known
from exchange.papers.paper import SECTION, Paper
from exchange.papers.processing import processing
from exchange.papers.shown_purposes import shown_purposes
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService

PAPERS: Mapping[str, Callable[[Known], Paper]] = {
    "items": items,
    "flows": flows,
    "files": files,
    "processing": processing,
    "purposes": shown_purposes,
}
"""By the name in their address, in the order in which they are offered."""


def read_paper(service: RecordService, name: str, *, language: str) -> Paper:
    """The paper as of this moment. Raises RecordNotFound."""
    if name not in PAPERS:
        raise RecordNotFound("no such paper")
    return PAPERS[name](Known.read(service, language))


def written(paper: Paper, made: FileFormat, *, language: str) -> bytes:
    """The paper as a file: all sections in one table."""
    titles = [SECTION.text(language), *paper.columns]
    rows = list(paper.lines)
    columns = [[made.title(row[place]) for row in rows] for place in range(len(titles))]
    return b"".join(made.writer().pieces(titles, [columns]))
