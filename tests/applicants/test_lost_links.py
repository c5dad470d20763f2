"""Who lost their link is sent a new one, and nobody learns whether there is anything: neither by
the page, nor by its time, nor by mail."""

from collections.abc import Iterator
from threading import Event

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from config import Settings
from forms.applicants.asking import visit_name
from forms.sessions import FormSessions
from jobs.applicants.sending_links import SEND_LINKS
from jobs.mail import Mailer
from jobs.worker import Worker
from models.tables.intake import FormSession
from models.tables.record_data import SystemJob
from public_views.visits import captcha_code
from tests.admin_views.office import ENTITY
from tests.applicants.town import NUMBERS, STATUS_LINK, Applicant, City, age
from tests.laws.statements import counted
from tests.public_views.citizens import TOKEN
from tests.public_views.reading import read
from tests.support.post_office import PostOffice

PATH = f"/forms/{ENTITY}/status"
COOKIE = f"form-{ENTITY}.status"


class Asking:
    """One browser at the page."""

    def __init__(self, city: City) -> None:
        self.city, self.client = city, city.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = f"10.9.{next(NUMBERS) % 250}.7"
        self.client.set_cookie("lang", "ja")

    def open(self) -> dict[str, str]:
        """A good form but for the address, read for a while."""
        [token] = TOKEN.findall(self.client.get(PATH).text)
        cookie = self.client.get_cookie(COOKIE)
        assert cookie is not None
        engine = self.city.engine
        sessions = FormSessions(engine.database, engine.keyring)
        visit = sessions.find(cookie.value, visit_name(self.city.form))
        assert visit is not None
        earlier = visit.started_on.replace(year=visit.started_on.year - 1)
        age(engine, FormSession, f"/{cookie.value}", started_on=earlier)
        with self.city.app.test_request_context():
            code = captcha_code(visit)
        return {"form_token": token, "captcha": code, "homepage_title": ""}

    def ask(self, address: str, **changes: str) -> TestResponse:
        return self.client.post(PATH, data={**self.open(), "address": address, **changes})


@pytest.fixture(autouse=True)
def nothing_waits(request: pytest.FixtureRequest) -> None:
    for name in ("one_city", "either_city"):
        if name in request.fixturenames:
            database = request.getfixturevalue(name).engine.database
            database.run(lambda t: t.write(delete(SystemJob)))


def asked(city: City) -> int:
    statement = select(SystemJob.id).where(SystemJob.kind == SEND_LINKS)
    with city.engine.database.reading() as connection:
        return len(connection.execute(statement).all())


def worked(city: City, post_office: PostOffice) -> None:
    environ = {**city.intake.environ, "UKETSUKE_MAIL_SERVER": "127.0.0.1"}
    mailer = Mailer(
        Settings.from_environment({**environ, "UKETSUKE_MAIL_PORT": str(post_office.port)})
    )
    Worker(city.engine, mailer).run(Event(), drain=True)


def test_a_new_link_comes_by_mail_and_opens_the_application(
    either_city: City, smtp_server: PostOffice
) -> None:
    """Through a real worker and a real mail server; the old one stays good."""
    person = Applicant.of(either_city)
    old, address = person.link(), str(person.stored()["kobe_email"])
    answer = Asking(either_city).ask(address.upper())
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PATH}?sent=1")
    worked(either_city, smtp_server)
    [mail] = [one for one in smtp_server.mails if "確認用URL" in one.subject]
    assert mail.recipients == (address,), "where the record says, not where somebody typed"
    assert str(person.stored()["kobe_receiptnumber"]) in mail.text
    for link in (STATUS_LINK.findall(mail.text)[0], old):
        assert person.client.post(link).status_code == 303
    for private in ("kobe_nickname", "kobe_phone"):
        assert str(person.stored()[private]) not in mail.text


def test_one_mail_has_the_links_of_all_applications(
    either_city: City, smtp_server: PostOffice
) -> None:
    """Of those that were confirmed."""
    address = f"several{next(NUMBERS)}@example.jp"
    people = [Applicant.of(either_city, kobe_email=address) for _ in range(2)]
    waiting = Applicant.of(either_city, kobe_email=address, statuscode=1)
    either_city.engine.database.run(lambda t: t.write(delete(SystemJob)))
    Asking(either_city).ask(address)
    worked(either_city, smtp_server)
    [mail] = smtp_server.mails
    assert len(STATUS_LINK.findall(mail.text)) == len(people)
    assert str(waiting.stored()["kobe_receiptnumber"]) not in mail.text


