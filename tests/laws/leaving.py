"""Somebody who is to go: the records, all that was said in them, and the sealed copies of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from crypto.envelope import key_id_of
from models.tables.extracts import ExtractPiece
from models.tables.record_data import SystemJob
from tests.admin_views.office import ENTITY, Office
from tests.enquiries.asking import CALL, DONE, OUTGOING
from tests.laws.traces import traces_of


@dataclass
class Person:
    """Somebody of whom everything is to go: what they said, and what was written about them."""

    office: Office
    name: str
    said: dict[str, str] = field(default_factory=dict)
    """By attribute and number; no other text of the instance holds any of it."""
    records: list[tuple[str, UUID]] = field(default_factory=list)
    """The record, and what depends on it, by entity."""

    def texts(self, *attributes: str) -> dict[str, object]:
        made = {
            one: f"{self.name}の{len(self.said) + n}番の話" for n, one in enumerate(attributes)
        }
        self.said |= made
        return dict(made)

    def personal(self) -> dict[str, object]:
        number = 5000 + sum(map(ord, self.name))
        made = {"kobe_email": f"{self.name}@example.jp", "kobe_phone": f"090-5555-{number}"}
        return self._told(made)

    def _told(self, made: dict[str, str]) -> dict[str, object]:
        self.said |= {f"{name} {len(self.said)}": text for name, text in made.items()}
        return dict(made)

    def keep(self, entity: str, record: UUID) -> UUID:
        self.records.append((entity, record))
        return record

    def add(self, entity: str, **values: object) -> UUID:
        official, batch = self.office.caller("kobe_official"), [values]
        [record] = self.office.engine.run(lambda s: s.create_multiple(official, entity, batch))
        return self.keep(entity, record)

    def tell(self, entity: str, record: UUID) -> None:
        """A call that was noted down about it."""
        call = {"kobe_kind": CALL, "kobe_direction": OUTGOING, "kobe_regarding": record}
        written = self.texts("kobe_subject", "kobe_description")
        self.add(f"{entity}_activity", **call, **written, statuscode=DONE)

    def apply(self, make: Callable[..., UUID], **values: object) -> UUID:
        """An application with whatever one may write into it, and all that hangs on one."""
        given = self.texts("kobe_nickname", "kobe_body", "kobe_catchphrase")
        record = self.keep(ENTITY, make(**self.personal(), **given, **values))
        heard = self.texts("kobe_subject", "kobe_details", "kobe_wishes")
        self.add("kobe_hearing", kobe_application=record, **heard)
        self.tell(ENTITY, record)
        return record


Copies = list[tuple[str, int]]
"""Of sealed values what they are of, and the key that opens them."""


def copied(person: Person) -> Copies:
    """Every sealed value there is of somebody, as it may have been copied, and every file that
    lies ready to be fetched."""
    engine, ids = person.office.engine, [one for _, one in person.records]
    found: Copies = []
    with engine.database.reading() as connection:
        for name, record in person.records:
            table = engine.catalog.tables.entities[name]
            row = connection.execute(select(table).where(table.c.id == record)).mappings().one()
            names = [one.logical_name for one in engine.catalog.entity(name).sealed_attributes]
            found += [(f"{name}.{n}", key_id_of(row[n])) for n in names if row[n] is not None]
        payloads = select(SystemJob.payload).where(SystemJob.record_id.in_(ids))
        sealed = (one for one in connection.scalars(payloads) if one is not None)
        found += [("job", key_id_of(one)) for one in sealed]
        found += [("file", one) for one in connection.scalars(select(ExtractPiece.key_id))]
    return found


def left_of(person: Person, places: dict[str, bytes]) -> list[tuple[str, str, str]]:
    """Where anything that the person said still stands, however it is spelled."""
    return traces_of(person.said.values(), places)
