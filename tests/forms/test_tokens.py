"""The tokens of the front door: one form's, one visit's, one mail's; nothing else is one."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.confirmations import claim, issue, look_up
from forms.sessions import FormSessions, form_token, is_form_token
from models.metadata.components import FormDefinition
from models.metadata.labels import Label
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from models.tables.session import Transaction
from tests.models.office import office

SECRET = b"s" * 32
FORM = FormDefinition(name="tst_form", entity="tst_thing", kind="public", title=Label("試験"))
LIFE = timedelta(hours=72)


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="module")
def sessions(engine: RecordEngine) -> FormSessions:
    return FormSessions(engine.database, engine.keyring)


def test_a_visit_is_found_by_its_token_for_its_form_alone(sessions: FormSessions) -> None:
    visit = sessions.start("tst_form")
    assert sessions.find(visit.token, "tst_form") == visit
    assert sessions.find(visit.token, "tst_other") is None
    assert sessions.find(visit.token_hash.hex(), "tst_form") is None


@given(st.text())
def test_no_text_is_a_visit(sessions: FormSessions, text: str) -> None:
    assert sessions.find(text, "tst_form") is None


@given(st.text())
def test_no_text_is_a_form_token(sessions: FormSessions, text: str) -> None:
    assert not is_form_token(SECRET, sessions.start("tst_form"), text)


def test_a_form_token_is_good_for_its_visit_and_secret(sessions: FormSessions) -> None:
    one, other = sessions.start("tst_form"), sessions.start("tst_form")
    token = form_token(SECRET, one)
    assert is_form_token(SECRET, one, token)
    assert not is_form_token(SECRET, other, token)
    assert not is_form_token(b"t" * 32, one, token)


def new_link(engine: RecordEngine) -> str:
    return engine.database.run(
        lambda transaction: issue(
            transaction, form=FORM, record_id=uuid4(), language="ja", on=utc_now()
        )
    )


def state_of(engine: RecordEngine, token: str, *, after: timedelta = timedelta()) -> str:
    with engine.database.reading() as connection:
        link = look_up(connection, token, on=utc_now() + after)
    return "unknown" if link is None else link.state


def test_a_link_is_open_until_it_is_used_or_ends(engine: RecordEngine) -> None:
    token = new_link(engine)
    assert state_of(engine, token) == "open"
    assert state_of(engine, token, after=LIFE - timedelta(minutes=1)) == "open"
    assert state_of(engine, token, after=LIFE) == "expired"
    assert engine.database.run(lambda transaction: claim(transaction, token, on=utc_now()))
    assert state_of(engine, token) == "used"
    assert state_of(engine, token, after=2 * LIFE) == "used"


@pytest.mark.parametrize("after", [LIFE, 2 * LIFE])
def test_a_link_that_has_ended_can_not_be_claimed(engine: RecordEngine, after: timedelta) -> None:
    token, then = new_link(engine), utc_now() + after
    assert engine.database.run(lambda transaction: claim(transaction, token, on=then)) is False


def test_a_link_whose_transaction_failed_is_still_open(engine: RecordEngine) -> None:
    """Completing and using up stand or fall together."""
    token = new_link(engine)

    def fail(transaction: Transaction) -> None:
        assert claim(transaction, token, on=utc_now())
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        engine.database.run(fail)
    assert state_of(engine, token) == "open"


@given(st.text())
def test_no_text_is_a_link(engine: RecordEngine, text: str) -> None:
    assert state_of(engine, text) == "unknown"
