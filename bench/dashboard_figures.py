"""Figures of the dashboard: Kobe's own, as an official and as somebody of one business unit,
beside the same questions in bare SQL on the same indexes.

Before, the applications are spread over half a year and over options, by plain SQL: all received
at once and for one thing, they would make one bar.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from admin_views.dashboards.figures import tally_of
from admin_views.dashboards.offers import charts_of
from bench.installation import ENTITY, Installation
from bench.measuring import Table, timed, verdict
from models.metadata.attribute_types import LOCAL_ZONE
from models.records.service import RecordService
from models.records.tallying import Tally, Totals
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.base import new_id, utc_now

DASHBOARD = "kobe_support_state"
TIMES = 10
AIM = 1000.0
SPREAD = """
UPDATE kobe_application SET kobe_stage = 1 + abs(random() % 7), statuscode = 2 + abs(random() % 4),
  createdon = strftime('%Y-%m-%d %H:%M:%f000', 'now', -abs(random() % 15724800) || ' seconds')
"""
BARE = (
    """SELECT date(createdon, '+9 hours', 'weekday 0', '-6 days'), count(*) FROM kobe_application
       WHERE createdon >= date('now', '-182 days') AND statuscode <> 1 AND versionnumber > 0
       GROUP BY 1""",
    """SELECT kobe_category, count(*) FROM kobe_application
       WHERE statuscode <> 1 AND versionnumber > 0 GROUP BY kobe_category""",
    """SELECT statuscode, count(*) FROM kobe_application
       WHERE statuscode <> 1 AND versionnumber > 0 GROUP BY statuscode""",
    """SELECT kobe_stage, count(*) FROM kobe_application
       WHERE statuscode <> 1 AND versionnumber > 0 GROUP BY kobe_stage""",
)


def dashboard(table: Table, installation: Installation) -> None:
    table.section("The dashboard: by week, category, status and stage, by the record service")
    with closing(sqlite3.connect(installation.folder / "uketsuke.db")) as bare:
        bare.executescript(SPREAD)
        usual = timed(lambda _: [bare.execute(one).fetchall() for one in BARE], range(TIMES))
    official = installation.official
    for name, caller in {"Global": official, "Local": _of_the_unit(official)}.items():
        found = timed(_shown_to(installation, caller), range(TIMES))
        aim = f"p99 < {AIM / 1000:.0f} s"
        reached = found.of(0.99) < AIM
        table.add(name, found.spread, f"bare SQL {usual.spread}", verdict(aim, reached=reached))


def _shown_to(installation: Installation, caller: Caller) -> Callable[[int], list[Totals]]:
    """All that the page asks of the service."""
    asked = _asked(installation)

    def show(service: RecordService) -> list[Totals]:
        return [service.tally(caller, one) for one in asked]

    return lambda _: installation.engine.run(show)


def _asked(installation: Installation) -> list[Tally]:
    catalog, today = installation.engine.catalog, utc_now().astimezone(LOCAL_ZONE).date()
    charts = charts_of(catalog, catalog.dashboards[DASHBOARD])
    return [tally_of(catalog, chart, today=today) for chart in charts]


def _of_the_unit(official: Caller) -> Caller:
    """A colleague who owns nothing, and reads what is the business unit's."""
    privileges = {(ENTITY, Privilege.READ): AccessLevel.LOCAL}
    return replace(
        official, id=new_id(), privileges=privileges, teams=frozenset(), team_reaches={}
    )
