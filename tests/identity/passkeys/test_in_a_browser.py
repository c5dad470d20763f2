"""Passkeys in real Chromium with an authenticator of its own: made, shown, refused, taken away."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from tests.identity.passkeys.browsing import Authenticator, Desk, served
from tests.identity.staff import Person, acts, age_proof, hire, letters_to, sessions_of

ASK_FOR_OPTIONS = """async () => {
  const token = document.querySelector("input[name=csrf_token]").value;
  const body = new URLSearchParams({ csrf_token: token });
  return (await fetch("/login/passkey/options", { method: "POST", body })).json();
}"""
SHOW_PASSKEY = """async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return JSON.stringify((await navigator.credentials.get({ publicKey })).toJSON());
}"""


@contextmanager
def forged_page() -> Iterator[str]:
    """A page somebody else has put up under the same name."""

    class Forged(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Sign in</title>")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Forged)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def office(engine: RecordEngine) -> Iterator[tuple[Flask, str]]:
    with served(engine) as running:
        yield running


@pytest.fixture
def desk(page: Page, office: tuple[Flask, str]) -> Desk:
    return Desk(page, office[1])


@pytest.fixture
def authenticator(desk: Desk) -> Authenticator:
    return Authenticator(desk.page)


@pytest.fixture
def staff(office: tuple[Flask, str], engine: RecordEngine) -> Person:
    return hire(office[0], engine)


def test_one_is_registered_and_signs_in_alone(
    desk: Desk, authenticator: Authenticator, engine: RecordEngine, staff: Person
) -> None:
    desk.enter_password(staff)
    desk.register_passkey()
    expect(desk.page.get_by_role("cell", name="仕事用のPC", exact=True)).to_be_visible()
    [credential] = authenticator.credentials
    assert credential["rpId"] == "localhost"
    assert credential["isResidentCredential"]
    desk.sign_out()
    desk.sign_in_with_passkey()
    desk.page.wait_for_url("**/admin/")
    signed = [act for act in acts(engine, staff) if act["action"] == "sign_in"]
    assert signed[-1]["details"] == {"factor": "passkey"}
    assert letters_to(engine, staff) == ["passkey_added"]


@pytest.fixture
def holder(desk: Desk, authenticator: Authenticator, staff: Person) -> Person:
    """Signed in, with a passkey on this browser's authenticator."""
    desk.enter_password(staff)
    desk.register_passkey()
    return staff


def test_it_stands_beside_the_password(desk: Desk, holder: Person) -> None:
    desk.sign_out()
    desk.enter_password(holder)
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("パスキーの確認")
    desk.press("パスキーを使う")
    desk.page.wait_for_url("**/admin/")


def test_where_one_wanted_to_go_is_where_one_gets(desk: Desk, holder: Person) -> None:
    desk.sign_out()
    desk.go("/account/")
    desk.press("パスキーでサインイン")
    desk.page.wait_for_url("**/account/")


def test_a_person_the_device_does_not_know_gets_nowhere(
    desk: Desk, authenticator: Authenticator, holder: Person
) -> None:
    desk.sign_out()
    authenticator.refuse_the_person()
    desk.sign_in_with_passkey()
    problem = desk.page.get_by_role("alert")
    expect(problem).to_have_text("パスキーの操作が取り消されたか、時間切れになりました。")
    assert desk.place.startswith("/login")
    expect(desk.page.get_by_role("button", name="パスキーでサインイン")).to_be_enabled()


def test_a_device_without_a_passkey_says_so(
    desk: Desk, authenticator: Authenticator, holder: Person
) -> None:
    desk.sign_out()
    authenticator.forget_all()
    desk.sign_in_with_passkey()
    expect(desk.page.get_by_role("alert")).to_be_visible()
    desk.go("/admin/")
    assert desk.place.startswith("/login")


def test_a_copy_of_an_authenticator_is_refused_once_the_first_was_used(
    desk: Desk,
    authenticator: Authenticator,
    engine: RecordEngine,
    holder: Person,
    context: BrowserContext,
) -> None:
    copied = authenticator.credentials[0]
    desk.sign_out()
    desk.sign_in_with_passkey()
    desk.page.wait_for_url("**/admin/")
    thief = Desk(context.new_page(), desk.url)
    context.clear_cookies()
    Authenticator(thief.page).take_over(copied)
    thief.sign_in_with_passkey()
    expect(thief.page.get_by_role("alert").first).to_contain_text("サインインできませんでした")
    failed = [act for act in acts(engine, holder) if act["action"] == "sign_in_failed"]
    assert failed[-1]["details"] == {"factor": "passkey", "reason": "counter"}


def test_an_answer_that_was_listened_to_is_worth_nothing_again(
    desk: Desk, engine: RecordEngine, holder: Person
) -> None:
    desk.sign_out()
    with desk.page.expect_request("**/login/passkey") as sent:
        desk.sign_in_with_passkey()
    desk.page.wait_for_url("**/admin/")
    desk.sign_out()
    token = desk.page.locator("input[name=csrf_token]").first.input_value()
    again = dict(parse_qsl(sent.value.post_data or "")) | {"csrf_token": token}
    assert again["credential"]
    answer = desk.page.request.post(f"{desk.url}/login/passkey", form=again, max_redirects=0)
    assert answer.headers["location"].startswith("/login")
    desk.go("/admin/")
    assert desk.place.startswith("/login")
    failed = [act for act in acts(engine, holder) if act["action"] == "sign_in_failed"]
    assert failed[-1]["details"]["reason"] == "challenge"


