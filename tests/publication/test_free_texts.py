"""Whatever way people write how to reach them, the check before a publication points at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_views.publication.free_texts import looks_like

PHONES = [
    "078-331-8181", "０７８－３３１－８１８１", "078(331)8181", "(078)331-8181", "078 331 8181",
    "0783318181", "09012345678", "090-1234-5678", "０９０ー１２３４ー５６７８", "+81-78-331-8181",
    "+81 90 1234 5678", "+819012345678", "03‐1234‐5678", "0120-123-456", "078.331.8181",
    "TEL：078―331―8181まで", "電話０７８（３３１）８１８１",
]  # fmt: skip
EMAILS = [
    "hanako@example.jp", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako [at] example.jp",
    "hanako(at)example.jp", "hanako＠example.co.jp", "h.kobe+x@mail.example.com",
    "hanako★example.jp", "hanako @ example.jp",
]  # fmt: skip
ADDRESSES = [
    "〒650-8570", "650-8570", "６５０－８５７０", "兵庫県神戸市中央区加納町6-5-1",
    "神戸市中央区加納町６丁目５番１号", "加納町六丁目五番一号", "東京都千代田区",
    "中央区加納町6丁目", "三宮町1-2-3ではなく神戸市灘区岩屋町1-2", "北海道札幌市",
    "灘区岩屋町３番地",
]  # fmt: skip
HARMLESS = [
    "子どもたちに本を届けたい", "読み聞かせの会を月に2回開きます。",
    "2026年4月1日から2027年3月31日まで", "2026-04-01", "参加者は100人、予算は1,500,000円です。",
    "10:00-12:00", "市内の小学校と協力します。", "第3回の報告", "SNSで@を付けて呼びます",
    "3対2で勝ちました", "2026/04/01 10:00", "",
]  # fmt: skip


@pytest.mark.parametrize("text", PHONES)
def test_telephone_numbers(text: str) -> None:
    assert "phone" in looks_like(text)


@pytest.mark.parametrize("text", EMAILS)
def test_addresses_of_mail(text: str) -> None:
    assert "email" in looks_like(text)


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses_of_places(text: str) -> None:
    assert "address" in looks_like(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_not_pointed_at(text: str) -> None:
    assert looks_like(text) == ()


@given(
    number=st.from_regex(r"0[1-9]0-[1-9]\d{3}-\d{4}|0[1-9]\d-[1-9]\d{2}-\d{4}", fullmatch=True),
    dash=st.sampled_from("-－‐―−ー "),
    around=st.sampled_from(["", "連絡先は", "（", "\n"]),
)
def test_any_number_between_any_words(number: str, dash: str, around: str) -> None:
    assert "phone" in looks_like(f"{around}{number.replace('-', dash)}です")


@pytest.mark.parametrize(
    "part", ["0", "市", "丁目1", "a@", "1-", "〒", "東京都", "ー", "あ", " ", "+81"]
)
def test_no_text_takes_for_ever(part: str) -> None:
    looks_like(part * (8000 // len(part)))
    looks_like(f"{part * (4000 // len(part))}x")


def test_marks_without_end_are_no_way_around() -> None:
    assert looks_like("連絡は078-331-8181へ" + "\u0301" * 100) == ("phone",)
