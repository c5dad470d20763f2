"""Authlib's client as it speaks to the provider: soon tired, and never led elsewhere.

The one place that knows how Authlib is put together; the rest asks `Provider` for it. With what
Authlib needs it is seven megabytes, so whoever needs this module imports it when they do.
"""

from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from requests import Response

from admin_views.identity.federation.attempts import NAME
from config import SingleSignOn

STATES = FlaskIntegration(NAME)
"""Where Authlib keeps what it began."""
TIMEOUTS = (3.0, 5.0)
"""Seconds to connect and to wait for an answer: a thread of ours waits as long."""


class Connection(OAuth2Session):  # type: ignore[misc]
    """Follows no redirect: the code and our secret go where the provider's own document says."""

    def request(self, method: str, url: str, **options: Any) -> Response:
        options["allow_redirects"] = False
        answer: Response = super().request(method, url, **options)
        return answer


class Client(FlaskOAuth2App):  # type: ignore[misc]
    """Us, at the provider."""

    client_cls = Connection


def open_connection() -> Connection:
    """For questions that anybody may ask the provider."""
    return Connection(default_timeout=TIMEOUTS)


def make_client(stated: SingleSignOn, metadata: Mapping[str, Any]) -> Client:
    """Metadata is what `discovery` made of the provider's document: nothing is loaded later."""
    return Client(
        STATES,
        NAME,
        client_id=stated.client_id,
        client_secret=stated.client_secret(),
        client_kwargs={
            "scope": " ".join(stated.scopes),
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUTS,
            "token_endpoint_auth_method": _way_to_authenticate(metadata),
        },
        **metadata,
    )


def _way_to_authenticate(metadata: Mapping[str, Any]) -> str:
    offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    is_basic = "client_secret_basic" in offered
    return "client_secret_basic" if is_basic else "client_secret_post"
