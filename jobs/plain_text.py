"""Text as it may stand on a page and in an attribute: HTML reduced to what it says, and no
character that does more than be read. It fetches nothing and follows nothing.
"""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser

from crypto.unicode_forms import normal_form

SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
BREAKING = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "section"}
    | {f"h{level}" for level in range(1, 7)}
)
LOST = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, among them those that turn writing round; halves of characters; nobody's own."""
JOINERS = frozenset("\u200c\u200d")
"""Without them some scripts and signs read otherwise."""
LONGEST_SOURCE = 2**20
BLANK_LINES = re.compile(r"\n(?:[ \t\u3000]*\n){2,}")


def cleaned(text: str) -> str:
    """Lines end in LF; at most one blank line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(one for one in text if one == "\n" or one in JOINERS or _is_kept(one))
    try:
        kept = normal_form("NFC", kept)
    except ValueError:  # more marks than any script writes
        kept = "".join(one for one in kept if not unicodedata.combining(one))
    return BLANK_LINES.sub("\n\n", kept).strip()


def one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def of_html(source: str) -> str:
    """What the first megabyte of a page says, without links, pictures, styles and scripts. What it
    ends with, unfinished, is left out: the library looks for its end again and again, for hours
    where somebody meant it to."""
    reader = _Reader()
    reader.feed(source[:LONGEST_SOURCE])
    reader.said.append(reader.last_words)
    lines = "".join(reader.said).split("\n")
    return cleaned("\n".join(" ".join(line.split()) for line in lines))


def _is_kept(character: str) -> bool:
    return unicodedata.category(character) not in LOST


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silence: list[str] = []

    @property
    def last_words(self) -> str:
        """What stands after the last tag, if no other was begun."""
        begun = self.rawdata.startswith("<") or self._silence
        return "" if begun else unescape(self.rawdata).replace("\n", " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silence.append(tag)
        elif tag in BREAKING:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silence:
            while self._silence.pop() != tag:
                pass
        elif tag in BREAKING:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silence:
            self.said.append(data.replace("\n", " "))
