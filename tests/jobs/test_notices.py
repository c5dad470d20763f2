"""What a job's message tells the staff is there in Japanese, sentence by sentence, and nothing
that is no longer said is translated still."""

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cli.development.translations import FOLDER, merged
from jobs import notices
from jobs.notices import failure, joined, taken_over

MARK = "a system job's message, translated when it is shown"
"""The comment in the catalogue of what no `gettext("…")` names."""


def sentences() -> set[str]:
    """Every text that jobs/notices.py gives a name."""
    tree = ast.parse(Path(str(notices.__file__)).read_text("utf-8"))
    return {
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, str)
    }


def test_every_sentence_has_a_japanese_wording() -> None:
    assert {notices.ERASED, notices.UNREACHABLE, notices.GIVEN_UP} <= sentences()
    known = {message.id for message in merged() if message.string}
    assert sentences() - known == set()


def test_no_wording_is_left_of_what_is_said_no_longer() -> None:
    with (FOLDER / "admin.ja.po").open("rb") as file:
        marked = {one.id for one in read_po(file, locale="ja") if MARK in one.auto_comments}
    assert marked == sentences()


def test_a_sentence_is_one_line() -> None:
    """A message is translated line by line."""
    assert [said for said in sentences() if "\n" in said or not said.endswith(".")] == []


@pytest.mark.parametrize(
    "error", [KeyError("taro@example.jp"), OSError(111, "refused"), OSError()]
)
def test_a_failure_begins_with_a_sentence(error: Exception) -> None:
    said = failure(error).reason.split("\n")
    assert said[0] in sentences()
    assert "taro@example.jp" not in said
    assert joined(taken_over("send_mail"), failure(error).reason).split("\n")[2:] == said
