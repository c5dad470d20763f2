"""Spellings of one address or number become one; different ones stay different."""

import unicodedata

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crypto.normalisers import national_phone, normalise_email, normalise_phone

LOCAL_PARTS = st.from_regex(r"[A-Za-z0-9._%+-]{1,20}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?\.(jp|example|org)", fullmatch=True)
JAPANESE_LOCAL_PARTS = st.text(
    st.characters(whitelist_categories=["Ll", "Lu", "Lo", "Nd"]), min_size=1, max_size=10
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
DASHES = "-ー―‐‑‒–—−－ｰ─━⁃˗﹣〜"
SUBSCRIBERS = st.from_regex(r"0[5-9]0[1-9][0-9]{7}|0[1-9]{2}[2-9][0-9]{6}", fullmatch=True)
PLAIN_DIGITS = st.from_regex(r"0[0-9]{8,11}", fullmatch=True)


def by_the_library(digits: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, "JP")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not has_a_japanese_length(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def has_a_japanese_length(number: phonenumbers.PhoneNumber) -> bool:
    """Eleven digits behind 020 and 050 to 090, ten else; the library takes nine to eighteen."""
    digits = phonenumbers.national_significant_number(number)
    is_long = digits[0] in "256789" and digits[1] == "0"
    return number.country_code != 81 or (digits[0] != "0" and len(digits) == 9 + is_long)


def e164_or_none(text: str) -> str | None:
    try:
        return normalise_phone(text)
    except ValueError:
        return None


@given(local=LOCAL_PARTS, domain=DOMAINS, data=st.data())
def test_case_width_and_blanks_do_not_matter(local: str, domain: str, data: st.DataObject) -> None:
    address = f"{local}@{domain}"
    expected = normalise_email(address)
    assert expected == address.lower()
    spellings = [
        address.upper(),
        address.translate(FULL_WIDTH),
        f" \u3000{address}\t",
        f"{address}.",
        f"{local}＠{domain}",
    ]
    assert normalise_email(data.draw(st.sampled_from(spellings))) == expected


@given(local=LOCAL_PARTS | JAPANESE_LOCAL_PARTS, domain=DOMAINS)
def test_a_normal_address_is_its_own_normal_form(local: str, domain: str) -> None:
    try:
        once = normalise_email(f"{local}@{domain}")
    except ValueError:
        return
    assert normalise_email(once) == once


@given(local=JAPANESE_LOCAL_PARTS, domain=DOMAINS)
def test_composed_and_decomposed_are_one(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    decomposed = unicodedata.normalize("NFD", address)
    assert normalise_email(decomposed) == normalise_email(address)


@given(text=st.text(max_size=30))
@example("@")
@example("a@b@")
@example("@example.org")
@example("a@.")
@example("a@..")
@example("a@\u3002")
@example("a@" + "あ" * 80 + ".jp")
@example("a@xn--\u3042.jp")
def test_an_address_is_normalised_or_refused(text: str) -> None:
    try:
        normal = normalise_email(text)
    except ValueError:
        with pytest.raises(ValueError, match="^not an e-mail address$") as refusal:
            normalise_email(text)  # its text shows nothing of the address
        assert refusal.type is ValueError
    else:
        local, at, domain = normal.rpartition("@")
        assert local
        assert at
        assert domain
        assert domain.isascii()


@pytest.mark.parametrize("dash", DASHES)
def test_every_dash_a_keyboard_offers(dash: str) -> None:
    assert normalise_phone(f"078{dash}331{dash}8181") == "+81783318181"
    assert normalise_phone(f"０９０{dash}１２３４{dash}５６７８") == "+819012345678"


@given(digits=PLAIN_DIGITS)
@example("0783318181")
@example("09012345678")
@example("0120828828")
@example("0570000000")
@example("0101234567")
@example("01012345678")
@example("0034000000")
@example("0011223344")
@example("0210000000")
@example("02012345678")
@example("0200123456")
@example("0990504000")
def test_the_short_way_is_the_librarys(digits: str) -> None:
    """Plain digits skip phonenumbers; the answer must be the one it would have given."""
    assert e164_or_none(digits) == by_the_library(digits)


@pytest.mark.parametrize("prefix", [f"{number:03}" for number in range(20, 100)])
@pytest.mark.parametrize("tail", ["0000000", "3318181", "9999999", "00000000", "12345678"])
def test_the_short_way_is_the_librarys_for_every_prefix(prefix: str, tail: str) -> None:
    assert e164_or_none(prefix + tail) == by_the_library(prefix + tail)


@given(subscriber=st.from_regex(r"[2-9][0-9]{8,9}", fullmatch=True))
@example("783318181")
@example("499212345")  # a prefix whose grouping hangs on five digits
@example("829412345")
@example("982012345")
@example("8001234567")
@example("5012345678")
def test_the_grouping_is_the_librarys(subscriber: str) -> None:
    """Numbers are grouped by their first six digits, as phonenumbers once grouped another."""
    number = phonenumbers.parse("+81" + subscriber, "JP")
    assume(has_a_japanese_length(number))
    by_it = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert national_phone("+81" + subscriber) == by_it


@pytest.mark.parametrize("tail", ["000000", "199999", "555555", "976431", "0123456", "9876543"])
def test_the_grouping_is_the_librarys_for_every_area(tail: str) -> None:
    for area in range(200, 1000):
        number = phonenumbers.parse(f"+81{area}{tail}", "JP")
        if not has_a_japanese_length(number):
            continue
        by_it = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert national_phone(f"+81{area}{tail}") == by_it


@given(digits=PLAIN_DIGITS, cuts=st.sets(st.integers(1, 8), max_size=3), data=st.data())
def test_separators_change_nothing(digits: str, cuts: set[int], data: st.DataObject) -> None:
    separators = st.text(st.sampled_from(DASHES + "()（） \u3000.・\u200b\u202d"), max_size=2)
    written = ""
    for position, digit in enumerate(digits):
        written += (data.draw(separators) if position in cuts else "") + digit
    assert e164_or_none(written) == e164_or_none(digits)
    assert e164_or_none(written.translate(FULL_WIDTH)) == e164_or_none(digits)


@given(digits=PLAIN_DIGITS, position=st.integers(0, 12), letter=st.characters())
def test_a_letter_is_never_dialled(digits: str, position: int, letter: str) -> None:
    if unicodedata.normalize("NFKC", letter).isalpha() and letter not in DASHES:
        with pytest.raises(ValueError, match="not a telephone number"):
            normalise_phone(digits[:position] + letter + digits[position:])


@given(digits=SUBSCRIBERS)
def test_a_number_and_its_forms_are_one(digits: str) -> None:
    """Of numbers in use. The library lets some more pass as possible (those of many zeros), which
    it reads differently once a country code stands before them."""
    assume(phonenumbers.is_valid_number(phonenumbers.parse(digits, "JP")))
    e164 = normalise_phone(digits)
    assert e164 == "+81" + digits[1:]
    assert normalise_phone(e164) == e164
    assert normalise_phone(national_phone(e164)) == e164
    assert normalise_phone(f"+81 (0){digits[1:]}") == e164


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "+", "1", "110", "078-3318-181a", "078-331-8181 内線12", "078-331-8181x12",
     "なし", "078-331-8181, 078-331-8182", "++81783318181", "81+783318181", "0" * 30, "#9110",
     "*86", "tel:0783318181", "+999123456789", "078\n331\0 8181"],
)  # fmt: skip
def test_what_nobody_could_dial_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^not a telephone number$"):
        normalise_phone(text)
    with pytest.raises(ValueError, match="^not a telephone number$"):
        national_phone(text)


def test_a_number_from_abroad_keeps_its_country() -> None:
    assert normalise_phone("+44 20 7946 0958") == "+442079460958"
    assert normalise_phone("020 7946 0958", region="GB") == "+442079460958"
    assert normalise_phone("010 44 20 7946 0958") == "+442079460958"
    assert national_phone("+442079460958") == "+44 20 7946 0958"
    assert national_phone("+442079460958", region="GB") == "020 7946 0958"


@pytest.mark.parametrize(
    "text", ["090-1234-567", "090-1234-56789", "078-331-818", "078-331-81811", "0120-828-82"]
)
def test_a_digit_too_few_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^not a telephone number$"):
        normalise_phone(text)