def test_a_page_of_another_origin_gets_nothing_to_use(
    desk: Desk, engine: RecordEngine, holder: Person
) -> None:
    """The same machine on another port: a browser gives it an answer, the service refuses it."""
    desk.sign_out()
    options = desk.page.evaluate(ASK_FOR_OPTIONS)
    session = desk.page.context.cookies()
    with forged_page() as evil:
        desk.page.goto(evil)
        credential = desk.page.evaluate(SHOW_PASSKEY, options)
        assert json.loads(credential)["response"]["signature"]
    desk.go("/login")
    desk.page.context.add_cookies(session)  # type: ignore[arg-type]
    token = desk.page.locator("input[name=csrf_token]").first.input_value()
    form = {"csrf_token": token, "credential": credential}
    desk.page.request.post(f"{desk.url}/login/passkey", form=form)
    desk.go("/admin/")
    assert desk.place.startswith("/login")
    failed = [act for act in acts(engine, holder) if act["action"] == "sign_in_failed"]
    assert failed[-1]["details"] == {"factor": "passkey", "reason": "assertion"}


def test_it_is_a_proof_in_the_midst_of_a_form(
    desk: Desk, engine: RecordEngine, holder: Person
) -> None:
    """What was typed stays, and nobody leaves the page."""
    age_proof(engine, holder, by=timedelta(minutes=6))
    desk.go("/account/passkeys/new/")
    desk.page.get_by_label("パスキーの名前").fill("予備の鍵")
    expect(desk.page.get_by_label("パスワードまたは認証アプリ")).to_be_visible()
    desk.press("代わりにパスキーを使う")
    expect(desk.page.get_by_role("status")).to_have_text(
        "パスキーで確認できました。続けて操作してください。"
    )
    expect(desk.page.get_by_label("パスワードまたは認証アプリ")).to_be_hidden()
    expect(desk.page.get_by_label("パスキーの名前")).to_have_value("予備の鍵")
    assert desk.place == "/account/passkeys/new/"
    desk.press("登録する")
    expect(desk.page.get_by_role("alert")).to_have_text(
        "この端末には、お使いのアカウントのパスキーがすでに登録されています。"
    )


def test_it_is_a_proof_where_the_password_is_asked_for_again(
    desk: Desk, engine: RecordEngine, holder: Person
) -> None:
    age_proof(engine, holder, by=timedelta(hours=2))
    desk.go("/verify?next=/tf-setup")
    desk.press("代わりにパスキーを使う")
    desk.page.wait_for_url(f"{desk.url}/tf-setup")
    assert not step_up_is_asked(desk)


def step_up_is_asked(desk: Desk) -> bool:
    desk.go("/account/recovery-codes/")
    return desk.page.locator("input[name=proof]").count() > 0


def test_one_of_two_is_deleted(
    desk: Desk, authenticator: Authenticator, engine: RecordEngine, holder: Person
) -> None:
    authenticator.forget_all()
    desk.register_passkey("予備の鍵")
    desk.page.get_by_role("link", name="削除 仕事用のPC").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("パスキーの削除")
    desk.press("パスキーを削除する")
    desk.page.wait_for_url("**/account/")
    expect(desk.page.get_by_role("cell", name="予備の鍵", exact=True)).to_be_visible()
    expect(desk.page.get_by_role("cell", name="仕事用のPC", exact=True)).to_have_count(0)
    desk.sign_out()
    desk.sign_in_with_passkey()
    desk.page.wait_for_url("**/admin/")


def test_ones_sessions_are_ended_from_the_page(
    desk: Desk, engine: RecordEngine, holder: Person, office: tuple[Flask, str]
) -> None:
    desk.go("/account/")
    assert len(sessions_of(engine, holder)) == 1
    expect(desk.page.get_by_text("現在のセッション")).to_be_visible()
    expect(desk.page.get_by_role("button", name="ほかのセッションをすべて終了する")).to_have_count(
        0
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_without_a_script_password_and_code_do(
    browser: Browser, office: tuple[Flask, str], engine: RecordEngine, language: str
) -> None:
    guarded = hire(office[0], engine, key=accounts.new_totp_key())
    context = browser.new_context(locale=language, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{office[1]}/login?lang={language}")
    assert page.get_by_role("button").count() == 1, "no passkey is offered"
    page.locator("[name=email]").fill(guarded.email)
    page.locator("[name=password]").fill(guarded.password)
    page.get_by_role("button").click()
    page.locator("[name=code]").fill(guarded.code())
    page.get_by_role("button").first.click()
    assert page.url.endswith("/admin/")
    page.goto(f"{office[1]}/account/passkeys/new/")
    assert "JavaScript" in page.locator("main").inner_text()
    context.close()
