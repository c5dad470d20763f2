"""Every text of an interface is there in Japanese and in English.

Texts of templates and code are English and their own English; the Japanese is in translations/.
Labels in code and in the solution state both.
"""

import ast
import re
import string

import pytest
import yaml
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from cli.development.translations import COMPILED, FOLDER, merged
from tests.architecture.house import ROOT, Module, source_modules

KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
MODULES = source_modules()
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
ONLY_TOLD = re.compile(r"\{\w+\}")
"""Nothing but what somebody else has worded."""
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
BOTH = {"ja", "en"}
FIELDS = string.Formatter()


def texts_used() -> dict[str, str]:
    """By text the place that says it."""
    sources = [(path, "jinja2.ext.babel_extract") for path in ROOT.glob("templates/**/*.html")]
    sources += [(module.path, "python") for module in MODULES.values()]
    found = {}
    for path, method in sources:
        options = {"silent": "false"} if method != "python" else {}
        for line, text, _, _ in extract_from_file(method, path, KEYWORDS, options=options):
            for one in (text,) if isinstance(text, str) else text:
                found[one] = f"{path.relative_to(ROOT)}:{line}"
    return found


def test_every_text_has_a_japanese_wording() -> None:
    known = {message.id for message in merged() if message.id and message.string}
    missing = {text: place for text, place in texts_used().items() if text not in known}
    assert not missing, "\n".join(f"{place} {text}" for text, place in sorted(missing.items()))


def test_the_texts_themselves_are_english() -> None:
    japanese = [text for text in texts_used() if JAPANESE.search(text)]
    assert japanese == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.po")), ids=lambda path: path.name)
def test_a_catalogue_is_whole(path: object) -> None:
    """No text without its wording, none in doubt, and the same placeholders in both."""
    with open(str(path), "rb") as file:
        messages = [message for message in read_po(file, locale="ja") if message.id]
    assert messages
    assert [message.id for message in messages if not message.string or message.fuzzy] == []
    for message in messages:
        assert placeholders(message.id) == placeholders(message.string), message.id


def placeholders(text: object) -> set[str]:
    return set(PLACEHOLDER.findall(str(text)))


def test_one_text_has_one_wording_in_all_catalogues() -> None:
    wordings: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.po"):
        with path.open("rb") as file:
            for message in filter(lambda one: one.id, read_po(file, locale="ja")):
                wordings.setdefault(str(message.id), set()).add(str(message.string))
    assert {text: said for text, said in wordings.items() if len(said) > 1} == {}


def test_the_compiled_catalogue_is_what_the_sources_say() -> None:
    """If not: python -m cli.development.translations"""
    with COMPILED.open("rb") as file:
        in_use = {message.id: message.string for message in read_mo(file) if message.id}
    assert in_use == {message.id: message.string for message in merged() if message.id}


def labels(module: Module) -> list[tuple[str, list[str]]]:
    """Each Label made of plain texts: where, and the texts."""
    return [
        (f"{module.place}:{node.lineno}", [str(ast.literal_eval(one)) for one in node.args])
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Label"
        if all(isinstance(one, ast.Constant) for one in node.args) and not node.keywords
    ]


def test_every_label_of_the_code_has_both_languages() -> None:
    found = [label for module in MODULES.values() for label in labels(module)]
    assert len(found) > 30
    one_language = [(place, texts) for place, texts in found if len([*filter(None, texts)]) == 1]
    assert one_language == []
    for place, texts in found:
        if any(texts) and not all(ONLY_TOLD.fullmatch(text) for text in texts):
            assert JAPANESE.search(texts[0]), place
            assert names_in(texts[0]) == names_in(texts[1]), place


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in FIELDS.parse(text) if name}


def test_every_text_of_the_solution_has_both_languages() -> None:
    for path in (ROOT / "solutions").rglob("*.yaml"):
        for where, stated in texts_of(yaml.safe_load(path.read_text("utf-8")), path.name):
            assert stated.keys() == BOTH, where
            assert all(str(text).strip() for text in stated.values()), where
            assert names_in(str(stated["ja"])) == names_in(str(stated["en"])), where


def texts_of(stated: object, where: str) -> list[tuple[str, dict[str, object]]]:
    """Every mapping that states a text in a language."""
    if isinstance(stated, list):
        return [
            found
            for number, one in enumerate(stated)
            for found in texts_of(one, f"{where}[{number}]")
        ]
    if not isinstance(stated, dict):
        return []
    if stated.keys() & BOTH:
        return [(where, stated)]
    return [found for key, one in stated.items() for found in texts_of(one, f"{where}.{key}")]
