"""Laws of a list's address: it is read as written, and asks nothing that was not offered."""

from dataclasses import replace
from unicodedata import normalize
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_views.records.listing import LONGEST_TEXT, ListAddress, ListOffer, free_text
from admin_views.records.offers import LONGEST_SORTED, list_offer
from admin_views.records.rights import EntityRights
from models.metadata.query import Condition, Filter
from models.records import keyset
from models.security.caller import Caller
from packager.installing import check
from tests.admin_views.callers import callers
from tests.admin_views.office import ENTITY, SOLUTION

CATALOG = check(SOLUTION)
KOBE = CATALOG.entity(ENTITY)
NAMES = st.sampled_from([*KOBE.attributes, "", "password", "id", "' OR 1=1"])
ARGUMENTS = st.dictionaries(
    st.sampled_from(["view", "sort", "desc", "q", "after", "back", *KOBE.attributes]),
    st.one_of(NAMES, st.sampled_from(list(CATALOG.views)), st.text(max_size=300), st.just("1")),
)


def offer_of(caller: object) -> ListOffer:
    return list_offer(CATALOG, KOBE, EntityRights.of(caller, CATALOG, KOBE))  # type: ignore[arg-type]


def asked(part: Filter | Condition) -> set[str]:
    if isinstance(part, Condition):
        return {part.attribute}
    return set().union(*(asked(one) for one in part.parts))


@given(callers(KOBE), ARGUMENTS)
def test_what_is_written_is_read_again(caller: object, arguments: dict[str, str]) -> None:
    offer = offer_of(caller)
    address = ListAddress.read(arguments, offer)
    same = address.url_arguments(after=address.after, backwards=address.backwards)
    assert ListAddress.read(same, offer) == address


@given(callers(KOBE), ARGUMENTS)
def test_a_query_asks_only_about_open_attributes(
    caller: object, arguments: dict[str, str]
) -> None:
    """Whatever stands in the address: no secured or sealed attribute in filter or order."""
    offer = offer_of(caller)
    query = ListAddress.read(arguments, offer).query(offer)
    named = asked(query.filter) | {order.attribute for order in query.order}
    assert not [n for n in named if KOBE.attributes[n].secured or KOBE.attributes[n].sealed]


@given(callers(KOBE), ARGUMENTS)
def test_a_query_selects_only_what_the_caller_reads(
    caller: object, arguments: dict[str, str]
) -> None:
    rights = EntityRights.of(caller, CATALOG, KOBE)  # type: ignore[arg-type]
    offer = list_offer(CATALOG, KOBE, rights)
    query = ListAddress.read(arguments, offer).query(offer)
    assert all(rights.on(name).read for name in query.columns)


@given(callers(KOBE), ARGUMENTS, st.sampled_from(["sort", "text", "view"]))
def test_another_question_begins_on_its_first_page(
    caller: object, arguments: dict[str, str], changed: str
) -> None:
    offer = offer_of(caller)
    address = ListAddress.read({**arguments, "after": "token", "back": "1"}, offer)
    written = address.url_arguments(**{changed: "x"})
    assert "after" not in written
    assert "back" not in written


@given(st.text(), st.text())
def test_free_text_holds_no_address(before: str, after: str) -> None:
    text = free_text(f"{before}taro@example.jp{after}")
    assert "@" not in text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "taro@example.jp",
            "taro＠example.jp",
            "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ",
            "taro﹫example.jp",
        ),
        *("taro @example.jp", "078-331-8181", "0783318181", "０７８－３３１－８１８１"),
        *("(078) 331 8181", "078ー331ー8181", "٠٧٨٣٣١٨١٨١", "+81 78 331 8181", "+1 202-555-0123"),
        *("090-1234-5678", "０９０１２３４５６７８", "花子 078-331-8181", "電話078-331-8181まで"),
    ],
)
def test_free_text_is_no_personal_value(text: str) -> None:
    assert free_text(text) == ""
    assert free_text(f"  {text}\n") == ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "PAK82-R8JGK4",
            "ＰＡＫ８２－Ｒ８ＪＧＫ４",
            "26412-83174",
            "応援042",
            "042",
            "12345",
            "2026",
        ),
        *(
            "2026-04-01",
            "第3回 2026年4月1日",
            "神戸 花子",
            "A-1",
            "100%",
            "株式会社",
            "〒650-8570",
        ),
    ],
)
def test_free_text_is_what_people_search_by(text: str) -> None:
    assert free_text(f" {text} ") == text


@given(st.text(max_size=500))
def test_free_text_is_kept_otherwise(text: str) -> None:
    kept = text.strip()[:LONGEST_TEXT]
    read = normalize("NFKC", kept)
    if "@" not in read and not any(character.isdecimal() for character in read):
        assert free_text(text) == kept


@given(callers(KOBE))
def test_the_first_view_is_the_default(caller: object) -> None:
    offer = offer_of(caller)
    address = ListAddress.read({"view": str(uuid4())}, offer)
    assert address.view == "kobe_application_received"


LONGEST_REQUEST_LINE = 4094
"""Bytes that gunicorn takes; it answers 414 to more."""


@pytest.mark.parametrize("max_length", [40, 100, 200, 400, 4000])
def test_every_next_page_has_an_address_that_is_taken(max_length: int) -> None:
    """Under the longest search, sorted by the longest text, of characters of four bytes."""
    long = replace(KOBE.attributes["kobe_catchphrase"], max_length=max_length)
    entity = replace(KOBE, attributes={**KOBE.attributes, long.logical_name: long})
    offer = list_offer(CATALOG, entity, EntityRights.of(Caller.system("test"), CATALOG, entity))
    record = {"id": uuid4(), long.logical_name: "😀" * max_length}
    chosen = {a.logical_name: a.options.options[0].value for a in offer.filters if a.options}
    asked = {name: str(value) for name, value in chosen.items()}
    asked |= {"q": "😀" * LONGEST_TEXT, "sort": long.logical_name, "desc": "1", "back": "1"}
    address = ListAddress.read(asked, offer)
    order = address.query(offer).order
    assert bool(address.sort) is (max_length <= LONGEST_SORTED)
    if address.sort:
        after = keyset.token(order, record, entity)
        arguments = urlencode(address.url_arguments(after=after, backwards=True))
        line = f"GET /admin/t/{ENTITY}/?{arguments} HTTP/1.1\r\n"
        assert len(line) < LONGEST_REQUEST_LINE
