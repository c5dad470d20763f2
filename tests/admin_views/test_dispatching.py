"""One registered view for everything: delegates are shared by equal rights, by nothing else."""

from dataclasses import replace

import pytest
from flask import g

from admin_views.records.dispatching import Dispatcher
from admin_views.records.entity_view import EntityView
from models.metadata.errors import RecordNotFound
from models.security.caller import Caller
from models.security.privileges import AccessLevel, FieldRights, Privilege
from tests.admin_views.office import ENTITY, Office
from tests.admin_views.test_publishing import memo, republish


def dispatcher_of(office: Office) -> Dispatcher:
    views = office.app.extensions["admin"][0]._views
    return next(view for view in views if isinstance(view, Dispatcher))


def delegate(
    office: Office, caller: Caller, *, language: str = "en", name: str = ENTITY
) -> EntityView:
    with office.app.test_request_context(f"/admin/?lang={language}"):
        g.caller = caller
        return dispatcher_of(office).delegate(name)


def test_equal_rights_share_a_delegate(office: Office) -> None:
    caller = office.caller("kobe_operator")
    other = replace(caller, id=office.users["auditor"], name="other", roles=frozenset({"x"}))
    assert delegate(office, caller) is delegate(office, other)


@pytest.mark.parametrize(
    "changes",
    [
        {"privileges": {(ENTITY, Privilege.READ): AccessLevel.GLOBAL}},
        {"miscellaneous": frozenset()},
        {"field_rights": {}},
        {"field_rights": {(ENTITY, "kobe_email"): FieldRights(read=True)}},
    ],
)
def test_other_rights_have_a_delegate_of_their_own(
    office: Office, changes: dict[str, object]
) -> None:
    caller = office.caller("kobe_operator")
    other = replace(caller, **changes)  # type: ignore[arg-type]
    assert delegate(office, caller) is not delegate(office, other)


def test_each_language_has_a_delegate_of_its_own(office: Office) -> None:
    caller = office.caller("kobe_operator")
    japanese, english = (delegate(office, caller, language=one) for one in ("ja", "en"))
    assert japanese is not english
    assert japanese.column_labels["kobe_email"] == "Eメール"
    assert english.column_labels["kobe_email"] == "E-mail"


def test_delegates_are_forgotten_when_metadata_changes(own_office: Office) -> None:
    caller = own_office.caller("kobe_operator")
    before = delegate(own_office, caller)
    republish(own_office, memo())
    after = delegate(own_office, caller)
    assert before is not after
    assert len(dispatcher_of(own_office)._delegates) == 1
    assert "kobe_memo" in after.readable


def test_delegates_are_never_registered(office: Office) -> None:
    view = delegate(office, office.caller("kobe_operator"))
    assert view.blueprint is None
    assert view not in office.app.extensions["admin"][0]._views


def test_there_is_none_for_an_unknown_entity(office: Office) -> None:
    with pytest.raises(RecordNotFound):
        delegate(office, office.caller("kobe_official"), name="kobe_nothing")


def test_a_type_error_in_a_page_is_not_swallowed(office: Office) -> None:
    """Flask-Admin calls a handler again when it raises TypeError, and hides where it came from."""
    view = delegate(office, office.caller("kobe_official"))
    calls = []

    def broken(_: EntityView) -> None:
        calls.append(1)
        raise TypeError("a real mistake")

    with pytest.raises(TypeError, match="a real mistake"):
        view._run_view(broken)
    assert calls == [1]
