"""Somebody new gets an account of their own, whatever address is told of them: never another's."""

from uuid import UUID

import pytest

from admin_views.identity.federation.evidence import Evidence
from admin_views.identity.federation.joining import made_address
from admin_views.identity.federation.reasons import Reason
from tests.federation.house import ONE_GROUP, SECRETARIAT, House
from tests.federation.people import acts, known


@pytest.fixture
def issuer(house: House) -> str:
    return house.new_issuer(ONE_GROUP)


@pytest.fixture
def owner(house: House, issuer: str) -> UUID:
    """Somebody with an account of before."""
    return house.hire(issuer, "owner", roles=("auditor",), unit=SECRETARIAT)


def test_a_verified_address_becomes_the_accounts_name(house: House, issuer: str) -> None:
    address = f"Hanako.{issuer[8:20]}@Example.JP"
    found = house.comes(issuer, "hanako", "a", email=address, name="神戸 花子")
    made = house.known(found)
    assert (made.email, made.full_name) == (address.lower(), "神戸 花子")


@pytest.mark.parametrize("told", ["", "no address", "a b@example.jp", "x" * 250 + "@a.jp", "@"])
def test_what_is_no_address_is_made_up_for(house: House, issuer: str, told: str) -> None:
    """The provider's word is empty, too, where it has not verified the address."""
    made = house.known(house.comes(issuer, f"of {told[:9]}", "a", email=told))
    assert made.email == made_address(Evidence(issuer=issuer, subject=f"of {told[:9]}"))
    assert made.email.endswith(f"@{issuer[8:]}")


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb", "\0"])
def test_a_name_that_is_none_is_left_out(house: House, issuer: str, name: str) -> None:
    assert house.known(house.comes(issuer, f"n{len(name)}", "a", name=name)).full_name == ""


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_nobody_gets_an_account_by_its_address(
    house: House, issuer: str, owner: UUID, spelled: object
) -> None:
    address = spelled(known(house.engine, owner).email)  # type: ignore[operator]
    assert house.comes(issuer, "thief", "a", email=address) is Reason.ADDRESS_TAKEN
    assert acts(house.engine)[-1]["details"]["reason"] == "address_taken"
    assert known(house.engine, owner).roles == set()
    assert house.comes(issuer, "thief", "a", email="") not in {owner, Reason.ADDRESS_TAKEN}


def test_another_subject_with_the_same_address_is_another_person(
    house: House, issuer: str
) -> None:
    address = f"jiro@{issuer[8:]}"
    first = house.comes(issuer, "jiro", "a", email=address)
    assert house.comes(issuer, "jiro-again", "a", email=address) is Reason.ADDRESS_TAKEN
    assert house.comes(issuer, "jiro", "a", email="somebody@else.example") == first
    assert house.known(first).email == address, "what the account is called stays"


def test_the_same_subject_of_another_provider_is_another_person(house: House, issuer: str) -> None:
    first = house.comes(issuer, "saburo", "a")
    other = house.new_issuer(ONE_GROUP)
    second = house.comes(other, "saburo", "a")
    assert isinstance(second, UUID)
    assert first != second


@pytest.mark.parametrize("near", ["OWNER", "owner ", " owner", "owner\u200b", "ｏｗｎｅｒ"])
def test_a_subject_is_compared_to_the_letter(
    house: House, issuer: str, owner: UUID, near: str
) -> None:
    assert house.comes(issuer, near, "a") != owner


def test_an_account_made_here_has_no_password_and_knows_its_provider(
    house: House, issuer: str
) -> None:
    made = house.known(house.comes(issuer, "shiro", "a"))
    assert (made.password, made.by_hand, made.roles) == (None, set(), {"kobe_operator"})
    assert house.comes(issuer, "shiro", "a") == made.id
