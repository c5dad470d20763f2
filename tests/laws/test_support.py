"""A support session opens nothing that either of the two could not open alone, and changes
nothing: for any rights of both."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from models.security.caller import Caller
from models.security.privileges import AccessLevel, FieldRights, Miscellaneous, Privilege, Unmasked
from models.security.reach import Reach
from models.security.support import SEEN_IN_SUPPORT, supported

UNITS = [UUID(int=number) for number in range(1, 5)]
ENTITIES, ATTRIBUTES = ("a_one", "a_two"), ("a_email", "a_phone")
RIGHTS = st.builds(
    FieldRights,
    read=st.booleans(),
    unmasked=st.sampled_from(Unmasked),
    create=st.booleans(),
    update=st.booleans(),
)
KEYS = st.tuples(st.sampled_from(ENTITIES), st.sampled_from(Privilege))
REACHES = st.builds(
    Reach,
    owners=st.frozensets(st.sampled_from(UNITS)),
    units=st.frozensets(st.sampled_from(UNITS)),
)
CALLERS = st.builds(
    Caller,
    id=st.sampled_from(UNITS),
    kind=st.just("user"),
    name=st.just("someone"),
    purpose=st.sampled_from(["", "why"]),
    business_unit=st.sampled_from(UNITS),
    privileges=st.dictionaries(KEYS, st.sampled_from(AccessLevel)),
    team_reaches=st.dictionaries(KEYS, REACHES),
    miscellaneous=st.frozensets(st.sampled_from(Miscellaneous)),
    field_rights=st.dictionaries(
        st.tuples(st.sampled_from(ENTITIES), st.sampled_from(ATTRIBUTES)), RIGHTS
    ),
)


@given(person=CALLERS, supporter=CALLERS)
def test_never_more_than_both_and_to_look_only(person: Caller, supporter: Caller) -> None:
    seen = supported(person, supporter)
    for privilege in Miscellaneous:
        allowed = person.may(privilege) and supporter.may(privilege)
        assert seen.may(privilege) == (allowed and privilege in SEEN_IN_SUPPORT)
    for entity in ENTITIES:
        for privilege in Privilege:
            held = person.has(entity, privilege) and supporter.has(entity, privilege)
            assert seen.has(entity, privilege) == (held and privilege is Privilege.READ)
        for attribute in ATTRIBUTES:
            held = person.granted(entity, attribute) & supporter.granted(entity, attribute)
            shown = held if person.purpose else held.without_purpose
            assert seen.rights(entity, attribute) == shown


@given(person=CALLERS, supporter=CALLERS)
def test_both_are_named(person: Caller, supporter: Caller) -> None:
    seen = supported(person, supporter)
    assert (seen.id, seen.name) == (person.id, person.name)
    assert seen.acting == (seen, supporter)
    assert seen.language == supporter.language
    assert replace(seen, supporter=None).acting == (replace(seen, supporter=None),)
