"""Load on the public form: eight people at once, each another citizen from another address."""

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.browsing import Visitor
from bench.installation import CODE, FORM
from bench.measuring import Latencies

CONCURRENCY = 8
PAGE = f"/forms/{FORM}"
READING_TIME = 3.1
"""Seconds a person needs at least, by the form's definition; no part of any measurement."""
ASKED = (
    *("kobe_organizationname", "kobe_nickname", "kobe_email", "kobe_phone", "kobe_websiteurl"),
    *("kobe_catchphrase", "kobe_category", "kobe_body"),
)

Step = Callable[["Citizen"], None]


@dataclass
class Citizen:
    """One who applies; `spent` is the time the requests took, without reading and writing."""

    visitor: Visitor
    answers: dict[str, str]
    token: str = ""
    shown: str = ""
    """The version of the purpose that the form showed."""
    spent: float = 0.0

    def open_form(self) -> None:
        page = self.visitor.get(PAGE)
        self.token, self.shown = page.token, page.hidden["shown_purpose"]
        assert self.visitor.get(f"{PAGE}/captcha.png").status == 200

    def fill_in(self) -> None:
        hidden = {"form_token": self.token, "shown_purpose": self.shown}
        entered = {"captcha": CODE, "privacy_confirmed": "y"}
        sent = self.visitor.post(PAGE, hidden | entered | self.answers)
        assert sent.status == 303, f"{sent.status}: {sent.body.decode()[:2000]}"
        self.token = self.visitor.get(f"{PAGE}/check").token

    def submit(self) -> None:
        sent = self.visitor.post(f"{PAGE}/check", {"form_token": self.token})
        assert (sent.status, sent.location) == (303, f"{PAGE}/sent"), sent

    def see_it_sent(self) -> None:
        assert self.visitor.get(f"{PAGE}/sent").status == 200


@dataclass
class Load:
    """Steps done by all citizens, eight at a time; `latencies` are of single steps."""

    port: int
    samples: Sequence[dict[str, Any]]
    first: int = 0
    """The number of the first citizen: each has an address of its own."""
    citizens: list[Citizen] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, values in enumerate(self.samples, self.first):
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            answers = {name: str(values[name]) for name in ASKED if values.get(name) is not None}
            visitor = Visitor(self._connection(), address=address)
            self.citizens.append(Citizen(visitor, answers))

    def does(self, *steps: Step) -> tuple[Latencies, float]:
        """Latencies of the steps together, by citizen, and the seconds that all took."""
        found, waiting = Latencies(), iter(self.citizens)
        lock = threading.Lock()

        def person() -> None:
            connection = self._connection()
            for citizen in _shared(waiting, lock):
                citizen.visitor.connect(connection)
                started = time.perf_counter()
                try:
                    for step in steps:
                        step(citizen)
                except (AssertionError, OSError, http.client.HTTPException):
                    found.errors += 1
                seconds = time.perf_counter() - started
                citizen.spent += seconds
                found.seconds.append(seconds)

        started = time.perf_counter()
        people = [threading.Thread(target=person) for _ in range(CONCURRENCY)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        return found, time.perf_counter() - started

    @property
    def spent(self) -> Latencies:
        """What the requests of each citizen took together."""
        return Latencies([citizen.spent for citizen in self.citizens])

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def _shared(waiting: Iterator[Citizen], lock: threading.Lock) -> Iterable[Citizen]:
    while True:
        with lock:
            citizen = next(waiting, None)
        if citizen is None:
            return
        yield citizen
