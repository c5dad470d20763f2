"""Every answer of the public's front door, errors too, carries the headers of ASVS 3.3 and 3.4.

No answer sets the staff's cookie or holds a personal value in its address or a cookie.
"""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.public_views.citizens import ANSWERS, COOKIE, FORM_PATH, Citizen
from tests.public_views.intake import Intake
from tests.public_views.reading import read

NONCE = re.compile(r"'nonce-([\w-]{16,})'")
DIRECTIVES = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}
EXACTLY = {
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
}
Ask = Callable[[Citizen], TestResponse]
ROUTES: dict[str, Ask] = {
    "home": lambda citizen: citizen.client.get("/"),
    "home in English": lambda citizen: citizen.client.get("/?lang=en"),
    "form": lambda citizen: citizen.get(),
    "refused form": lambda citizen: citizen.enter(kobe_email="花子"),
    "entered form": lambda citizen: citizen.enter(),
    "new image": lambda citizen: citizen.enter(renew_captcha="1"),
    "image": lambda citizen: citizen.get("/captcha.png"),
    "sound": lambda citizen: citizen.get("/captcha.wav"),
    "new code": lambda citizen: citizen.post("/captcha"),
    "check": lambda citizen: (citizen.enter(), citizen.get("/check"))[1],
    "send": lambda citizen: (citizen.enter(), citizen.send())[1],
    "cleared": lambda citizen: (citizen.enter(), citizen.post("/clear"))[1],
    "sent": lambda citizen: (citizen.apply(), citizen.get("/sent"))[1],
    "link": lambda citizen: citizen.client.get(citizen.apply()),
    "received": lambda citizen: citizen.client.post(citizen.apply()),
    "unknown link": lambda citizen: citizen.client.get("/confirm/unknown"),
    "unknown link pressed": lambda citizen: citizen.client.post("/confirm/unknown"),
    "style": lambda citizen: citizen.client.get("/static/public/public.css", buffered=True),
    "script": lambda citizen: citizen.client.get("/static/public/form.js", buffered=True),
    "403": lambda citizen: citizen.post("/captcha", form_token=""),
    "404": lambda citizen: citizen.client.get("/forms/nothing"),
    "404 elsewhere": lambda citizen: citizen.client.get("/../etc/passwd"),
    "404 in static": lambda citizen: citizen.client.get("/static/nothing.css"),
    "405": lambda citizen: citizen.client.put(FORM_PATH),
    "413": lambda citizen: citizen.enter(kobe_body="あ" * 200_000),
    "429": lambda citizen: [citizen.get("/captcha.wav") for _ in range(4)][-1],
}
ERRORS = {name: int(name[:3]) for name in ROUTES if name[0] == "4"}


@pytest.fixture(params=ROUTES)
def answer(request: pytest.FixtureRequest, citizen: Citizen) -> TestResponse:
    """An answer of every route, with a staff's cookie that was sent along by mistake."""
    citizen.client.set_cookie("staff", "not.a.session")
    citizen.client.set_cookie("session", "not.a.session")
    found = ROUTES[request.param](citizen)
    if request.param in ERRORS:
        assert found.status_code == ERRORS[request.param]
    else:
        assert found.status_code < 400 or request.param.startswith(("refused", "unknown"))
    return found


def test_no_answer_may_be_framed_sniffed_or_run_what_is_not_ours(answer: TestResponse) -> None:
    policy = directives(answer)
    assert {name: policy.get(name) for name in DIRECTIVES} == DIRECTIVES
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for sources in policy.values():
        assert all(re.fullmatch(r"'(none|self|nonce-[\w-]+)'|data:|blob:", one) for one in sources)
    assert policy["script-src"] <= {"'self'", *quoted_nonces(answer)}
    for name, allowed in EXACTLY.items():
        assert answer.headers[name] in allowed
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_pages_are_not_kept_and_say_what_they_are(answer: TestResponse) -> None:
    if answer.request.path.startswith("/static/") and answer.status_code == 200:
        return
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.mimetype == "text/html":
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_no_staff_session_begins_and_no_cookie_is_open_to_scripts(answer: TestResponse) -> None:
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith(("form-kobe_application=", "lang="))
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_nothing_personal_is_in_an_address_or_a_cookie(answer: TestResponse) -> None:
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers)
    for name in ("kobe_nickname", "kobe_email", "kobe_phone", "kobe_body"):
        assert ANSWERS[name] not in headers
        if answer.mimetype == "text/html":
            assert ANSWERS[name] not in " ".join(read(answer.text).links)
    assert ANSWERS["kobe_email"] not in answer.request.url


