"""Groups give roles: what they say at each sign-in, on both databases, beside roles given by hand.

The law is stated in plain Python and held against any groups, any mappings and any account.
"""

from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_views.identity import account_rights
from admin_views.identity.federation.reasons import Reason
from tests.federation.house import CITY, LAB, ONE_GROUP, SECRETARIAT, TESTS, House
from tests.federation.people import acts, acts_on, known

UNITS = (SECRETARIAT, LAB, CITY)
ROLES = ("kobe_operator", "kobe_official", "auditor")
GROUPS = ("a", "b", "c", "d")
MAPPINGS = st.dictionaries(
    st.tuples(st.sampled_from(GROUPS), st.sampled_from(ROLES)), st.sampled_from(UNITS), max_size=5
)
HELD = st.sets(st.sampled_from(GROUPS))


@given(mappings=MAPPINGS, sign_ins=st.lists(HELD, min_size=1, max_size=3), hand=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_each_sign_in_one_holds_what_the_groups_say_and_no_more(
    house: House,
    mappings: dict[tuple[str, str], str],
    sign_ins: list[set[str]],
    hand: bool,
) -> None:
    issuer = house.new_issuer(mappings)
    account, unit, by_hand = None, None, set()
    if hand:
        account = house.hire(issuer, "somebody", roles=("auditor",), unit=SECRETARIAT)
        unit, by_hand = SECRETARIAT, {"auditor"}
    for groups in sign_ins:
        given_now = {key: where for key, where in mappings.items() if key[0] in groups}
        roles, units = {role for _, role in given_now}, set(given_now.values())
        found = house.comes(issuer, "somebody", *groups)
        if len(units) != 1:
            assert found is (Reason.SEVERAL_UNITS if units else Reason.NO_GROUP)
            roles = set()
        elif by_hand and unit not in units:
            assert found is Reason.OTHER_UNIT
            roles = set()
        else:
            assert isinstance(found, UUID)
            assert account in {None, found}, "the same person has the same account"
            account, [unit] = found, units
        if account is not None:
            now = known(house.engine, account)
            assert (now.roles, now.by_hand, now.unit) == (roles, by_hand, unit)


def test_a_group_is_compared_to_the_letter(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    for near in ("A", "a ", " a", "a\0", "/a", "aa", "ａ"):
        assert house.comes(issuer, "near", near) is Reason.NO_GROUP


def test_groups_of_another_provider_give_nothing(house: House) -> None:
    house.new_issuer(ONE_GROUP)
    other = house.new_issuer({})
    assert house.comes(other, "somebody", "a") is Reason.NO_GROUP


def test_a_change_is_audited_with_the_roles_and_the_unit(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP | {("b", "auditor"): LAB})
    account = house.comes(issuer, "moves", "a")
    assert house.comes(issuer, "moves", "b") == account
    assert isinstance(account, UUID)
    created, first, second = acts_on(house.engine, account)
    assert created["details"] == {"factor": "provider", "business_unit": SECRETARIAT}
    assert first["details"] == {"roles": ["kobe_operator"], "roles_before": []}
    assert second["details"] == {
        "roles": ["auditor"],
        "roles_before": ["kobe_operator"],
        "business_unit": LAB,
        "business_unit_before": SECRETARIAT,
    }
    assert {act["by"] for act in (created, first, second)} == {"single sign-on"}


def test_a_refusal_of_somebody_known_is_noted_in_their_name(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    account = house.comes(issuer, "leaves", "a")
    house.comes(issuer, "leaves", "z")
    last = acts(house.engine)[-1]
    assert (last["by"], last["outcome"]) == (house.known(account).email, "refused")
    assert last["details"] == {"factor": "provider", "reason": "no_group"}


def test_groups_that_are_only_pointed_at_are_told_apart(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    found = house.comes(issuer, "many", are_groups_elsewhere=True)
    assert found is Reason.GROUPS_ELSEWHERE


def test_roles_by_hand_are_changed_beside_those_of_groups(house: House) -> None:
    issuer = house.new_issuer(ONE_GROUP)
    account = house.hire(issuer, "both", roles=("auditor",), unit=SECRETARIAT)
    house.comes(issuer, "both", "a")
    with house.app.app_context():
        account_rights.change_rights(TESTS, account, {"roles": ("kobe_official",)})
    now = known(house.engine, account)
    assert (now.roles, now.by_hand) == ({"kobe_operator"}, {"kobe_official"})
