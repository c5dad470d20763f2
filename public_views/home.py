"""The first page: the public forms of the installed solutions."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from extensions import engine
from public_views.limits import PAGES, limit

home = Blueprint("home", __name__)


@home.get("/")
@limit(PAGES, "pages")
def index() -> ResponseReturnValue:
    forms = [form for form in engine().catalog.forms.values() if form.kind == "public"]
    return render_template("public/home.html", forms=forms)
