"""An answered page as a citizen reads it: controls and what is in them, messages, links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "img", "meta", "link", "br", "hr"}


@dataclass
class Page:
    """What was found in one page's HTML."""

    values: dict[str, str] = field(default_factory=dict)
    """By control name what a browser would send back unchanged."""
    controls: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """By control: the message next to it."""
    summary: dict[str, str] = field(default_factory=dict)
    """By control: the message in the summary, which links to the control."""
    notice: str = ""
    language: str = ""
    title: str = ""
    text: str = ""
    links: list[str] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def everything(self) -> str:
        return " ".join(self.text.split())

    def element(self, name: str) -> dict[str, str]:
        """The attributes of the control of that name."""
        [found] = [stated for _, stated in self.elements if stated.get("name") == name]
        return found


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[tuple[str, dict[str, str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        self.page.elements.append((tag, stated))
        if tag not in VOID:
            self._open.append((tag, stated))
        if "aria-describedby" in stated and "id" in stated:
            self.page.described[stated["id"]] = stated["aria-describedby"]
        match tag:
            case "html":
                self.page.language = stated.get("lang", "")
            case "a":
                self.page.links.append(stated.get("href", ""))
            case "button":
                self.page.buttons.append(stated)
            case "input":
                self._input(stated)
            case "textarea" | "select":
                self.page.controls.append(stated["name"])
                self.page.values[stated["name"]] = ""
            case "option":
                self._option(stated)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ("", {})
        if inside[0] == "textarea":
            name = inside[1]["name"]
            if not self.page.values[name]:  # HTML drops the line end that a textarea begins with
                data = data.removeprefix("\r").removeprefix("\n")
            self.page.values[name] += data
            return
        self.page.text += data
        if inside[0] == "title":
            self.page.title += data
        for _, stated in reversed(self._open):
            if stated.get("id", "").endswith("-error") and inside[1].get("aria-hidden") != "true":
                _add(self.page.errors, stated["id"].removesuffix("-error"), data)
            if stated.get("class") == "notice":
                self.page.notice += data.strip()
        summary = any(stated.get("class") == "summary" for _, stated in self._open)
        if summary and inside[0] == "a":
            _add(self.page.summary, inside[1]["href"].removeprefix("#"), data)

    def _input(self, stated: dict[str, str]) -> None:
        name = stated["name"]
        self.page.controls.append(name)
        if stated.get("type") != "checkbox" or "checked" in stated:
            self.page.values[name] = stated.get("value", "")

    def _option(self, stated: dict[str, str]) -> None:
        name = next(one["name"] for tag, one in reversed(self._open) if tag == "select")
        self.page.options.setdefault(name, []).append(stated.get("value", ""))
        if "selected" in stated:
            self.page.values[name] = stated.get("value", "")


def _add(texts: dict[str, str], name: str, text: str) -> None:
    texts[name] = texts.get(name, "") + text.strip()
