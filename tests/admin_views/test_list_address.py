"""Laws of a list's address: it is read as written, and asks nothing that was not offered."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_views.records.listing import ADDRESS, LONGEST_TEXT, ListAddress, ListOffer, free_text
from admin_views.records.offers import list_offer
from admin_views.records.rights import EntityRights
from models.metadata.query import Condition, Filter
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
    return list_offer(CATALOG, KOBE, EntityRights.of(caller, KOBE))  # type: ignore[arg-type]


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
    rights = EntityRights.of(caller, KOBE)  # type: ignore[arg-type]
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
    assert text == ""


@given(st.text(max_size=500))
def test_free_text_is_kept_otherwise(text: str) -> None:
    if not ADDRESS.search(text):
        assert free_text(text) == text.strip()[:LONGEST_TEXT]


@pytest.mark.parametrize("text", ["@", "@ x", "x @ y", " @kobe", "＠kobe"])
def test_an_at_sign_alone_is_no_address(text: str) -> None:
    assert free_text(text) == text.strip()


@given(callers(KOBE))
def test_the_first_view_is_the_default(caller: object) -> None:
    offer = offer_of(caller)
    address = ListAddress.read({"view": str(uuid4())}, offer)
    assert address.view == "kobe_application_received"