def test_nothing_runs_or_styles_in_line_and_nothing_comes_from_elsewhere(
    answer: TestResponse,
) -> None:
    if answer.mimetype != "text/html":
        return
    for tag, stated in read(answer.text).elements:
        assert not [name for name in stated if name.startswith("on") or name == "style"], tag
        if tag in {"script", "img", "link", "audio", "form"}:
            address = stated.get("src") or stated.get("href") or stated.get("action") or "/"
            assert address.startswith("/")
        if tag == "script":
            assert stated["nonce"] in NONCE.findall(answer.headers["Content-Security-Policy"])


def test_an_error_is_a_page_with_a_way_on_and_without_a_detail(citizen: Citizen) -> None:
    for name, status in ERRORS.items():
        visitor = Citizen(citizen.intake, "en").begin()
        found = ROUTES[name](visitor)
        page = read(found.text)
        assert (found.status_code, page.language, "/" in page.links) == (status, "en", True), name
        assert not re.search(r"Traceback|werkzeug|sqlalchemy|Exception", found.text)


def test_a_nonce_is_good_for_one_answer(intake: Intake) -> None:
    nonces = [quoted_nonces(Citizen(intake).get()) for _ in range(5)]
    assert len({nonce for found in nonces for nonce in found}) == 5


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_people_come_by_tls_cookies_and_host_are_bound_to_it(
    intake: Intake, scheme: str
) -> None:
    """Whatever the proxy in front says of a request, or leaves unsaid."""
    served = intake.another_process(UKETSUKE_BASE_URL="https://localhost")
    client = Citizen(served).client
    answer = client.get(f"{FORM_PATH}?lang=en", base_url=f"{scheme}://localhost")
    served.close()
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {f"__Host-{COOKIE}", "lang"}
    assert all("Secure" in cookie.split("; ") for cookie in cookies)


def test_without_tls_nothing_is_bound_to_it(intake: Intake) -> None:
    answer = Citizen(intake).client.get(f"{FORM_PATH}?lang=en")
    assert "Strict-Transport-Security" not in answer.headers
    assert not [one for one in answer.headers.getlist("Set-Cookie") if "Secure" in one]


@pytest.mark.parametrize(("hops", "is_warned"), [("0", True), ("1", False)])
def test_a_proxy_that_is_not_counted_is_warned_of(
    intake: Intake, hops: str, is_warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """In production, where all visitors would share the proxy's rate limit."""
    public = {"UKETSUKE_ENV": "production", "UKETSUKE_BASE_URL": "https://localhost"}
    intake.another_process(**public, UKETSUKE_PROXY_HOPS=hops).close()
    assert ("UKETSUKE_PROXY_HOPS" in caplog.text) is is_warned


def test_the_answer_to_too_many_requests_says_when_to_come_back(citizen: Citizen) -> None:
    assert int(ROUTES["429"](citizen).headers["Retry-After"]) > 0


def directives(answer: TestResponse) -> dict[str, set[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: set(sources) for name, *sources in parts}


def quoted_nonces(answer: TestResponse) -> list[str]:
    found = NONCE.findall(answer.headers["Content-Security-Policy"])
    return sorted({f"'nonce-{nonce}'" for nonce in found})


def test_a_form_sent_from_another_site_is_refused_and_keeps_the_visit(citizen: Citizen) -> None:
    citizen.enter()
    sent = citizen.client.post(
        FORM_PATH, data={"kobe_nickname": "誰か"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert sent.status_code == 403
    assert "Set-Cookie" not in sent.headers
    assert ANSWERS["kobe_nickname"] in citizen.get("/check").text
