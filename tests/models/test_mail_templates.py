"""Templates look names up and do nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metadata.errors import DefinitionError
from models.metadata.labels import Label
from models.metadata.parsing.automation import parse_mail_template
from models.metadata.parsing.stated import Stated
from models.metadata.templates import fill, fill_line, placeholders

NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
LITERAL = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


@given(parts=st.lists(st.tuples(LITERAL, NAME)), end=LITERAL, data=st.data())
def test_names_become_values_and_the_rest_stays(
    parts: list[tuple[str, str]], end: str, data: st.DataObject
) -> None:
    template = "".join(f"{braced(text)}{{{name}}}" for text, name in parts) + braced(end)
    values = {name: data.draw(LITERAL) for _, name in parts}
    assert fill(template, values) == "".join(t + values[n] for t, n in parts) + end
    assert placeholders(template) == set(values)


@given(value=LITERAL)
def test_a_value_is_not_a_template(value: str) -> None:
    assert fill("{a}", {"a": value, "b": "secret"}) == value
    assert fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


@given(value=LITERAL)
def test_a_line_is_one_line(value: str) -> None:
    line = fill_line("受付 {a}", {"a": value})
    assert line.splitlines() == [line]
    assert line == line.strip()
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in line)


@pytest.mark.parametrize(
    ("stated", "called"),
    [
        ({}, Label("tst_thanks")),
        ({"display_name": {"ja": "お礼", "en": "Thanks"}}, Label("お礼", "Thanks")),
    ],
)
def test_a_template_is_called_by_its_display_name_or_else_its_name(
    stated: dict[str, object], called: Label
) -> None:
    mail = {"entity": "tst_thing", "subject": "受付のお知らせ", "body": "受け付けました。"}
    assert parse_mail_template("tst_thanks", Stated(mail | stated, "x")).display_name == called


def test_a_name_without_a_value_becomes_nothing() -> None:
    assert fill("[{a}]", {}) == "[]"


@pytest.mark.parametrize(
    "template",
    [
        "{a.__class__}",
        "{a.b.c}",
        "{a[0]}",
        "{a[key]}",
        "{a!r}",
        "{a:>10}",
        "{0}",
        "{}",
        "{a b}",
        "{名前}",
        "open { brace",
        "close } brace",
        "{a",
        "{{a}",
        "{a{b}}",
    ],
)
def test_anything_cleverer_is_refused(template: str) -> None:
    with pytest.raises(DefinitionError):
        placeholders(template)
    with pytest.raises(DefinitionError):
        fill(template, {"a": "x", "b": "y"})
