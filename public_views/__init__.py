"""The citizens' front door: forms, confirmation, CAPTCHA, home, public views. No account, no page
of the staff."""

from flask import Flask

from extensions import babel, csrf
from public_views.applicants import correction_pages, ending_pages
from public_views.applicants.link_pages import own_links
from public_views.applicants.lost_pages import lost_links
from public_views.applicants.own_pages import own
from public_views.captcha_pages import captcha_pages
from public_views.confirmation_pages import confirmation_pages
from public_views.error_pages import install_error_pages
from public_views.form_pages import form_pages
from public_views.headers import install_headers
from public_views.home import home
from public_views.language import choose_language, install_language
from public_views.limits import install_limits
from public_views.published_pages import published_pages

BLUEPRINTS = (
    *(home, form_pages, captcha_pages, confirmation_pages, published_pages),
    *(own_links, own, lost_links),
)
OF_APPLICANTS = (correction_pages, ending_pages)
"""Modules that add pages to the blueprint `own`."""


def install_public(app: Flask) -> None:
    babel.init_app(app, default_locale="ja", locale_selector=choose_language)
    install_headers(app)
    install_language(app)
    install_limits(app)
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)  # public forms carry a token bound to their form session
        app.register_blueprint(blueprint)
    install_error_pages(app)
