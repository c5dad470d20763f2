"""Single sign-on by OpenID Connect: an identity provider of the office says who somebody is, and
by their groups which roles they hold. Authlib speaks the protocol; what it leaves open is here.
"""

from flask import Flask

from admin_views.identity.federation import ended_there, own_page  # noqa: F401 - their routes
from admin_views.identity.federation.offers import proof_elsewhere, single_sign_on
from admin_views.identity.federation.pages import pages
from admin_views.identity.federation.signing_out import install_signing_out

__all__ = ["install_federation"]


def install_federation(app: Flask) -> None:
    """Its pages are there in any case; without a provider they are not found."""
    app.register_blueprint(pages)
    install_signing_out(app)
    app.jinja_env.globals.update(single_sign_on=single_sign_on, proof_elsewhere=proof_elsewhere)
