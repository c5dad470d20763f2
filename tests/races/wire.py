"""A browser without a screen at a real server, with the cookie it was given and an address of its
own. Answers are whole: it waits for the end of each."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

ADDRESSES = count(2)
PATIENCE = 240


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


@dataclass(frozen=True)
class Wire:
    base_url: str
    cookie: str
    address: str = field(default_factory=lambda: f"127.1.{next(ADDRESSES) % 250 + 1}.1")

    def post(self, path: str, values: Mapping[str, object]) -> Answer:
        server = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(
            str(server.hostname), server.port, timeout=PATIENCE, source_address=(self.address, 0)
        )
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, urlencode(values), headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, answer.getheader("Location") or "", text)
        finally:
            connection.close()
