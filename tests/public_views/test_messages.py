"""Bad input: a clear message next to the control and in the summary, in the page's language.

What was typed is kept, whatever was wrong with it, and nothing is taken.
"""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.public_views.citizens import ANSWERS, Citizen
from tests.public_views.intake import Intake
from tests.public_views.reading import Page

EMAIL = (
    "Eメールは「name@example.jp」のような形で入力してください。",
    "Enter E-mail in the form name@example.jp.",
)
PHONE = (
    "電話番号は「078-331-8181」のように、市外局番から入力してください。",
    "Enter Telephone number with its area code, like 078-331-8181.",
)
URL = (
    "WebサイトURLは「https://」または「http://」で始まる形で入力してください。",
    "Web site must begin with https:// or http://.",
)
CATEGORY = ("カテゴリは選択肢の中から選んでください。", "Choose one of the options for Category.")
CONSENT = (
    "「神戸市個人情報保護方針を確認しました」にチェックを入れてください。",
    "Tick “I have read Kobe City's privacy policy”.",
)
NO_CODE = ("イメージのコードを入力してください。", "Enter the code shown in the image.")
WRONG_CODE = (
    "イメージのコードが正しくありません。表示されている数字をもう一度入力してください。",
    "The code is not the one in the image. Enter the digits shown.",
)


def missing(ja: str, en: str) -> tuple[str, str]:
    return f"{ja}を入力してください。", f"Enter {en}."


def too_long(ja: str, en: str, *, most: int) -> tuple[str, str]:
    return (
        f"{ja}は{most:,}文字以内で入力してください（現在{most + 1:,}文字）。",
        f"{en} must be {most:,} characters or fewer (now {most + 1:,}).",
    )


BAD = [
    ("kobe_nickname", "", missing("連絡用ニックネーム", "Name to contact you by")),
    ("kobe_nickname", " 　\t", missing("連絡用ニックネーム", "Name to contact you by")),
    ("kobe_email", "", missing("Eメール", "E-mail")),
    ("kobe_phone", "", missing("電話番号", "Telephone number")),
    ("kobe_catchphrase", "", missing("キャッチフレーズ", "Catchphrase")),
    ("kobe_body", "\r\n ", missing("応援内容", "What you want to do")),
    ("kobe_category", "", ("カテゴリを選択してください。", "Choose Category.")),
    ("kobe_category", "927000099", CATEGORY),
    ("kobe_category", "子ども", CATEGORY),
    *(
        ("kobe_email", typed, EMAIL)
        for typed in (
            "花子",
            "はなこ@example.jp",
            "café@example.jp",
            "hanako",
            "hanako@",
            "@example.jp",
            "hanako@example",
            "hanako@@example.jp",
            "hanako @example.jp",
            "hanako@example..jp",
            "hanako@-example.jp",
            "hanako@example.jp,taro@example.jp",
            "花子 <hanako@example.jp>",
            f"{'a' * 65}@example.jp",
            f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 60}.jp",
        )
    ),
    *(
        ("kobe_phone", typed, PHONE)
        for typed in ("電話なし", "331-8181", "078-3318-181a", "0120-BANK", "078", "0" * 30, "+")
    ),
    *(
        ("kobe_websiteurl", typed, URL)
        for typed in (
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "ftp://example.jp/",
            "file:///etc/passwd",
            "mailto:hanako@example.jp",
            "//example.jp",
            "www.example.jp",
            "https://",
            "http:///path",
            "https://[::1",
            'https://example.jp/"onclick=',
            "https://example.jp/a b",
        )
    ),
    ("kobe_organizationname", "団" * 101, too_long("団体名", "Organisation", most=100)),
    (
        "kobe_nickname",
        "𠮷" * 101,
        too_long("連絡用ニックネーム", "Name to contact you by", most=100),
    ),
    ("kobe_catchphrase", "花" * 101, too_long("キャッチフレーズ", "Catchphrase", most=100)),
    (
        "kobe_twitteraccount",
        "x" * 51,
        too_long("X（旧Twitter）アカウント名", "X (formerly Twitter) account", most=50),
    ),
    ("kobe_body", "応" * 8001, too_long("応援内容", "What you want to do", most=8000)),
    ("privacy_confirmed", None, CONSENT),
    ("privacy_confirmed", "", CONSENT),
    ("captcha", "", NO_CODE),
    ("captcha", None, NO_CODE),
    ("captcha", "  　", NO_CODE),
    ("captcha", "花", WRONG_CODE),
    ("captcha", "0", WRONG_CODE),
]  # fmt: skip
LANGUAGES = ["ja", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("control", "typed", "message"), BAD)
def test_one_wrong_control_is_named_at_the_control_and_in_the_summary(
    intake: Intake, language: str, control: str, typed: str | None, message: tuple[str, str]
) -> None:
    citizen = Citizen(intake, language).begin()
    page = citizen.refused(**{control: typed})
    assert page.language == language
    expected = {control: message[LANGUAGES.index(language)]}
    assert (page.errors, page.summary) == (expected, expected)
    assert f"{control}-error" in page.described[control]
    assert page.title.startswith({"ja": "エラー", "en": "Error"}[language])
    assert kept(page) == as_shown(ANSWERS | {control: typed})
    assert citizen.visit().draft is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wrong_control_is_named_at_once_in_the_order_of_the_page(
    intake: Intake, language: str
) -> None:
    wrong = {control: typed for control, typed, _ in BAD}
    page = Citizen(intake, language).begin().refused(**wrong)
    in_order = [name for name in page.controls if name in wrong]
    assert list(page.summary) == in_order
    assert page.errors == page.summary


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(sorted(ANSWERS.keys() - {"privacy_confirmed"})), ANY_TEXT))
def test_whatever_is_typed_is_kept_letter_by_letter(intake: Intake, typed: dict[str, str]) -> None:
    """Markup, quotes, line ends at the beginning; the CAPTCHA is always asked anew."""
    page = Citizen(intake).begin().refused(privacy_confirmed=None, captcha="", **typed)
    assert kept(page) == as_shown(ANSWERS | {"privacy_confirmed": None} | typed)


def kept(page: Page) -> dict[str, str]:
    """The answers a browser would send again."""
    return {name: unix(value) for name, value in page.values.items() if name in ANSWERS}


def as_shown(stated: Mapping[str, str | None]) -> dict[str, str]:
    """As a page can hold them: a select has its options only, an empty tick is not there."""
    shown = {name: unix(value or "") for name, value in stated.items() if name in ANSWERS}
    if not shown["kobe_category"].startswith("92700000"):
        shown["kobe_category"] = ""
    if not shown["privacy_confirmed"]:
        del shown["privacy_confirmed"]
    return shown


def unix(text: str) -> str:
    return text.replace("\r\n", "\n")
