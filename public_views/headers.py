"""Security headers of every request and answer, whichever door it comes to (ASVS 3.4).

Scripts and styles come from ourselves or carry the answer's nonce; nothing is loaded from
elsewhere, nothing may frame us. Pages made for one person are never kept.
"""

import secrets

from flask import Flask, Response, abort, g, request

from extensions import settings

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
OF_THE_PROGRAM = {"static", "security.static", "admin.static"}
"""Style sheets, scripts, pictures: the same for everyone, and kept as Flask says."""
ASKED_AGAIN = {"published.picture"}
"""What anyone may keep, to be asked each time whether it is still the same, and still there."""
A_YEAR = 365 * 24 * 3600


def install_headers(app: Flask) -> None:
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)


def csp_nonce() -> str:
    """The nonce of this answer's policy, for its <script> and <style>."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _refuse_other_sites() -> None:
    """No form of ours is sent from another site's page. Such a request comes without the visit's
    cookie, and the answer would put another one in its place."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=csp_nonce())
    if settings().is_tls:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.endpoint not in OF_THE_PROGRAM or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"  # whatever a library set
    if request.endpoint in ASKED_AGAIN and _was_read(response):
        # nosemgrep: answer-may-be-kept - public, nobody's own, and asked for again each time
        response.headers["Cache-Control"] = "public, no-cache"
    return response


def _was_read(response: Response) -> bool:
    return request.method in {"GET", "HEAD"} and response.status_code < 400
