"""The link in the mail: a GET shows nothing of anybody, a button opens the application for a
while, and what ended opens nothing."""

import secrets
from datetime import timedelta

import pytest

from jobs.purging import purge_intake
from models.records.changes import Deletion
from models.tables.applicants import ApplicantLink, ApplicantSession
from models.tables.base import utc_now
from tests.admin_views.office import ENTITY, PERSONAL
from tests.applicants.town import Applicant, City, age
from tests.public_views.intake import READER
from tests.public_views.reading import read

YESTERDAY = utc_now() - timedelta(days=1)
HERS = "神戸 花子"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_scanners_that_open_the_link_see_and_open_nothing(one_city: City, method: str) -> None:
    person = Applicant.of(one_city)
    answer = person.client.open(person.link(), method=method)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert HERS not in answer.text
    assert person.client.get("/own").status_code == 403


def test_the_button_opens_it_again_and_again(either_city: City) -> None:
    person = Applicant.of(either_city)
    for _ in range(2):
        page = person.enter().page()
        assert str(person.stored()["kobe_receiptnumber"]) in page.everything
        for value in (HERS, PERSONAL["kobe_phone"], person.stored()["kobe_email"]):
            assert str(value) in page.everything, "their own data is theirs to see"


def test_pages_are_kept_by_nobody_and_their_addresses_go_nowhere(applicant: Applicant) -> None:
    link = applicant.link()
    asked = [link, "/own", "/own/correct", "/own/withdraw", "/own/erasure", "/own/request"]
    asked += ["/own/ended"]
    for path in (*asked, "/forms/kobe_application/status", "/status/nothing", "/address/nothing"):
        headers = applicant.client.get(path).headers
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Cache-Control"] == "no-store", path
        assert headers["X-Robots-Tag"] == "noindex", path


def test_only_hashes_of_tokens_are_kept(applicant: Applicant) -> None:
    cookie = applicant.client.get_cookie("own")
    assert cookie is not None
    link = applicant.link().rpartition("/")[2]
    assert len(link) == len(cookie.value) == 43  # 32 random bytes
    rows = applicant.city.intake.rows(ApplicantLink) + applicant.city.intake.rows(ApplicantSession)
    for token in (link, cookie.value):
        assert token not in repr(rows)


def test_the_cookie_is_ours_alone_and_a_new_one_each_time(one_city: City) -> None:
    """None that somebody planted is taken up."""
    person = Applicant.of(one_city)
    person.client.set_cookie("own", "planted")
    answer = person.client.post(person.link())
    cookie = answer.headers["Set-Cookie"]
    assert "planted" not in cookie
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Expires" not in cookie, "it is gone with the browser"
    assert answer.headers["Location"] == "/own"


def test_behind_tls_it_is_bound_to_the_host(one_city: City) -> None:
    person = Applicant.of(one_city)
    link = person.link()
    safe = one_city.intake.another_process(UKETSUKE_BASE_URL="https://apply.city.example.jp")
    cookie = safe.app.test_client().post(link).headers["Set-Cookie"]
    assert cookie.startswith("__Host-own=")
    assert "Secure" in cookie
    safe.close()


def test_the_mail_s_address_is_the_setting_s_whatever_the_host(one_city: City) -> None:
    """Also that of a mail sent out of a request with a forged host."""
    person = Applicant.of(one_city).enter()
    changed = {**person.page("/correct").values, "kobe_email": "other.host@example.jp"}
    changed["step"] = "send"
    forged = {"Host": "evil.example.jp", "X-Forwarded-Host": "evil.example.jp"}
    person.client.set_cookie(
        "own", person.client.get_cookie("own").value, domain="evil.example.jp"
    )  # type: ignore[union-attr]
    person.client.post("/own/correct", data=changed, headers=forged)
    bodies = "".join(mail.body for mail in one_city.mails_about(person.record))
    assert "/address/" in bodies
    assert "evil" not in bodies


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "%00", "é", "a" * 4000])
def test_what_was_never_issued_is_unknown(one_city: City, token: str) -> None:
    client = one_city.app.test_client()
    for path in (f"/status/{token or secrets.token_urlsafe(32)}", f"/address/{token or 'x'}"):
        for method in ("GET", "POST"):
            answer = client.open(path, method=method)
            assert answer.status_code == 404, path
            assert "Set-Cookie" not in answer.headers


def test_an_expired_link_opens_nothing_and_is_purged(either_city: City) -> None:
    person = Applicant.of(either_city)
    link = person.link()
    age(either_city.engine, ApplicantLink, link, expires_on=YESTERDAY)
    assert person.client.get(link).status_code == person.client.post(link).status_code == 404
    for expected in (True, False):
        rows = either_city.intake.rows(ApplicantLink)
        assert (person.record in {row.record_id for row in rows}) == expected
        purge_intake(either_city.engine, None, None)  # type: ignore[arg-type]


