"""An office with a chart of every kind beside Kobe's own, and applications of known days."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from models.metadata.attribute_types import LOCAL_ZONE
from packager.installing import install
from tests.admin_views.office import ENTITY, Office, build_office
from tests.packager.folders import copy_of_kobe, edit

STATE, KINDS = "kobe_support_state", "kobe_every_kind"
ALL = {"entity": ENTITY, "view": "kobe_application_all"}
CHARTS: dict[str, dict[str, Any]] = {
    "kobe_open": {"kind": "number", "entity": ENTITY, "view": "kobe_application_received"},
    "kobe_open_by_day": {"kind": "line", **ALL, "by": "createdon", "each": "day", "last": 14},
    "kobe_by_month": {**ALL, "by": "createdon", "each": "month", "stacked_by": "statuscode"},
    "kobe_by_both": {**ALL, "by": "statuscode", "stacked_by": "kobe_category"},
    "kobe_without_view": {"entity": ENTITY, "by": "statecode"},
    "kobe_hearings": {"entity": "kobe_hearing", "by": "kobe_means"},
}
LABELS = {"ja": "応募の状況（試験）", "en": "All kinds of charts"}


def build_charted(folder: Path, url: str = "") -> Office:
    office = build_office(folder, url)
    solution = copy_of_kobe(folder)
    edit(solution, "dashboards.yaml", _add_every_kind)
    install(office.engine.database, solution)
    return office


def _add_every_kind(content: Any) -> None:
    labelled = {name: {**stated, "display_name": name} for name, stated in CHARTS.items()}
    content["charts"].update(labelled)
    content["dashboards"][KINDS] = {"display_name": LABELS, "charts": list(CHARTS), "order": 1}


def apply_on(office: Office, moment: datetime, **values: object) -> None:
    """An application that was received then, by the clock of Japan."""
    record = office.apply(**values)
    table = office.engine.catalog.tables.entities[ENTITY]
    statement = update(table).where(table.c.id == record)
    received = statement.values(createdon=moment.replace(tzinfo=LOCAL_ZONE))
    office.engine.database.run(lambda transaction: transaction.write(received))


def fill(office: Office, count: int, *, today: datetime) -> None:
    """Over half a year, by chance."""
    chance = random.Random(6)
    for _ in range(count):
        days = min(chance.expovariate(1 / 60), 180)
        apply_on(
            office,
            today - timedelta(days=days),
            kobe_category=927000000 + min(int(chance.expovariate(0.4)), 11),
            statuscode=chance.choice([1, 2, 2, 3, 3, 4, 5]),
        )
