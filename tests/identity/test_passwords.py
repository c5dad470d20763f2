"""Passwords: long, or eight characters beside a second factor; not common; no other rule."""

import re
from unicodedata import normalize

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from admin_views.identity import passwords
from models.records.engine import RecordEngine
from tests.admin_views.office import PASSWORD
from tests.identity.staff import SHORT_PASSWORD, Browser, Person, account_of, hire

EMAIL = "hanako.kobe@shiyakusho.example.jp"
KANA = "がぎぐげご読み聞かせ会の合言葉ぱぴぷ"
DIGITS = "831946205717392604"
NEW = "rivers under seven bridges"
RANDOM = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=30, max_size=60)


def code_of_problem(password: str, *, second: bool = False, email: str = EMAIL) -> str:
    found = passwords.problem(password, email=email, has_second_factor=second)
    return "" if found is None else found.code


@pytest.mark.parametrize(
    ("length", "second", "code"),
    [
        (7, True, "password_length"),
        (8, True, ""),
        (14, False, "password_length"),
        (15, False, ""),
        (128, False, ""),
        (129, False, "password_length"),
        (129, True, "password_length"),
    ],
)
def test_length_is_all_that_is_asked_of_chance(length: int, second: bool, code: str) -> None:
    password = ("vq7-Zk2pXw9=Tm4" * 9)[:length]
    assert code_of_problem(password, second=second) == code


@pytest.mark.parametrize("password", ["onlysmalllettersatrandomqz", DIGITS, KANA])
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    assert code_of_problem(password) == ""


@given(RANDOM)
def test_what_is_long_and_random_is_taken_unless_it_repeats_itself(password: str) -> None:
    text = passwords.normalised(password)
    varied = len(set(text.casefold())) >= 20 and len(text) <= passwords.MOST
    assert not varied or code_of_problem(password) == ""


REFUSED = {"password_known", "password_common"}
"""On a list, or easy to guess; which of the two is the lists' chance."""
COMMON = [
    "passwordpassword",
    "password1234567890",
    "123456789012345",
    "aaaaaaaaaaaaaaaa",
    "qwertyuiopasdfgh",
    "iloveyouiloveyou",
    "ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ",
    "P@ssw0rdP@ssw0rd",
    "パスワードパスワードパスワード",
    "神戸市神戸市神戸市神戸市神戸市",
    "uketsuke-uketsuke",
    "Uketsuke2026Kobe!",
]


@pytest.mark.parametrize("password", COMMON)
def test_common_ones_are_refused(password: str) -> None:
    assert code_of_problem(password) in REFUSED


@pytest.mark.parametrize("password", ["password1", "iloveyou", "12345678", "qwertyui", "sunshine"])
def test_common_ones_are_refused_beside_a_second_factor_too(password: str) -> None:
    assert code_of_problem(password, second=True) in REFUSED


@pytest.mark.parametrize(
    "password",
    [
        EMAIL,
        EMAIL.upper(),
        f"{EMAIL}2026",
        f"x{EMAIL}!",
        f"{EMAIL} {EMAIL}",
        "hanako.kobe.hanako.kobe",
        "Hanako-Kobe-2026!",
        "hanakokobe2026kobe!",
        "ｈａｎａｋｏ．ｋｏｂｅ２０２６！",
        "shiyakusho.example.jp",
    ],
)
def test_ones_made_of_the_persons_own_address_are_refused(password: str) -> None:
    assert code_of_problem(password) == "password_common"
    assert code_of_problem(password, second=True) == "password_common"


@given(RANDOM)
def test_an_address_adds_no_strength(password: str) -> None:
    """What is refused alone is refused with the address before it."""
    weak = password[:3]
    assert code_of_problem(f"{EMAIL}{weak}") == "password_common"


def test_a_short_local_part_forbids_no_words() -> None:
    assert code_of_problem("a kitten in the attic tonight", email="a@example.jp") == ""


@given(RANDOM)
def test_every_way_of_writing_it_is_the_same_password(password: str) -> None:
    forms = {passwords.normalised(normalize(form, password)) for form in ("NFC", "NFD", "NFKC")}
    assert len(forms) == 1


