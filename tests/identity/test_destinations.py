"""After sign-in one gets to a page of this site, whatever an address asked for."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models.records.engine import RecordEngine
from tests.identity.staff import Browser, Person, hire

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x19//evil.example",
    "//localhost@evil.example",
    "http://localhost\\@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
]


def leads_home(location: str) -> bool:
    """As a browser reads it: no tabs or newlines, backslashes are slashes."""
    read = re.sub(r"[\t\r\n]", "", location.strip("\x00\x1f ")).replace("\\", "/")
    target = urlsplit(urljoin("http://localhost/login", read))
    return target.scheme == "http" and target.netloc == "localhost"


@pytest.fixture(scope="module")
def regular(app: Flask, engine: RecordEngine) -> Person:
    return hire(app, engine)


@pytest.mark.parametrize("way", ["form", "address"])
@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(
    visitor: Browser, regular: Person, target: str, way: str
) -> None:
    form = {"email": regular.email, "password": regular.password}
    form |= {"next": target} if way == "form" else {}
    arguments = {"next": target} if way == "address" else {}
    form["csrf_token"] = visitor.form_token("/login")
    response = visitor.client.post("/login", query_string=arguments, data=form)
    assert response.status_code == 302
    assert leads_home(response.location), response.location


@given(target=st.text(alphabet="/\\:@.?#%\t evilhtps", max_size=12))
def test_nobody_is_sent_to_another_site_whatever_is_written(
    app: Flask, regular: Person, target: str
) -> None:
    browser = Browser(app)
    response = browser.try_password(regular.email, regular.password, next=target)
    assert response.status_code == 302
    assert leads_home(response.location), response.location


def test_after_the_code_nobody_is_sent_elsewhere_either(visitor: Browser, guarded: Person) -> None:
    visitor.try_password(guarded.email, guarded.password, next="//evil.example")
    response = visitor.send("/tf-validate?next=//evil.example", code=guarded.code())
    assert response.location == "/admin/"


def test_the_page_one_wanted_is_where_one_gets(visitor: Browser, guarded: Person) -> None:
    wanted = "/admin/t/kobe_application/?view=all"
    gate = visitor.get(wanted).location
    [kept] = re.findall(r'name="next"[^>]* value="([^"]+)"', visitor.get(gate).text)
    response = visitor.try_password(guarded.email, guarded.password, next=unescape(kept))
    assert visitor.send(response.location, code=guarded.code()).location == wanted


UNREADABLE = ["//[", "http://[x", "http://[::1", "/\\[", "/\t/[", "http://a]/"]


@pytest.mark.parametrize("target", UNREADABLE)
def test_an_address_that_cannot_be_read_is_forgotten(
    browser_of: Callable[[], Browser], regular: Person, target: str
) -> None:
    browser = browser_of()
    wanted = {"query_string": {"next": target}}
    assert browser.client.get("/login", **wanted).status_code == 200
    response = browser.try_password(regular.email, regular.password, next=target)
    assert response.location == "/admin/"
    assert browser.client.get("/login", **wanted).location == "/admin/"
    assert browser.client.get("/verify", **wanted).status_code == 200
    verified = {"csrf_token": browser.form_token("/verify"), "password": regular.password}
    assert browser.client.post("/verify", data=verified, **wanted).status_code == 302
    signed_out = {"csrf_token": browser.form_token("/account/password")}
    assert browser.client.post("/logout", data=signed_out, **wanted).location == "/login"


@pytest.mark.parametrize(
    "path", ["/login", "/verify", "/account/password", "/logout", "/tf-setup"]
)
@pytest.mark.parametrize("body", ["5", '"x"', "[]", "{", '{"next": 5}', '{"email": "\\ud800"}'])
def test_only_forms_are_taken(visitor: Browser, regular: Person, path: str, body: str) -> None:
    if path != "/login":
        visitor.sign_in(regular)
    token = visitor.form_token("/login" if path == "/login" else "/account/password")
    response = visitor.client.post(
        path, data=body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert response.status_code == 415
