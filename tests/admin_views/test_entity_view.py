"""Laws of a delegate: what it shows and takes is within the rights it was made from."""

from hypothesis import given
from hypothesis import strategies as st

from admin_views.records.entity_view import EntityView
from admin_views.records.record_view import RecordView
from admin_views.records.rights import EntityRights
from models.security.caller import Caller
from models.security.privileges import Miscellaneous, Privilege, Unmasked
from packager.installing import check
from tests.admin_views.callers import callers
from tests.admin_views.office import ENTITY, SOLUTION, Office

CATALOG = check(SOLUTION)
KOBE = CATALOG.entity(ENTITY)
LANGUAGES = st.sampled_from(["ja", "en"])


def view_of(office: Office, caller: Caller, language: str) -> EntityView:
    with office.app.test_request_context():
        rights = EntityRights.of(caller, CATALOG, KOBE)
        return RecordView(CATALOG, KOBE, rights=rights, language=language)


def controls(view: EntityView, form: str) -> set[str]:
    made = getattr(view, f"_{form}_form_class")
    return {name for name in KOBE.attributes if hasattr(made, name)}


@given(caller=callers(KOBE), language=LANGUAGES)
def test_columns_are_readable(office: Office, caller: Caller, language: str) -> None:
    view = view_of(office, caller, language)
    for name in view.column_list:
        assert not KOBE.attributes[name].secured or caller.rights(ENTITY, name).read
    assert set(view.column_details_list) == set(view.column_list)


@given(caller=callers(KOBE), language=LANGUAGES)
def test_nothing_secured_is_sorted_filtered_or_searched_as_text(
    office: Office, caller: Caller, language: str
) -> None:
    view = view_of(office, caller, language)
    offered = {*view.column_sortable_list} | {
        a.logical_name for a in (*view.offer.filters, *view.offer.text_attributes)
    }
    assert not {name for name in offered if KOBE.attributes[name].secured}


@given(caller=callers(KOBE), language=LANGUAGES)
def test_controls_are_writable(office: Office, caller: Caller, language: str) -> None:
    view = view_of(office, caller, language)
    for name, attribute in KOBE.attributes.items():
        held = caller.rights(ENTITY, name)
        if attribute.is_read_only:
            assert name not in controls(view, "edit") | controls(view, "create")
        elif attribute.secured:
            assert (name in controls(view, "edit")) is held.update
            assert (name in controls(view, "create")) is held.create
        else:
            assert (name in controls(view, "create")) is (name != "kobe_stage")
            assert (name in controls(view, "edit")) is attribute.valid_for_update


@given(caller=callers(KOBE), language=LANGUAGES)
def test_exact_search_is_offered_to_those_who_may_unmask(
    office: Office, caller: Caller, language: str
) -> None:
    view = view_of(office, caller, language)
    for attribute in KOBE.indexed_attributes:
        held = caller.rights(ENTITY, attribute.logical_name)
        may = held.read and held.unmasked >= Unmasked.ONE_RECORD
        assert (attribute in view.offer.personal_searches) is may


@given(caller=callers(KOBE), language=LANGUAGES)
def test_buttons_follow_privileges(office: Office, caller: Caller, language: str) -> None:
    view = view_of(office, caller, language)
    for privilege, button in (
        (Privilege.CREATE, view.can_create),
        (Privilege.WRITE, view.can_edit),
        (Privilege.DELETE, view.can_delete),
        (Privilege.ASSIGN, view.can_assign),
    ):
        assert button is caller.has(ENTITY, privilege)
    assert not view.can_export


@given(caller=callers(KOBE), language=LANGUAGES)
def test_reveal_is_offered_where_something_is_masked(
    office: Office, caller: Caller, language: str
) -> None:
    view = view_of(office, caller, language)
    for name in view.readable:
        held = caller.rights(ENTITY, name)
        masked = KOBE.attributes[name].secured and held.unmasked is Unmasked.ONE_RECORD
        assert view.may_reveal(name) is (masked and caller.may(Miscellaneous.REVEAL))


@given(callers(KOBE), callers(KOBE))
def test_equal_rights_are_equal_keys(one: Caller, other: Caller) -> None:
    """A delegate is shared by callers exactly when nothing they may do differs."""
    first, second = EntityRights.of(one, CATALOG, KOBE), EntityRights.of(other, CATALOG, KOBE)
    same = all(one.has(ENTITY, p) == other.has(ENTITY, p) for p in Privilege) and all(
        one.rights(ENTITY, a.logical_name) == other.rights(ENTITY, a.logical_name)
        for a in KOBE.sealed_attributes
    )
    if not same:
        assert first != second
    if first == second:
        assert hash(first) == hash(second)
