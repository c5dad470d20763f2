"""The visit of this request: its cookie, its token, its CAPTCHA."""

import hashlib
import hmac
from typing import Any

from flask import Response, abort, request

from extensions import engine, secret, settings
from forms.captcha.code import code_for
from forms.sessions import FormSessions, Visit, form_token, is_form_token
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a control


def form_sessions() -> FormSessions:
    return FormSessions(engine().database, engine().keyring)


def form_or_404(catalog: Catalog, name: str) -> FormDefinition:
    form = catalog.public_form(name)
    if form is None:
        abort(404)
    return form


def visit_of(name: str) -> Visit | None:
    return form_sessions().find(request.cookies.get(cookie_name(name)), name)


def cookie_name(name: str) -> str:
    prefix = "__Host-" if settings().is_tls else ""
    return f"{prefix}form-{name}"


def keep(response: Response, visit: Visit) -> Response:
    """Hand the visit's token to the browser, for this site alone, until it is closed: on a shared
    computer the next person is not to find the form filled in."""
    response.set_cookie(cookie_name(visit.form), visit.token, **_bounds())
    return response


def forget(response: Response, name: str) -> Response:
    """Have the browser drop the cookie of its visit to that form."""
    response.delete_cookie(cookie_name(name), **_bounds())
    return response


def _bounds() -> dict[str, Any]:
    return {"secure": settings().is_tls, "httponly": True, "samesite": "Lax", "path": "/"}


def token_for(visit: Visit) -> str:
    return form_token(secret("form tokens"), visit)


def came_from_us(visit: Visit) -> bool:
    return is_form_token(secret("form tokens"), visit, request.form.get(FORM_TOKEN, ""))


def captcha_code(visit: Visit) -> str:
    """The six digits of the visit's present image: reckoned, never stored."""
    fixed = settings().captcha_fixed_code
    if fixed:
        return fixed
    return code_for(
        secret("captcha"), challenge=visit.token_hash, generation=visit.captcha_generation
    )


def image_version(visit: Visit) -> str:
    """Makes the image's address change with its code, and tells nothing of it."""
    data = visit.token_hash + visit.captcha_generation.to_bytes(4, "big")
    return hmac.digest(secret("captcha images"), data, hashlib.sha256).hex()[:12]
