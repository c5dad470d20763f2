"""The first page: the public forms of the installed solutions, and what is published."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from extensions import engine
from models.security.publications import all_published
from public_views.limits import PAGES, limit

home = Blueprint("home", __name__)


@home.get("/")
@limit(PAGES, "pages")
def index() -> ResponseReturnValue:
    catalog = engine().catalog
    forms = [form for form in catalog.forms.values() if form.kind == "public"]
    views = []
    if catalog.public_views:
        with engine().database.reading() as connection:
            views = [one.view for one in all_published(connection, catalog)]
    return render_template("public/home.html", forms=forms, views=views)
