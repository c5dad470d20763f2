"""Sign-ins a second: eight people at once, beside what argon2 alone lets two cores do."""

import os
import threading
import time
from http.client import HTTPConnection

from flask_security.utils import hash_password, verify_password

from bench.browsing import Visitor
from bench.http_figures import APPLICATION
from bench.installation import OFFICIAL, PASSWORD, Installation
from bench.load import CONCURRENCY
from bench.measuring import Latencies, Table, timed
from bench.server import WORKERS, serving

TIMES, VERIFICATIONS = 160, 20


def sign_ins(table: Table, installation: Installation) -> None:
    table.section(f"Sign-ins over HTTP, {CONCURRENCY} at once, {WORKERS} web processes")
    bare = _verifying(installation)
    with serving(APPLICATION, installation.port, installation.environ):
        found, seconds = _signing_in(installation.port)
    cores = os.cpu_count() or 1
    limit = cores * 1000 / bare.of(0.5)
    rate = TIMES / seconds
    table.add(
        "sign-ins/s (page and form)",
        f"{rate:,.1f} ({found.errors} errors)",
        f"limit {limit:,.1f}: argon2 alone on {cores} cores",
        f"{rate / limit:.2f} of the limit",
    )
    table.add("  latency", found.spread, f"one verification {bare.of(0.5):.0f} ms")


def _verifying(installation: Installation) -> Latencies:
    with installation.app.test_request_context():
        hashed = hash_password(PASSWORD)
        return timed(lambda _: verify_password(PASSWORD, hashed), range(VERIFICATIONS))


def _signing_in(port: int) -> tuple[Latencies, float]:
    found = Latencies()

    def person(number: int) -> None:
        for turn in range(TIMES // CONCURRENCY):
            started = time.perf_counter()
            found.errors += not _signs_in(port, f"10.9.{number}.{turn}")
            found.seconds.append(time.perf_counter() - started)

    people = [threading.Thread(target=person, args=(n,)) for n in range(CONCURRENCY)]
    started = time.perf_counter()
    for one in people:
        one.start()
    for one in people:
        one.join()
    return found, time.perf_counter() - started


def _signs_in(port: int, address: str) -> bool:
    visitor = Visitor(HTTPConnection("127.0.0.1", port, timeout=60), address=address)
    token = visitor.get("/login").token
    entered = {"csrf_token": token, "email": OFFICIAL, "password": PASSWORD}
    return visitor.post("/login", entered).status == 302
