"""A browser without a screen at a real server, with the cookie it was given and an address of its
own. Answers are whole: it waits for the end of each."""

import http.client
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from time import sleep
from urllib.parse import urlencode, urlsplit

ADDRESSES = count(2)
PATIENCE = 240
KNOCKS = (0.1, 0.3, 1, 3)
"""Seconds between one and the next."""


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
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection = self._connected()
        try:
            connection.request("POST", path, urlencode(values), headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, answer.getheader("Location") or "", text)
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        """A machine with its hands full may turn one of fifty away at its own door; nothing was
        sent then, and a browser knocks again."""
        for wait in KNOCKS:
            with suppress(ConnectionRefusedError):
                return self._connect()
            sleep(wait)
        return self._connect()

    def _connect(self) -> http.client.HTTPConnection:
        server = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(
            str(server.hostname), server.port, timeout=PATIENCE, source_address=(self.address, 0)
        )
        connection.connect()
        return connection
