"""A call that is public is answered by a form, which keeps which call it was: while anyone may
read that call, and no other record of anything."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from forms.sessions import FormSessions
from models.metadata.errors import AccessDenied, ValidationFailed
from models.metadata.query import Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.security.principals import public_caller
from models.security.publications import answering, published
from models.tables.base import utc_now
from models.tables.intake import FormSession
from public_views.visits import captcha_code
from tests.admin_views.office import Office
from tests.models.office import system
from tests.publication.stories import go_live, write
from tests.publication.town import end_all

CALL, CALLS, FORM = "kobe_call", "kobe_calls", "kobe_cooperator"
OPEN, CLOSED = 3, 4
PATH, UNIT, TITLE = f"/forms/{FORM}", "運営事務局", "絵本を譲ってくださる方"
SHOWN_PURPOSE = re.compile(r'name="(shown_purpose)" value="([^"]*)"')
TOKEN = re.compile(r'name="form_token" value="(\w+)"')
OFFER = {
    **{"kobe_name": "みなと町の本屋", "kobe_email": "honya@example.jp"},
    **{"kobe_categories": "927000000", "kobe_areas": "927000103", "kobe_offers": "927000202"},
    "privacy_confirmed": "1",
}
NUMBERS = count(1)


@pytest.fixture(scope="module")
def office(story_city: Office) -> Office:
    return story_city


@pytest.fixture
def call(office: Office) -> UUID:
    go_live(office, CALLS)
    return made(office)


def made(office: Office, **values: object) -> UUID:
    caller = system(office.engine, UNIT)
    stated = {
        **{"kobe_title": TITLE, "kobe_application": office.apply(), "kobe_category": 927000000},
        **{
            "kobe_area": 927000103,
            "kobe_wanted": [927000202],
            "kobe_text": "絵本を探しています。",
        },
        **{"statuscode": OPEN, "kobe_until": today()},
    }
    return office.engine.run(lambda s: s.create_multiple(caller, CALL, [stated | values]))[0]


def give(engine: RecordEngine, call: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(system(engine, UNIT), CALL, [Change(call, values)]))


def registers(
    office: Office, address: str, meanwhile: Callable[[], object] = bool
) -> tuple[str, object]:
    """From that address to the end: what the pages said, and the call that the record keeps."""
    client = office.app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.9.0.{next(NUMBERS)}"
    client.set_cookie("lang", "ja")
    page = client.get(address).text
    sessions = FormSessions(office.engine.database, office.engine.keyring)
    cookie = client.get_cookie(f"form-{FORM}")
    visit = sessions.find(cookie.value if cookie else None, FORM)
    assert visit is not None
    this = update(FormSession).where(FormSession.token_hash == visit.token_hash)
    older = this.values(started_on=utc_now() - timedelta(seconds=30))
    office.engine.database.run(lambda t: t.write(older))
    with office.app.test_request_context():
        code = captcha_code(visit)
    sent = OFFER | {"form_token": TOKEN.findall(page)[0], "captcha": code}
    sent |= dict(SHOWN_PURPOSE.findall(page))
    assert client.post(PATH, data=sent).status_code == 303
    page += client.get(f"{PATH}/check").text
    meanwhile()
    token = {"form_token": TOKEN.findall(page)[-1]}
    assert client.post(f"{PATH}/check", data=token).headers["Location"].endswith("/sent")
    seeing = system(office.engine, UNIT)
    record = office.engine.run(lambda s: s.retrieve(seeing, FORM, visit.record_id))
    return unescape(page), record["kobe_call"]


def test_who_answers_a_call_is_known_to_answer_it(office: Office, call: UUID) -> None:
    world = office.app.test_client()
    assert f'href="{PATH}"' in world.get(f"/public/{CALLS}").text
    [way] = re.findall(rf'href="({PATH}[^"]*)"', world.get(f"/public/{CALLS}/{call}").text)
    said, kept = registers(office, way)
    assert kept == call
    assert said.count(TITLE) == 2, "on the form and on the page for checking"
    assert registers(office, PATH)[1] is None


def test_what_is_not_public_is_not_answered(office: Office, call: UUID) -> None:
    """Neither named nor kept; and the registration comes in all the same."""
    story = write(office, status=3)
    past = made(office, kobe_until=today() - timedelta(days=1))
    for about in (made(office, statuscode=1), past, story, uuid4(), "x", ""):
        said, kept = registers(office, f"{PATH}?about={about}")
        assert kept is None, about
        assert TITLE not in said
    way = f"{PATH}?about={call}"
    assert registers(office, way, lambda: give(office.engine, call, statuscode=CLOSED))[1] is None
    way = f"{PATH}?about={made(office)}"
    assert registers(office, way, lambda: end_all(office.engine))[1] is None


def test_the_sender_points_to_nothing_else(office: Office, call: UUID) -> None:
    with office.engine.database.snapshot() as connection:
        opened = published(connection, office.engine.catalog, CALLS)
        assert opened is not None
        public = public_caller(connection, office.engine.catalog.forms[FORM])
    caller = answering(public, "kobe_call", opened)
    given = {name: text for name, text in OFFER.items() if name != "privacy_confirmed"}
    given |= {name: [int(str(given[name]))] for name in given if name.endswith("s")}

    def create(**values: object) -> None:
        batch = [given | {"statuscode": 1} | values]
        office.engine.run(lambda s: s.create_multiple(caller, FORM, batch))

    create(kobe_call=call)
    with pytest.raises(ValidationFailed):
        create(kobe_call=made(office, statuscode=1))
    for entity in (CALL, FORM, "kobe_application"):
        asked = Query(entity=entity)
        with pytest.raises(AccessDenied):
            office.engine.run(lambda s, q=asked: s.retrieve_multiple(caller, q))
    with pytest.raises(AccessDenied):
        create(kobe_call=call, kobe_closedon=utc_now())
