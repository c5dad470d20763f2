"""Withdraw an application, ask for its erasure, or for disclosure and suspension of use: what will
happen is said first, then asked."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from extensions import engine
from forms.applicants.register import written
from jobs.applicants import acts, lawful
from models.metadata.errors import AccessDenied, ConcurrencyConflict, ValidationFailed
from models.metadata.labels import Label
from public_views.applicants.opened import Opened, opened, sent_from_us
from public_views.applicants.own_pages import may_withdraw, own
from public_views.language import language
from public_views.limits import PAGES, POSTS, limit

REASON = Label("理由", "Reason")


@own.get("/withdraw")
@limit(PAGES, "pages")
def withdraw() -> ResponseReturnValue:
    now = opened()
    record = engine().run(now.own.read)
    if not may_withdraw(now, record):
        return _done("not_now")
    return _page("withdraw", now, version=str(record["versionnumber"]))


@own.post("/withdraw")
@limit(POSTS, "posts")
@sent_from_us
def withdraw_now() -> ResponseReturnValue:
    now, version = opened(), _version()
    try:
        statement = _statement()
    except ValidationFailed as error:
        problem = error.problems[0].text(language())
        return _page("withdraw", now, version=str(version), problem=problem), 422
    try:
        engine().run(lambda s: acts.withdraw(s, now.own, version=version, statement=statement))
    except ConcurrencyConflict:
        return _crossed(now)
    except (AccessDenied, ValidationFailed):
        return _done("not_now")
    return _done("withdrawn")


@own.get("/erasure")
@limit(PAGES, "pages")
def erasure() -> ResponseReturnValue:
    now = opened()
    if now.service.erasure_days is None:
        return _done("not_now")
    engine().run(now.own.read)  # it is still there
    return _page("erasure", now)


@own.post("/erasure")
@limit(POSTS, "posts")
@sent_from_us
def ask_erasure() -> ResponseReturnValue:
    now = opened()
    try:
        statement = _statement()
    except ValidationFailed as error:
        return _page("erasure", now, problem=error.problems[0].text(language())), 422
    try:
        engine().run(lambda s: acts.ask_erasure(s, now.own, statement=statement))
    except ConcurrencyConflict:  # asked for already: a second click finds its first
        pass
    except AccessDenied:
        return _done("not_now")
    return _done("erasure_asked")


@own.get("/request")
@limit(PAGES, "pages")
def lawful_request() -> ResponseReturnValue:
    now = opened()
    if not now.service.requests:
        return _done("not_now")
    engine().run(now.own.read)  # it is still there
    return _page("request", now)


@own.post("/request")
@limit(POSTS, "posts")
@sent_from_us
def ask_lawful() -> ResponseReturnValue:
    now, kind = opened(), request.form.get("kind", "")
    try:
        statement = _statement()
    except ValidationFailed as error:
        return _page("request", now, problem=error.problems[0].text(language())), 422
    try:
        engine().run(lambda s: lawful.ask(s, now.own, kind=kind, statement=statement))
    except ConcurrencyConflict:  # asked for already: a second click finds its first
        pass
    except AccessDenied:
        return _done("not_now")
    return _done("request_received")


def _crossed(now: Opened) -> ResponseReturnValue:
    """The office changed something meanwhile: is it still to be withdrawn?"""
    record = engine().run(now.own.read)
    if not may_withdraw(now, record):
        return _done("not_now")
    return _page("withdraw", now, version=str(record["versionnumber"]), crossed=True), 409


def _page(
    name: str, now: Opened, *, version: str = "", problem: str = "", crossed: bool = False
) -> str:
    return render_template(
        f"public/own/{name}.html",
        form=now.form,
        version=version,
        typed=request.form.get("statement", ""),
        problem=problem,
        crossed=crossed,
        days=now.service.erasure_days,
        offered=now.service.requests,
        form_token=now.form_token,
    )


def _statement() -> str:
    """What the person wrote. Raises ValidationFailed."""
    return written(request.form.get("statement", ""), name="statement", label=REASON)


def _version() -> int:
    """As the page held it; what is none is no version that any record has."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _done(said: str) -> ResponseReturnValue:
    return redirect(url_for(".index", said=said), 303)
