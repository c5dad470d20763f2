"""An extract through the pages: an official asks, a manager decides, the builder builds."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from exchange.extracts.building import build
from models.security.contracts import today
from models.tables.extracts import Extract
from tests.admin_views.desk import FORM, HIDDEN, Desk, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.identity.staff import age_proof

VIEW = f"{ENTITY}_received"
PAGE = "/admin/export/"
STATED: Mapping[str, Any] = {
    "view": VIEW,
    "columns": ["kobe_nickname", "kobe_email"],
    "purpose": "説明会の案内の送付",
    "recipient": "つなぐラボ 職員",
    "keep_until": (today() + timedelta(days=30)).isoformat(),
    "format": "csv",
}


def fill_in(desk: Desk, **changes: object) -> TestResponse:
    """The first page; its answer is the second."""
    return desk.post(PAGE, **{**STATED, **changes})


def ask(desk: Desk, **changes: object) -> UUID:
    """Both pages; the request's id."""
    sent = sent_on(fill_in(desk, **changes).text)
    answer = desk.post(f"{PAGE}request/", **sent)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def sent_on(page: str) -> dict[str, Any]:
    """What the second page sends on, as it stands in its form."""
    [form] = [one for one in FORM.findall(page) if "/request/" in one.split(">")[0]]
    sent: dict[str, Any] = {}
    for name, value in HIDDEN.findall(form):
        known = sent.setdefault(name, [])
        known.append(unescape(value))
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def place(extract_id: UUID, act: str = "") -> str:
    return f"/admin/extracts/{extract_id}/{act}{'/' if act else ''}"


def approve(office: Office, extract_id: UUID) -> TestResponse:
    manager = sit_down(office, "kobe_manager")
    return manager.post(place(extract_id, "approve"), proof=PASSWORD)


def ready(office: Office, **changes: object) -> UUID:
    """One that waits to be downloaded by the official."""
    extract_id = ask(sit_down(office, "kobe_official"), **changes)
    assert approve(office, extract_id).status_code == 303
    build(office.engine, extract_id)
    assert row(office, extract_id).state == "READY"
    return extract_id


def download(office: Office, extract_id: UUID, role: str = "kobe_official") -> TestResponse:
    return sit_down(office, role).post(place(extract_id, "download"), proof=PASSWORD)


def row(office: Office, extract_id: UUID) -> Any:
    statement = select(Extract.__table__).where(Extract.id == extract_id)
    with office.engine.database.reading() as connection:
        return connection.execute(statement).one()


def change(office: Office, extract_id: UUID, **values: object) -> None:
    statement = update(Extract).where(Extract.id == extract_id).values(**values)
    office.engine.database.run(lambda transaction: transaction.write(statement))


def age_proof_of(office: Office, role: str, *, minutes: int = 6) -> None:
    """As if the person had last shown who they are so long ago."""
    person: Any = SimpleNamespace(id=office.users[role])
    age_proof(office.engine, person, by=timedelta(minutes=minutes))


def cell(page: str, label: str) -> str:
    """What stands beside a label on an extract's page, without markup."""
    found = re.search(rf"<dt>{re.escape(label)}</dt><dd>(.*?)</dd>", page, re.DOTALL)
    assert found is not None, label
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(found[1])).split())
