"""The CAPTCHA's image and sound, made when asked for and never kept."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from forms.captcha.audio import render_audio
from forms.sessions import Visit
from public_views.captcha_answers import renewed
from public_views.language import language
from public_views.limits import IMAGES, SOUNDS, limit
from public_views.visits import came_from_us, captcha_code, form_sessions, image_version, visit_of

captcha_pages = Blueprint("captcha", __name__, url_prefix="/forms/<name>")


@captcha_pages.get("/captcha.png")
@limit(IMAGES, "images")
def image(name: str) -> ResponseReturnValue:
    from forms.captcha.image import render_image

    return Response(render_image(captcha_code(_visit(name))), mimetype="image/png")


@captcha_pages.get("/captcha.wav")
@limit(SOUNDS, "sounds")
def sound(name: str) -> ResponseReturnValue:
    """At most three for one image: a sound costs us more than it costs who asks."""
    visit = _visit(name)
    if not form_sessions().use_captcha_sound(visit):
        abort(429)
    sound = render_audio(captcha_code(visit), language="en" if language() == "en" else "ja")
    return Response(sound, mimetype="audio/wav")


@captcha_pages.post("/captcha")
@limit(IMAGES, "images")
def renew(name: str) -> ResponseReturnValue:
    """For the page's script: another code, and the address of its image."""
    visit = _visit(name)
    if not came_from_us(visit):
        abort(403)
    fresh = renewed(visit)
    if request.accept_mimetypes.best == "application/json":
        return {"version": image_version(fresh)}
    return redirect(url_for("form_pages.show", name=name), 303)


def _visit(name: str) -> Visit:
    visit = visit_of(name)
    if visit is None or visit.is_submitted:
        abort(404)
    return visit
