"""A paper as a PDF, where WeasyPrint is installed (requirements-pdf.txt); offered nowhere else.

What it is given is text, written into a page of its own; it fetches nothing, from nowhere.
"""

from importlib.util import find_spec
from typing import Any, NoReturn

from markupsafe import Markup

from exchange.papers.paper import Paper

CONTENT_TYPE = "application/pdf"
UPRIGHT = 2
"""Columns; more of them are printed across."""
STYLE = Markup("""
@page { size: A4 %s; margin: 12mm; }
@page { @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
body { font-family: "Noto Sans JP", "Noto Sans CJK JP", sans-serif; font-size: 8.5pt; }
body { line-height: 1.45; }
h1 { font-size: 14pt; margin: 0 0 4pt; }
h2 { font-size: 11pt; margin: 10pt 0 3pt; break-after: avoid; }
p { margin: 0 0 4pt; }
.note { font-size: 8pt; break-after: avoid; }
table { width: 100%%; border-collapse: collapse; table-layout: fixed; }
th, td { border: 0.5pt solid #000; padding: 2pt 3pt; text-align: left; vertical-align: top; }
th, td { white-space: pre-line; overflow-wrap: anywhere; }
th:first-child { width: 18%%; }
tr { break-inside: avoid; }
""")
TITLE_CELL, CELL = Markup("<th>{}</th>"), Markup("<td>{}</td>")


def can_be_made() -> bool:
    return find_spec("weasyprint") is not None


def pdf_of(paper: Paper, *, language: str, foot: str) -> bytes:
    """`foot` stands below the title: when it was made."""
    import weasyprint  # an optional extra, and slow to load

    page = weasyprint.HTML(string=_page(paper, language, foot), url_fetcher=_refuse)
    made: bytes = page.write_pdf()
    return made


def _page(paper: Paper, language: str, foot: str) -> Markup:
    across = "landscape" if len(paper.columns) > UPRIGHT else ""
    head = Markup("<html lang='{}'><meta charset='utf-8'><title>{}</title><style>{}</style>")
    body = Markup("<h1>{}</h1><p>{}</p><p>{}</p>{}</html>")
    sections = Markup().join(_section(paper, number) for number in range(len(paper.sections)))
    return head.format(language, paper.title, STYLE % across) + body.format(
        paper.title, paper.introduction, foot, sections
    )


def _section(paper: Paper, number: int) -> Markup:
    section = paper.sections[number]
    head = Markup("<h2>{}</h2>").format(section.title) if section.title else Markup()
    if section.note:
        head += Markup("<p class='note'>{}</p>").format(section.note)
    rows = Markup().join(_row(CELL, row) for row in section.rows)
    titles = _row(TITLE_CELL, paper.columns)
    table = Markup("<table><thead>{}</thead><tbody>{}</tbody></table>")
    return head + table.format(titles, rows)


def _row(cell: Markup, texts: tuple[str, ...]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup().join(cell.format(text) for text in texts))


def _refuse(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError("a paper fetches nothing")
