"""Figures of an approved extract: asked for, built and fetched in one process, as CSV and XLSX."""

import time
from datetime import timedelta

from bench.installation import MANAGER, VIEW, Installation
from bench.measuring import Table
from exchange.extracts import deciding, requesting
from exchange.extracts.building import build
from exchange.extracts.downloading import fetch
from exchange.orders import Door, ExportOrder
from models.security.contracts import today

MOST_IN_A_SHEET = 200_000
"""Records of 2 KB; a sheet holds two gigabytes."""


def extracts(table: Table, installation: Installation, *, rows: int) -> None:
    table.section("An approved extract in one process, record keys")
    for name in ("csv", "xlsx") if rows <= MOST_IN_A_SHEET else ("csv",):
        _measure(table, installation, name)


def _measure(table: Table, installation: Installation, name: str) -> None:
    engine, official = installation.engine, installation.official
    order = ExportOrder(
        query=installation.query,
        view=VIEW,
        purpose="measuring",
        recipient="nobody",
        format=name,
        keep_until=today() + timedelta(days=1),
        door=Door.REQUEST,
    )
    started = time.perf_counter()
    extract_id = requesting.request(engine, official, order)
    asked = time.perf_counter() - started
    manager = installation.caller(MANAGER)
    engine.run(lambda service: deciding.approve(service, manager, extract_id))
    started = time.perf_counter()
    build(engine, extract_id)
    built = time.perf_counter() - started
    started = time.perf_counter()
    download = fetch(engine, official, extract_id)
    pieces = iter(download)
    size = len(next(pieces))
    first = time.perf_counter() - started
    size += sum(len(piece) for piece in pieces)
    fetched = time.perf_counter() - started
    rows = download.extract.built
    table.add(f"{name}: asking, rows/s", f"{rows / asked:,.0f}")
    table.add(f"{name}: building, rows/s", f"{rows / built:,.0f}", f"{size / 1e6:,.0f} MB")
    table.add(f"{name}: fetching", f"first byte {first:.2f} s", f"all of it {fetched:.2f} s")
