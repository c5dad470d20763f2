"""A paper as a file of any format there is for it, PDF among them where it can be made."""

import hashlib
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext

from admin_views.extraction.downloads import file_answer, named_file
from admin_views.extraction.showing import formats
from admin_views.language import language
from exchange.formats import FORMATS, format_named
from exchange.papers import pdf
from exchange.papers.all_papers import written
from exchange.papers.paper import Paper
from models.metadata.errors import RecordNotFound
from models.security.contracts import today

PDF = "pdf"


@dataclass(frozen=True, slots=True)
class PaperFile:
    title: str
    format: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def answer(self, plain_name: str) -> Response:
        if self.format != PDF:
            return file_answer(
                [self.content], format=self.format, title=self.title, plain_name=plain_name
            )
        return named_file(
            [self.content],
            suffix=PDF,
            content_type=pdf.CONTENT_TYPE,
            title=self.title,
            plain_name=plain_name,
        )


def paper_formats() -> dict[str, str]:
    """By name, what each is called."""
    return formats() | ({PDF: gettext("PDF")} if pdf.can_be_made() else {})


def require_format(format: str) -> str:
    """Raises RecordNotFound for one there is not."""
    if format not in FORMATS and not (format == PDF and pdf.can_be_made()):
        raise RecordNotFound("no such format")
    return format


def write(paper: Paper, format: str) -> PaperFile:
    speaks = language()
    if format == PDF:
        made_on = gettext("Made on %(day)s", day=today())
        return PaperFile(paper.title, format, pdf.pdf_of(paper, language=speaks, foot=made_on))
    content = written(paper, format_named(format), language=speaks)
    return PaperFile(paper.title, format, content)
