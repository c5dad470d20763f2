"""The mail's link: a GET completes nothing, a POST completes once, an old or a used link says so.

The answers tell nobody whose link it was or whether an address is known.
"""

import secrets
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from models.metadata.catalog import Catalog
from models.metadata.errors import ConcurrencyConflict
from models.records.autonumber import is_well_formed
from models.records.changes import Change, Deletion
from models.records.service import RecordService
from models.tables.intake import ConfirmationToken
from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.public_views.intake import FORM, READER, Intake
from tests.public_views.reading import read

LIFE = timedelta(hours=72)
UNCONFIRMED, RECEIVED, IN_PROGRESS = 1, 2, 3
USED = {"ja": "このURLはすでに使用されており", "en": "This URL has been used already"}
EXPIRED = {"ja": "このURLの有効期限が過ぎている", "en": "This URL has expired"}
UNKNOWN = {
    "ja": "URLが正しくないか、途中で切れています",
    "en": "The URL is not complete or not known",
}
LANGUAGES = ["ja", "en"]
PERSONAL = [ANSWERS[name] for name in ("kobe_nickname", "kobe_email", "kobe_phone")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_scanners_that_open_the_link_complete_nothing(citizen: Citizen, method: str) -> None:
    link = citizen.apply()
    for _ in range(3):
        assert citizen.client.open(link, method=method).status_code == 200
    assert citizen.record()["statuscode"] == UNCONFIRMED
    assert citizen.client.post(link).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_other_method_is_known(citizen: Citizen, method: str) -> None:
    answer = citizen.client.open(citizen.apply(), method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_link_opens_in_another_browser(citizen: Citizen) -> None:
    """On the telephone the mail came to, say."""
    link = citizen.apply()
    telephone = Citizen(citizen.intake, "en")
    assert read(telephone.client.get(link).text).language == "en"
    assert telephone.client.post(link).status_code == 200
    assert citizen.record()["statuscode"] == RECEIVED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_used_link_says_so_and_offers_to_start_again(
    intake: Intake, method: str, language: str
) -> None:
    citizen = Citizen(intake, language)
    link = citizen.apply()
    citizen.client.post(link)
    page = refused(citizen, link, method=method, status=410)
    assert USED[language] in page
    assert str(citizen.record()["kobe_receiptnumber"]) not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_expired_link_says_so_and_offers_to_start_again(
    intake: Intake, method: str, language: str
) -> None:
    citizen = Citizen(intake, language)
    link, record_id = citizen.apply(), citizen.visit().record_id
    intake.let_time_pass(LIFE)
    assert EXPIRED[language] in refused(citizen, link, method=method, status=410)
    record = intake.record(record_id)
    assert record is not None
    assert record["statuscode"] == UNCONFIRMED


def test_a_link_is_still_good_shortly_before_its_end(citizen: Citizen) -> None:
    link = citizen.apply()
    citizen.intake.let_time_pass(LIFE - timedelta(minutes=1))
    assert citizen.client.post(link).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("is_cut_off", [True, False])
def test_a_link_that_is_not_whole_or_never_was_is_unknown(
    intake: Intake, method: str, language: str, is_cut_off: bool
) -> None:
    citizen = Citizen(intake, language)
    token = citizen.apply()[len("/confirm/") :]
    other = token[:-1] if is_cut_off else secrets.token_urlsafe(32)
    page = refused(citizen, f"/confirm/{other}", method=method, status=404, start="/")
    assert UNKNOWN[language] in page


def refused(
    citizen: Citizen, link: str, *, method: str, status: int, start: str = FORM_PATH
) -> str:
    """The text of the page; it leads to a start and names nobody."""
    answer = citizen.client.open(link, method=method)
    assert answer.status_code == status
    page = read(answer.text)
    assert start in page.links
    assert not [value for value in PERSONAL if value in answer.text]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    return page.everything


def test_the_link_of_an_erased_application_is_refused(citizen: Citizen) -> None:
    link, intake = citizen.apply(), citizen.intake
    batch = [Deletion(citizen.visit().record_id)]
    intake.engine.run(lambda service: service.delete_multiple(READER, FORM, batch))
    for method in ("GET", "POST"):
        assert citizen.client.open(link, method=method).status_code == 410


def test_the_link_does_not_move_an_application_back(citizen: Citizen) -> None:
    """An office that took it up before the link was opened keeps its status."""
    link = citizen.apply()
    change = Change(citizen.visit().record_id, {"statuscode": IN_PROGRESS})
    citizen.intake.engine.run(lambda service: service.update_multiple(READER, FORM, [change]))
    assert citizen.client.post(link).status_code == 200
    assert citizen.record()["statuscode"] == IN_PROGRESS


def test_a_link_is_not_used_up_while_its_form_is_not_published(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = citizen.apply()
    with monkeypatch.context() as unpublished:
        unpublished.setattr(Catalog, "public_form", lambda _catalog, _name: None)
        assert citizen.client.post(link).status_code == 410
    assert citizen.client.post(link).status_code == 200
    assert citizen.record()["statuscode"] == RECEIVED


@pytest.mark.parametrize("times", [1, 2])
def test_the_office_s_change_at_the_same_moment_is_not_overwritten(
    either_intake: Intake, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Between the look at the application and its confirmation; SQLite has the office wait."""
    citizen = Citizen(either_intake)
    link, retrieve, changes = citizen.apply(), RecordService.retrieve, list[Thread]()
    batch = [Change(citizen.visit().record_id, {"statuscode": IN_PROGRESS})]

    def change() -> None:
        either_intake.engine.run(lambda service: service.update_multiple(READER, FORM, batch))

    def retrieve_then_change(*arguments: Any, **named: Any) -> Any:
        record = retrieve(*arguments, **named)
        if len(changes) < times:
            changes.append(Thread(target=change))
            changes[-1].start()
            changes[-1].join(0.5)
        return record

    monkeypatch.setattr(RecordService, "retrieve", retrieve_then_change)
    answer = citizen.client.post(link)
    for one in changes:
        one.join()
    assert answer.status_code == 200
    assert citizen.record()["statuscode"] == IN_PROGRESS


def test_who_is_crossed_again_and_again_may_come_back(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = citizen.apply()

    def crossed(*_arguments: object) -> None:
        raise ConcurrencyConflict(FORM)

    with monkeypatch.context() as busy:
        busy.setattr(RecordService, "update_multiple", crossed)
        assert citizen.client.post(link).status_code == 503
    assert citizen.client.post(link).status_code == 200


def test_only_the_hash_of_the_token_is_kept(citizen: Citizen) -> None:
    token = citizen.apply()[len("/confirm/") :]
    stored = repr(citizen.intake.rows(ConfirmationToken))
    assert token not in stored
    assert len(token) == 43  # 32 random bytes


def test_the_address_of_the_page_goes_nowhere(citizen: Citizen) -> None:
    """It holds the token: no referrer, no cache, no search engine."""
    link = citizen.apply()
    for answer in (citizen.client.get(link), citizen.client.post(link)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_answer_is_the_same_to_the_byte_for_known_and_unknown_addresses(
    intake: Intake,
) -> None:
    known = Citizen(intake)
    known.client.post(known.apply(kobe_email="known@example.jp"))
    answers = []
    for email in ("known@example.jp", "unknown@example.jp"):
        citizen = Citizen(intake).begin()
        entered = citizen.enter(kobe_email=email)
        sent, page = citizen.send(), citizen.get("/sent")
        answers.append(
            [
                (answer.status_code, answer.data, sorted(answer.headers.keys()))
                for answer in (entered, sent, page)
            ]
        )
    assert answers[0] == answers[1]


def test_each_application_of_an_address_gets_a_link_of_its_own(intake: Intake) -> None:
    links = {Citizen(intake).apply() for _ in range(3)}
    assert len(links) == 3
    for link in links:
        assert Citizen(intake).client.post(link).status_code == 200


def test_receipt_numbers_are_random_and_can_be_checked(intake: Intake) -> None:
    """A sign misheard on the telephone, and it is no receipt number of ours."""
    numbers = []
    for _ in range(5):
        citizen = Citizen(intake)
        citizen.client.post(citizen.apply())
        numbers.append(str(citizen.record()["kobe_receiptnumber"]))
    assert len({number[:4] for number in numbers}) > 1
    for number in numbers:
        assert is_well_formed(number)
        assert not is_well_formed(("3" if number[0] != "3" else "4") + number[1:])