def test_who_never_applied_is_never_written_to(either_city: City, smtp_server: PostOffice) -> None:
    assert Asking(either_city).ask("nobody.at.all@example.jp").status_code == 303
    assert asked(either_city) == 1, "the page does not know"
    worked(either_city, smtp_server)
    assert not smtp_server.mails


def test_the_answer_is_the_same_to_the_byte_and_the_statement(either_city: City) -> None:
    known = str(Applicant.of(either_city).stored()["kobe_email"])
    answers = []
    for address in ("warm.up@example.jp", known, f"unknown{next(NUMBERS)}@example.jp"):
        browser = Asking(either_city)
        form = browser.open()
        with counted() as seen:
            sent = browser.client.post(PATH, data={**form, "address": address})
        page = browser.client.get(sent.headers["Location"])
        head = [name for name, _ in sent.headers]
        answers.append((sent.status_code, sent.data, head, page.data, len(seen)))
    assert answers[1] == answers[2]


def test_the_address_is_sealed_while_it_waits_and_gone_after(
    either_city: City, smtp_server: PostOffice
) -> None:
    address = f"secret{next(NUMBERS)}@example.jp"
    Asking(either_city).ask(address)
    jobs = either_city.intake.rows(SystemJob)
    assert address not in repr(jobs)
    worked(either_city, smtp_server)
    assert [
        job.payload for job in either_city.intake.rows(SystemJob) if job.kind == SEND_LINKS
    ] == [None]


def test_nobody_is_bombed(either_city: City, smtp_server: PostOffice) -> None:
    """However it is spelled, and whoever asks; the page answers as ever."""
    address = str(Applicant.of(either_city).stored()["kobe_email"])
    either_city.engine.database.run(lambda t: t.write(delete(SystemJob)))
    for spelled in (address, address.upper(), f" {address} ", address, address):
        assert Asking(either_city).ask(spelled).status_code == 303
    assert asked(either_city) == 3
    worked(either_city, smtp_server)
    assert len(smtp_server.mails) == 3


@pytest.fixture
def refused(one_city: City) -> Iterator[Asking]:
    yield Asking(one_city)
    assert asked(one_city) == 0


def test_robots_are_kept_out(refused: Asking) -> None:
    for changes, message in (
        ({"captcha": "000000"}, "captcha"),
        ({"captcha": ""}, "captcha"),
        ({"address": "no address"}, "address"),
    ):
        values = {"address": "a@example.jp", **changes}
        answer = refused.client.post(PATH, data={**refused.open(), **values})
        assert answer.status_code == 422
        assert message in read(answer.text).errors
    assert refused.ask("a@example.jp", homepage_title="x").status_code == 422


def test_a_code_is_good_for_one_mail(one_city: City) -> None:
    browser = Asking(one_city)
    form = {**browser.open(), "address": "once@example.jp"}
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    assert browser.client.post(PATH, data=form).status_code == 303
    browser.client.set_cookie(COOKIE, cookie.value)
    assert browser.client.post(PATH, data=form).status_code == 422
    assert asked(one_city) == 1


def test_a_code_of_the_form_is_none_of_this_page(refused: Asking) -> None:
    """Nor does a visit to the one count for the other."""
    client: FlaskClient = refused.client
    token = TOKEN.findall(client.get(f"/forms/{ENTITY}").text)[0]
    answer = client.post(PATH, data={"form_token": token, "address": "a@example.jp"})
    assert answer.status_code == 422


def test_without_its_token_nothing_is_asked(refused: Asking) -> None:
    answer = refused.ask("a@example.jp", form_token="another's")
    assert answer.status_code == 422
    assert read(answer.text).values["address"] == "a@example.jp"


def test_the_image_and_the_sound_are_this_visits(one_city: City) -> None:
    browser = Asking(one_city)
    browser.open()
    for name in ("captcha.png", "captcha.wav"):
        assert browser.client.get(f"/forms/{ENTITY}.status/{name}").status_code == 200
        assert one_city.app.test_client().get(f"/forms/{ENTITY}.status/{name}").status_code == 404


def test_a_form_without_self_service_has_no_such_page(
    one_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one_city.app.test_client().get("/forms/nothing/status").status_code == 404
    monkeypatch.setattr("public_views.applicants.lost_pages.served", lambda _name: None)
    assert one_city.app.test_client().get(PATH).status_code == 404


def test_the_form_and_its_page_lead_here(one_city: City) -> None:
    assert PATH in read(one_city.app.test_client().get(f"/forms/{ENTITY}").text).links
