"""What people really type is taken: full-width digits, every dash, old addresses, 8,000 signs.

It is shown for checking as it will be kept.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.public_views.citizens import ANSWERS, Citizen
from tests.public_views.intake import Intake

DASHES = "-‐‑‒–—―−－ー～〜─━ｰ﹣­"
"""Hyphens, dashes, minus signs, long vowel marks, wave dashes, rules, a soft hyphen."""
FULL_WIDTH = str.maketrans("0123456789()+ ", "０１２３４５６７８９（）＋　")
SPELLINGS = [
    *(f"078{dash}331{dash}8181" for dash in DASHES),
    "0783318181",
    "078 331 8181",
    "(078)331-8181",
    "078・331・8181",
    "+81 78-331-8181",
    "+81-78-331-8181",
    " 078-331-8181 ",
    "\u200e078-331-8181\u200f",
]
ADDRESSES = {
    "taro.@docomo.ne.jp": "taro.@docomo.ne.jp",
    "a..b@docomo.ne.jp": "a..b@docomo.ne.jp",
    ".taro@ezweb.ne.jp": ".taro@ezweb.ne.jp",
    "-taro-@ezweb.ne.jp": "-taro-@ezweb.ne.jp",
    "Hanako+Kobe@Example.JP": "Hanako+Kobe@Example.JP",
    "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ": "hanako@example.jp",
    "　hanako@example.jp\u3000": "hanako@example.jp",
    "hanako@例え.jp": "hanako@例え.jp",
    f"{'a' * 64}@example.jp": f"{'a' * 64}@example.jp",
}
ADDRESSES_OF_PAGES = [
    "http://example.jp",
    "HTTPS://EXAMPLE.JP/",
    "https://例え.jp/神戸?q=花#応援",
    "https://example.jp:8443/~hanako/",
]
SIGNS = {"あ": 1, "𠮷": 1, "🌸": 1, "a": 1, "か\u3099": 1, "👨‍👩‍👧": 5, "葛\U000e0100": 2}
"""Each with its code points after composition: what both sides count."""
MOST = 8000


@pytest.mark.parametrize("typed", SPELLINGS + [one.translate(FULL_WIDTH) for one in SPELLINGS])
def test_a_telephone_number_is_taken_however_it_is_spelt(intake: Intake, typed: str) -> None:
    assert kept_of(intake, "kobe_phone", typed) == "078-331-8181"


@pytest.mark.parametrize(("typed", "kept"), ADDRESSES.items())
def test_an_address_of_a_telephone_company_is_an_address(
    intake: Intake, typed: str, kept: str
) -> None:
    assert kept_of(intake, "kobe_email", typed) == kept


@pytest.mark.parametrize("typed", ADDRESSES_OF_PAGES)
def test_addresses_of_pages_are_kept_as_typed(intake: Intake, typed: str) -> None:
    assert kept_of(intake, "kobe_websiteurl", typed) == typed


def test_every_category_can_be_chosen(citizen: Citizen) -> None:
    entity = citizen.intake.engine.catalog.entity("kobe_application")
    category = entity.attributes["kobe_category"].options
    assert category is not None
    for option in category.options:
        assert citizen.enter(kobe_category=str(option.value)).status_code == 303
        assert option.label.ja in citizen.page("/check").text
    assert len(category.options) == 12


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("sign", "length"), SIGNS.items())
def test_8000_code_points_are_taken_and_one_more_is_not(
    intake: Intake, sign: str, length: int, end: str
) -> None:
    """A line end counts one, however the browser sends it; so does 𠮷."""
    text = "\n".join([sign * 60] * (MOST // (60 * length + 1)))
    text += "字" * (MOST - count(text, sign, length))
    citizen = Citizen(intake).begin()
    assert citizen.enter(kobe_body=text.replace("\n", end)).status_code == 303
    page = citizen.refused(kobe_body=(text + "字").replace("\n", end))
    assert page.errors == {
        "kobe_body": "応援内容は8,000文字以内で入力してください（現在8,001文字）。"
    }


def count(text: str, sign: str, length: int) -> int:
    signs = text.count(sign)
    return signs * length + len(text) - signs * len(sign)


@settings(max_examples=30)
@given(
    st.text(st.sampled_from("あ漢字𠮷🌸a\n \t「」ー"), min_size=1, max_size=80).filter(str.strip)
)
def test_the_body_reaches_the_record_as_it_was_typed(intake: Intake, text: str) -> None:
    citizen = Citizen(intake).begin()
    citizen.enter(kobe_body=text.replace("\n", "\r\n"))
    citizen.send()
    assert citizen.record()["kobe_body"] == text


def kept_of(intake: Intake, control: str, typed: str) -> object:
    """What the record holds in the end; it was shown so for checking."""
    citizen = Citizen(intake).begin()
    assert citizen.enter(**{control: typed}).status_code == 303
    shown = citizen.page("/check").text
    citizen.send()
    record = citizen.record()
    assert str(record[control]) in shown
    assert record["kobe_nickname"] == ANSWERS["kobe_nickname"]
    return record[control]