def test_a_session_ends_after_an_hour(applicant: Applicant) -> None:
    cookie = applicant.client.get_cookie("own")
    assert cookie is not None
    age(applicant.city.engine, ApplicantSession, f"/{cookie.value}", expires_on=YESTERDAY)
    answer = applicant.client.get("/own")
    assert answer.status_code == 403
    assert HERS not in answer.text


def test_who_is_still_sending_stays(applicant: Applicant) -> None:
    cookie = applicant.client.get_cookie("own")
    assert cookie is not None
    soon = utc_now() + timedelta(minutes=1)
    age(applicant.city.engine, ApplicantSession, f"/{cookie.value}", expires_on=soon)
    assert applicant.send("/correct", kobe_nickname="").status_code == 422
    rows = applicant.city.intake.rows(ApplicantSession)
    [mine] = [row for row in rows if row.record_id == applicant.record]
    assert mine.expires_on > soon


def test_an_erased_application_is_open_nowhere(either_city: City) -> None:
    """Neither by the link nor in the browser it is open in."""
    person = Applicant.of(either_city).enter()
    link = person.link()
    batch = [Deletion(person.record)]
    either_city.engine.run(lambda service: service.delete_multiple(READER, ENTITY, batch))
    assert person.client.get("/own").status_code == 403
    assert person.client.post(link).status_code == 404
    for table in (ApplicantLink, ApplicantSession):
        assert person.record not in {row.record_id for row in either_city.intake.rows(table)}


def test_another_address_ends_every_link(either_city: City) -> None:
    """They lie in the mailbox of the address that was mistyped: whoever corrected it."""
    person = Applicant.of(either_city).enter()
    link = person.link()
    either_city.give(person.record, kobe_email="corrected@example.jp")
    assert person.client.post(link).status_code == 404
    assert person.client.get("/own").status_code == 403


def test_another_change_of_the_office_ends_none(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    either_city.give(person.record, kobe_nickname="神戸 華子")
    assert "神戸 華子" in person.page().everything


def test_close_shows_nothing_more(applicant: Applicant) -> None:
    link = applicant.link()
    cookie = applicant.client.get_cookie("own")
    assert cookie is not None
    assert applicant.send("/end").headers["Location"] == "/own/ended"
    assert applicant.client.get_cookie("own") is None
    applicant.client.set_cookie("own", cookie.value)
    assert applicant.client.get("/own").status_code == 403, "nor for who kept the cookie"
    assert applicant.client.post(link).status_code == 303


def test_on_a_shared_computer_the_link_ends_too(applicant: Applicant) -> None:
    link = applicant.link()
    assert applicant.send("/end", revoke_link="1").headers["Location"] == "/own/ended"
    assert applicant.client.post(link).status_code == 404


@pytest.mark.parametrize("path", ["/correct", "/withdraw", "/erasure", "/end"])
@pytest.mark.parametrize("token", ["", "another's"])
def test_a_post_without_this_sessions_token_changes_nothing(
    one_city: City, path: str, token: str
) -> None:
    person, other = Applicant.of(one_city).enter(), Applicant.of(one_city).enter()
    given = other.page().values["form_token"] if token else ""
    before, values = person.stored(), {"kobe_nickname": "x", "step": "send", "version": "1"}
    answer = person.client.post(f"/own{path}", data={**values, "form_token": given})
    assert answer.status_code == 403
    assert person.stored() == before
    assert one_city.requests(person.record) == []


def test_a_post_from_another_site_opens_nothing(one_city: City) -> None:
    """So that nobody is led into somebody else's application, to write their own data there."""
    person = Applicant.of(one_city)
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = person.client.post(person.link(), headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_link_of_a_form_that_serves_nobody_any_more_opens_nothing(
    one_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Applicant.of(one_city).enter()
    link = person.link()
    with monkeypatch.context() as unpublished:
        unpublished.setattr("public_views.applicants.opened.served", lambda _name: None)
        unpublished.setattr("public_views.applicants.link_pages.served", lambda _name: None)
        assert person.client.get("/own").status_code == 403
        assert person.client.post(link).status_code == 404
    assert person.client.post(link).status_code == 303, "and it was not used up by that"


def test_what_is_open_and_what_was_seen_is_in_the_audit(either_city: City) -> None:
    person = Applicant.of(either_city).enter()
    person.page()
    with either_city.engine.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM audit").scalars()
        bodies = [body for body in rows if person.record.hex in body and '"applicant"' in body]
    for act in ("open_own", "read"):
        assert [body for body in bodies if f'"action":"{act}"' in body], act


@pytest.mark.parametrize("asked", ["withdrawn", "evil", "<b>"])
def test_a_notice_is_one_of_ours_or_none(applicant: Applicant, asked: str) -> None:
    page = read(applicant.client.get("/own", query_string={"said": asked}).text)
    assert bool(page.notice) == (asked == "withdrawn")
