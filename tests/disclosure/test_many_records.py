"""Many records of one address: what is not shown is told, the file has all of it, and nobody waits
for the writing while it is read."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from admin_views.disclosure import gathering
from models.metadata.query import Query
from models.security.principals import public_caller
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office, application
from tests.disclosure.asking import PAGE, entered
from tests.laws.statements import counted

MAIL, COUNT, LISTS = "daihyo@example.jp", gathering.MOST_RECORDS + 10, gathering.MOST_ENTRIES + 5


@pytest.fixture(scope="module")
def request_id(office: Office) -> str:
    """Of a person whose records were read in more lists than the page shows."""
    with office.engine.database.snapshot() as connection:
        public = public_caller(connection, office.engine.catalog.forms[ENTITY])
    batch = [application(kobe_email=MAIL) for _ in range(COUNT)]
    office.engine.run(lambda service: service.create_multiple(public, ENTITY, batch))
    caller = office.caller("kobe_official")
    query = Query(entity=ENTITY, columns=("kobe_email",), page_size=500)
    for _ in range(LISTS):
        office.engine.run(lambda service: service.retrieve_multiple(caller, query))
    official = sit_down(office, "kobe_official")
    request = str(entered(official, email=MAIL))
    official.post(f"{PAGE}identify/", id=request, how="運転免許証")
    return request


@contextmanager
def read_while_writing() -> Iterator[list[str]]:
    """What SQLite reads of records and of the log while it holds the one write lock."""
    inside, seen = set[int](), list[str]()

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            inside.add(id(connection))
        is_read = f"FROM {ENTITY}" in statement or "FROM audit_listed" in statement
        if is_read and id(connection) in inside:
            seen.append(statement)

    def committed(connection: Any) -> None:
        inside.discard(id(connection))

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "commit", committed)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        event.remove(Engine, "commit", committed)


def test_the_page_tells_what_it_does_not_show(official: Desk, request_id: str) -> None:
    with counted() as statements, read_while_writing() as waiting:
        page = official.post(f"{PAGE}held/", id=request_id).text
    assert f"{COUNT} records are held. This page shows {gathering.MOST_RECORDS} of them" in page
    assert page.count('<h2 id="record-') == gathering.MOST_RECORDS
    assert "older entries of the log are in the CSV file." in page
    assert waiting == []
    of_the_log = [one for one in statements if "audit_listed" in one and "SELECT" in one]
    assert len(of_the_log) == 1


def test_the_file_has_all_of_it(official: Desk, request_id: str) -> None:
    offered = official.get(f"{PAGE}request/", id=request_id).text
    assert 'value="csv"' in offered
    assert 'value="xlsx"' not in offered
    assert official.post(f"{PAGE}held/", id=request_id, format="xlsx").status_code == 404
    with read_while_writing() as waiting:
        sent = official.post(f"{PAGE}held/", id=request_id, format="csv").get_data()
    assert waiting == []
    [_, *lines] = csv.reader(io.StringIO(sent.decode("utf-8-sig")))
    assert len({line[0] for line in lines}) == COUNT + 1  # and the request itself
    [first, *_] = lines
    entries = [line for line in lines if line[0] == first[0] and line[-1]]
    assert len(entries) > LISTS
