"""Which language a page speaks: the one asked for, else the cookie's, else the one preferred by
the account that is signed in (`g.preferred_language`, if somebody set it), else the browser's."""

from flask import Flask, Response, g, request
from flask_babel import get_locale

from extensions import settings

LANGUAGES = ("ja", "en")
COOKIE = "lang"
A_YEAR = 365 * 24 * 3600


def choose_language() -> str:
    """For Flask-Babel, once a request."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        g.asked_language = asked
        return asked
    kept = request.cookies.get(COOKIE)
    if kept in LANGUAGES:
        return kept
    preferred = g.get("preferred_language")
    if preferred in LANGUAGES:
        return str(preferred)
    return request.accept_languages.best_match(LANGUAGES) or "ja"


def language() -> str:
    return "en" if str(get_locale() or "ja").startswith("en") else "ja"


def install_language(app: Flask) -> None:
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["language"] = language
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    asked = g.get("asked_language")
    if asked is not None and request.cookies.get(COOKIE) != asked:
        is_tls = settings().is_tls
        response.set_cookie(
            COOKIE, asked, max_age=A_YEAR, samesite="Lax", httponly=True, secure=is_tls
        )
    return response