@pytest.mark.parametrize("typed", ["a" + "\u0315\u0334" * 100, "あ" * 100_000, "か\u3099" * 300])
def test_what_nobody_types_is_no_password(typed: str) -> None:
    assert passwords.normalised(typed) == ""
    assert code_of_problem(typed) == "password_length"


def test_passwords_we_make_are_taken_and_differ() -> None:
    made = {passwords.make_password() for _ in range(50)}
    assert len(made) == 50
    assert {code_of_problem(password) for password in made} == {""}


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_japanese_password_signs_in_however_the_keyboard_writes_it(
    app: Flask, engine: RecordEngine, visitor: Browser, form: str
) -> None:
    person = hire(app, engine, password=normalize("NFC", KANA))
    visitor.try_password(person.email, normalize(form, KANA))  # type: ignore[arg-type]
    assert visitor.is_in()


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_an_account_takes_a_japanese_password_however_it_was_written(
    app: Flask, engine: RecordEngine, visitor: Browser, form: str
) -> None:
    person = hire(app, engine, password=normalize(form, KANA))  # type: ignore[arg-type]
    visitor.try_password(person.email, KANA)
    assert visitor.is_in()


@pytest.mark.parametrize(
    ("typed", "enters"),
    [
        (" two blanks  at both ends ", True),
        ("\u3000two\u3000blanks\u3000\u3000at both ends\u3000", True),
        ("two blanks  at both ends", False),
        (" two blanks at both ends ", False),
    ],
)
def test_spaces_belong_to_the_password_and_wide_ones_are_spaces(
    app: Flask, engine: RecordEngine, visitor: Browser, typed: str, enters: bool
) -> None:
    person = hire(app, engine, password=" two blanks  at both ends ")
    visitor.try_password(person.email, typed)
    assert visitor.is_in() is enters


def error_of(page: str, control: str) -> str:
    found = re.search(f'id="{control}-error">([^<]+)<', page)
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    ("present", "new", "again", "control", "words"),
    [
        ("wrong", NEW, NEW, "password", "現在のパスワードが正しくありません"),
        ("", NEW, NEW, "password", "現在のパスワードが正しくありません"),
        (PASSWORD, "vq7-Zk2pXw9=Tm", "vq7-Zk2pXw9=Tm", "new_password", "15文字以上"),
        (PASSWORD, "", "", "new_password", "15文字以上"),
        (PASSWORD, COMMON[0], COMMON[0], "new_password", "漏えいしたこと"),
        (PASSWORD, COMMON[-1], COMMON[-1], "new_password", "推測されやすい"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password", "現在のものと同じ"),
        (PASSWORD, NEW, NEW + "s", "new_password_confirm", "一致しません"),
    ],
)
def test_a_change_that_is_refused_says_why_beside_the_control(
    visitor: Browser,
    engine: RecordEngine,
    person: Person,
    present: str,
    new: str,
    again: str,
    control: str,
    words: str,
) -> None:
    before = account_of(engine, person).password
    values = {"password": present, "new_password": new, "new_password_confirm": again}
    page = visitor.sign_in(person).send("/account/password", **values)
    assert words in error_of(page.text, control)
    assert account_of(engine, person).password == before


def test_a_changed_password_is_the_only_one_that_signs_in(
    visitor: Browser, app: Flask, person: Person
) -> None:
    visitor.sign_in(person).change_password(person.password, NEW)
    for password, enters in ((person.password, False), (NEW, True)):
        browser = Browser(app)
        browser.try_password(person.email, password)
        assert browser.is_in() is enters


def test_eight_characters_are_enough_only_beside_a_second_factor(
    visitor: Browser, guarded: Person, app: Flask, person: Person
) -> None:
    with_factor = visitor.sign_in(guarded).change_password(guarded.password, SHORT_PASSWORD)
    assert with_factor.status_code == 302
    without = Browser(app).sign_in(person).change_password(person.password, SHORT_PASSWORD)
    assert "15文字以上" in error_of(without.text, "new_password")
