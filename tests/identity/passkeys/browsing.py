"""A real browser with an authenticator that tests can look into (Chromium's WebAuthn domain)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import CDPSession, Page

from config import Settings
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app
from tests.identity.staff import Person
from tests.support.answering import answered

KIND = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def served(engine: RecordEngine, host: str = "localhost") -> Iterator[tuple[Flask, str]]:
    """The office on a free port, its base URL as the settings state it."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    url = f"http://{host}:{port}"
    settings = {"UKETSUKE_ENV": "testing", "UKETSUKE_BASE_URL": url}
    app = build_app(engine, settings=Settings.from_environment(settings))
    with answered(app, port=port):
        yield app, url


@dataclass
class Authenticator:
    """What a page's browser has for one: a phone's or a laptop's own."""

    page: Page
    session: CDPSession = field(init=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.session = self.page.context.new_cdp_session(self.page)
        self.session.send("WebAuthn.enable")
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": KIND})
        self.id = made["authenticatorId"]

    def ask(self, method: str, **arguments: Any) -> Any:
        return self.session.send(f"WebAuthn.{method}", {"authenticatorId": self.id, **arguments})

    @property
    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("getCredentials")["credentials"]
        return found

    def refuse_the_person(self) -> None:
        """The finger is not the one it knows."""
        self.ask("setUserVerified", isUserVerified=False)

    def take_over(self, credential: dict[str, Any]) -> None:
        """As a copy of another authenticator."""
        self.ask("addCredential", credential=credential)

    def forget_all(self) -> None:
        self.ask("clearCredentials")


@dataclass
class Desk:
    """A person at a browser, in Japanese."""

    page: Page
    url: str

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def enter_password(self, person: Person) -> None:
        self.go("/login")
        self.page.get_by_label("Eメール").fill(person.email)
        self.page.get_by_label("パスワード", exact=True).fill(person.password)
        self.press("サインイン")

    def register_passkey(self, name: str = "仕事用のPC") -> None:
        self.go("/account/passkeys/new/")
        self.page.get_by_label("パスキーの名前").fill(name)
        self.press("登録する")
        self.page.wait_for_url("**/account/")

    def sign_in_with_passkey(self) -> None:
        self.go("/login")
        self.press("パスキーでサインイン")

    def sign_out(self) -> None:
        self.go("/account/")
        self.press("サインアウト")
        self.page.wait_for_url("**/login")

    @property
    def place(self) -> str:
        return self.page.url.removeprefix(self.url)
