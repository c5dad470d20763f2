"""The first page: of each installed solution its public forms, what is published, what is new."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from exchange.publication.home import read_home
from extensions import engine, of_this_request
from public_views.language import language
from public_views.limits import PAGES, limit

home = Blueprint("home", __name__)


@home.get("/")
@limit(PAGES, "pages")
def index() -> ResponseReturnValue:
    speaks = language()
    offices = engine().run(lambda s: read_home(s, language=speaks, of_caller=of_this_request))
    return render_template("public/home.html", offices=offices)
