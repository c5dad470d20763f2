"""A small HTTP client for load: one connection kept open, cookies, forms, nothing else.

Its cost per request is part of what the two cores do during a measurement.
"""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

HIDDEN = re.compile(r'name="(form_token|shown_purpose|csrf_token|job)"[^>]*?value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str

    @property
    def token(self) -> str:
        """The token that the page's form carries."""
        hidden = self.hidden
        return hidden.get("form_token") or hidden["csrf_token"]

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden controls of the page's form."""
        found = dict(HIDDEN.findall(self.body.decode(errors="replace")))
        assert found, f"status {self.status}: no form to send"
        return found


class Visitor:
    """One person at one address; `address` is what the proxy in front would tell."""

    def __init__(self, connection: http.client.HTTPConnection, *, address: str) -> None:
        self._connection = connection
        self._headers = {"X-Forwarded-For": address, "Accept-Language": "ja"}
        self._cookies: dict[str, str] = {}

    def connect(self, connection: http.client.HTTPConnection) -> None:
        """Go on over this connection, which others used before and will use after."""
        self._connection = connection

    def get(self, path: str) -> Answer:
        return self._send("GET", path)

    def post(self, path: str, values: Mapping[str, str]) -> Answer:
        return self._send("POST", path, urlencode(values).encode())

    def open_post(self, path: str, values: object) -> http.client.HTTPResponse:
        """The response itself, its body unread: for downloads."""
        headers = {**self._headers, "Cookie": self._cookie(), "Content-Type": FORM}
        self._connection.request("POST", path, urlencode(values, doseq=True).encode(), headers)
        return self._connection.getresponse()

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _send(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = dict(self._headers)
        if self._cookies:
            headers["Cookie"] = self._cookie()
        if body is not None:
            headers["Content-Type"] = FORM
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        except (http.client.BadStatusLine, ConnectionError):  # the server closed an idle one
            self._connection.close()
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        read = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, read, response.headers.get("Location", ""))
