"""The pages of the audit as tests read them, and entries of other times."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from unittest.mock import patch

from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from tests.admin_views.desk import Desk
from tests.admin_views.office import ENTITY

LOG = "/admin/audit/"
CELL = re.compile(r'<td data-label="([^"]*)"[^>]*>(.*?)</td>', re.DOTALL)
WRONG = re.compile(r'<p class="problem" id="(\w+)-error">')
BATCH = 2000


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'class="type-integer">(\d+)<', page)]


def rows(page: str) -> list[dict[str, str]]:
    """The entries of a page as they are read."""
    return [
        {name: plain(text) for name, text in CELL.findall(one)}
        for one in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    ]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def wrong(page: str) -> list[str]:
    """The controls at which something is told to be wrong."""
    return WRONG.findall(page)


def narrowed(desk: Desk, **arguments: str) -> list[dict[str, str]]:
    page = desk.get(LOG, **arguments).text
    assert not wrong(page), arguments
    return rows(page)


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    """Whatever is noted is noted at that time."""
    with patch("models.records.auditing.utc_now", lambda: moment):
        yield


def note_many(
    engine: RecordEngine, caller: Caller, actions: list[str], *, entity: str = ""
) -> None:
    """An entry for each, as the service notes them, some thousand to a transaction."""
    for start in range(0, len(actions), BATCH):

        def work(service: RecordService, start: int = start) -> None:
            for action in actions[start : start + BATCH]:
                outcome = "refused" if action == "refusal" else "ok"
                service.audit(caller, action, entity=entity or ENTITY, outcome=outcome)

        engine.run(work)
