"""Figures at the record service: pages, search and export, without a web page around them."""

from dataclasses import replace

from bench.baseline.figures import Baseline
from bench.filling import CHUNK
from bench.installation import ENTITY, Installation
from bench.limit import Limit
from bench.measuring import Table, by_turns, timed, verdict
from exchange.exporting import Export
from exchange.orders import ExportOrder
from models.metadata.query import Condition, Filter, Operator, Page, Query
from models.records import holdings

TIMES = 200
SEARCH_MILLISECONDS = 10.0
DEEP_SHARE = 2.0


def lists_and_search(
    table: Table, installation: Installation, baseline: Baseline, *, rows: int
) -> None:
    table.section("Lists and search, by the record service as an official")
    query = replace(installation.query, page_size=50)
    first = timed(lambda _: _page(installation, query), range(TIMES))
    deep_query = replace(query, after=_deep(installation, query, rows=rows))
    deep = timed(lambda _: _page(installation, deep_query), range(TIMES))
    table.add("first page of 50", first.spread)
    share = deep.of(0.5) / first.of(0.5)
    table.add(
        "deep page, nine tenths down",
        deep.spread,
        f"first page {first.of(0.5):.1f} ms",
        verdict(f"{share:.2f} × first (≤ {DEEP_SHARE})", reached=share <= DEEP_SHARE),
    )
    emails = _some_emails(installation, rows=rows)
    held = timed(lambda number: _held(installation, emails[number]), range(len(emails)))
    table.add("everything held on a person", held.spread, "by address and number, all entities")
    found = timed(lambda number: _search(installation, emails[number]), range(len(emails)))
    usual = baseline.search(baseline.some_emails(20))
    table.add(
        "exact e-mail search",
        found.spread,
        f"baseline {usual.of(0.5):.1f} ms",
        verdict(
            f"p99 < {SEARCH_MILLISECONDS:.0f} ms", reached=found.of(0.99) < SEARCH_MILLISECONDS
        ),
    )


def exports(
    table: Table, installation: Installation, limit: Limit, *, keys: str, aim: float
) -> None:
    """The same ten columns as the limit's, the body of 600 characters among them; a chunk each."""
    order = ExportOrder(query=installation.query, purpose="measuring", recipient="nobody")
    export = Export(installation.engine, installation.official, order)
    taken, size = by_turns(iter(export), limit.export(month_key=keys == "month"))
    ours, raw = (export.rows / seconds for seconds in taken)
    table.section(f"CSV export in one process, {keys} keys: {size / 1e6:,.0f} MB")
    table.add(
        "rows/s",
        f"{ours:,.0f}",
        f"limit {raw:,.0f}",
        verdict(f"{ours / raw:.2f} of the limit (≥ {aim})", reached=ours / raw >= aim),
    )


def _held(installation: Installation, email: str) -> None:
    found = installation.engine.run(
        lambda service: holdings.find(
            service, installation.official, email=email, phone="078-331-8181"
        )
    )
    assert found, email


def _page(installation: Installation, query: Query) -> Page:
    caller = installation.official
    return installation.engine.run(lambda service: service.retrieve_multiple(caller, query))


def _deep(installation: Installation, query: Query, *, rows: int) -> str:
    """The mark nine tenths down: pages of the largest size, followed to there."""
    walking, seen = replace(query, columns=("createdon",), page_size=5000), 0
    while seen < rows * 0.9:
        page = _page(installation, walking)
        seen += len(page.records)
        walking = replace(walking, after=page.next)
    return walking.after


def _some_emails(installation: Installation, *, rows: int) -> list[str]:
    starts = range(0, rows, CHUNK)
    samples = [installation.samples(10, seed=start) for start in starts]
    emails = [str(values["kobe_email"]) for chunk in samples for values in chunk]
    return (emails * TIMES)[:TIMES]


def _search(installation: Installation, email: str) -> None:
    condition = Condition("kobe_email", Operator.EQUAL, email)
    query = Query(entity=ENTITY, columns=("kobe_receiptnumber",), filter=Filter((condition,)))
    page = _page(installation, query)
    assert page.records, email
