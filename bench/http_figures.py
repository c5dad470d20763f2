"""Figures through the web: the public form under load, the back office's list, the download."""

import time
from http.client import HTTPConnection

from bench.baseline.figures import Baseline
from bench.browsing import Visitor
from bench.installation import ENTITY, OFFICIAL, PASSWORD, VIEW, Installation
from bench.load import CONCURRENCY, READING_TIME, Citizen, Load
from bench.measuring import Latencies, Table, forget_peaks, peak_megabytes, timed, verdict
from bench.server import WORKERS, serving

POSTS, PATHS = 2000, 800
POSTS_AIM, PATHS_AIM = 250, 50
FIRST_BYTE_AIM, MEMORY_AIM, PAGE_AIM = 0.5, 120, 200
APPLICATION = "app:create_app()"
PIECE = 1 << 20


def public_form(table: Table, installation: Installation, baseline: Baseline) -> None:
    table.section(f"The public form over HTTP, {CONCURRENCY} at once, {WORKERS} web processes")
    samples = installation.samples(POSTS + PATHS, seed=7)
    with serving(APPLICATION, installation.port, installation.environ):
        submitting = Load(installation.port, samples[:POSTS])
        submitting.does(Citizen.open_form)
        time.sleep(READING_TIME)
        submitting.does(Citizen.fill_in)
        posts, seconds = submitting.does(Citizen.submit)
        walking = Load(installation.port, samples[POSTS:], first=POSTS)
        walked, opening = walking.does(Citizen.open_form)
        time.sleep(READING_TIME)
        rest, applying = walking.does(Citizen.fill_in, Citizen.submit, Citizen.see_it_sent)
    usual, usual_latencies = baseline.submitting(samples[:POSTS])
    usual_paths, usual_walked = baseline.submitting(samples[POSTS:], opens=True)
    table.add(
        "submitting POSTs/s",
        f"{POSTS / seconds:,.0f} ({posts.errors} errors)",
        f"baseline {usual:,.0f}, one key, no audit, no mail",
        verdict(f"≥ {POSTS_AIM}", reached=POSTS / seconds >= POSTS_AIM and not posts.errors),
    )
    table.add("  latency", posts.spread, f"baseline {usual_latencies.spread}")
    rate, errors = PATHS / (opening + applying), walked.errors + rest.errors
    table.add(
        "whole paths/s (6 requests)",
        f"{rate:,.0f} ({errors} errors)",
        f"baseline {usual_paths:,.0f}: 2 requests, no CAPTCHA",
        verdict(f"≥ {PATHS_AIM}", reached=rate >= PATHS_AIM and not errors),
    )
    table.add("  latency of a path", walking.spent.spread, f"baseline {usual_walked.spread}")


def back_office(table: Table, installation: Installation, baseline: Baseline) -> None:
    table.section("The back office over HTTP, one official")
    with serving(APPLICATION, installation.port, installation.environ):
        official = _signed_in(installation.port)
        page = timed(lambda _: _seen(official, f"/admin/t/{ENTITY}/?view={VIEW}"), range(100))
        board = timed(lambda _: _seen(official, f"/admin/t/{ENTITY}/board/"), range(100))
    usual = f"baseline {baseline.listing().spread}"
    table.add("list page of 50", page.spread, usual, _soon(page))
    table.add("board: a column for each stage", board.spread, "", _soon(board))


def _soon(found: Latencies) -> str:
    p95 = found.of(0.95)
    return verdict(f"p95 {p95:.0f} ms < {PAGE_AIM} ms", reached=p95 < PAGE_AIM)


def export_over_http(table: Table, installation: Installation, baseline: Baseline) -> None:
    table.section("CSV export over HTTP, record keys")
    with serving(APPLICATION, installation.port, installation.environ) as server:
        official = _signed_in(installation.port)
        page = official.get(f"/admin/export/?view={VIEW}")
        before = peak_megabytes(server.workers)
        forget_peaks(server.workers)
        rows, first, seconds = _download(official, page.hidden)
        peak = peak_megabytes(server.workers)
    usual_rows, usual_peak = baseline.exporting()
    table.add("rows/s", f"{rows / seconds:,.0f}", f"baseline {usual_rows:,.0f}")
    table.add(
        "first byte",
        f"{first:.2f} s",
        "",
        verdict(f"< {FIRST_BYTE_AIM} s", reached=first < FIRST_BYTE_AIM),
    )
    table.add(
        "peak memory of a web process",
        f"{peak:.0f} MB ({before:.0f} before)",
        f"baseline {usual_peak:.0f} MB",
        verdict(f"≤ {MEMORY_AIM} MB", reached=peak <= MEMORY_AIM),
    )


def _signed_in(port: int) -> Visitor:
    official = Visitor(HTTPConnection("127.0.0.1", port, timeout=600), address="10.1.2.3")
    token = official.get("/login").token
    sent = official.post("/login", {"csrf_token": token, "email": OFFICIAL, "password": PASSWORD})
    assert sent.status == 302, sent.body.decode()
    page = official.get("/admin/purpose/")
    stated = official.post(
        "/admin/purpose/", {"csrf_token": page.token, "purpose_text": "to measure"}
    )
    assert stated.status == 303, stated.body.decode()
    return official


def _seen(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status == 200, answer


def _download(official: Visitor, hidden: dict[str, str]) -> tuple[int, float, float]:
    """Rows, seconds to the first byte, seconds to the last."""
    columns = (
        *("createdon", "kobe_receiptnumber", "kobe_organizationname", "kobe_nickname"),
        *("kobe_email", "kobe_phone", "kobe_catchphrase", "kobe_category", "kobe_body"),
        "statuscode",
    )
    stated = {"view": VIEW, "purpose": "measuring", "recipient": "nobody", "format": "csv"}
    started = time.perf_counter()
    response = official.open_post("/admin/export/", {**stated, **hidden, "columns": columns})
    assert response.status == 200, response.read().decode()
    piece = response.read(1)
    first, rows = time.perf_counter() - started, 0
    while piece:
        rows += piece.count(b'"\r\n')
        piece = response.read(PIECE)
    return rows - 1, first, time.perf_counter() - started
