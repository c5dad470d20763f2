"""A signed-in member of staff at their desk: opens pages, sends forms as the pages hold them."""

import re
from dataclasses import dataclass
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.admin_views.office import ENTITY, PASSWORD, PURPOSE, Office

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


@dataclass(frozen=True)
class Desk:
    client: FlaskClient
    office: Office
    role: str

    def get(self, path: str, **arguments: str) -> TestResponse:
        return self.client.get(path, query_string=arguments or None)

    def post(self, path: str, **values: object) -> TestResponse:
        """With a valid token, as from a page just opened."""
        return self.client.post(path, data={"csrf_token": self.token(), **values})

    def token(self) -> str:
        found = TOKEN.search(self.client.get(f"/admin/t/{ENTITY}/").text)
        if found is None:
            found = TOKEN.search(self.client.get("/admin/").text)
        assert found is not None
        return found.group(1)

    def records(self, action: str = "", **arguments: str) -> TestResponse:
        return self.get(f"/admin/t/{ENTITY}/{action}{'/' if action else ''}", **arguments)

    def send(self, action: str, **values: object) -> TestResponse:
        return self.post(f"/admin/t/{ENTITY}/{action}/", **values)


def hidden_of(page: str, action: str) -> dict[str, str]:
    """The hidden controls of the page's form that is sent to `…/action/`."""
    for form in FORM.findall(page):
        if f"/{action}/" in form.split(">")[0]:
            return {name: unescape(value) for name, value in HIDDEN.findall(form)}
    raise AssertionError(f"no form to {action} on this page")


def sit_down(office: Office, role: str) -> Desk:
    """Sign in as a person does, and say what for, in English. The second desk of a role shares the
    session of the first."""
    client = office.app.test_client()
    if role not in office.sessions:
        session = sign_in(client, f"{role}@example.jp")
        state_purpose(client)
        office.sessions[role] = session  # now that it is ready for another thread
    client.set_cookie("lang", "en")
    client.set_cookie("staff", office.sessions[role])
    return Desk(client, office, role)


def state_purpose(client: FlaskClient, purpose: str = PURPOSE) -> None:
    token = TOKEN.search(client.get("/admin/purpose/").text)
    if token is None:
        return  # led elsewhere first, or not let in: no business of a desk's
    form = {"csrf_token": token.group(1), "purpose_text": purpose}
    assert client.post("/admin/purpose/", data=form).status_code == 303
    client.get("/admin/purpose/")  # on which stands what is said of it, and on no other page


def sign_in(client: FlaskClient, email: str) -> str:
    """The cookie of a new session."""
    token = TOKEN.search(client.get("/login").text)
    assert token is not None
    form = {"email": email, "password": PASSWORD, "csrf_token": token.group(1)}
    assert client.post("/login", data=form).status_code == 302
    cookie = client.get_cookie("staff")
    assert cookie is not None
    return cookie.value
