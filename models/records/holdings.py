"""Everything that is held on one person, found by their exact mail address and telephone number
in whatever entity has such attributes, as far as the caller may read it.

Who finds it is noted as any search and any reveal is. It knows no page and no file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.query import LARGEST_PAGE, Condition, Filter, Operator, Query
from models.metadata.relationships import DeleteBehaviour
from models.records.service import RecordService
from models.records.store import chunks
from models.security import column_security
from models.security.caller import Caller
from models.security.masking import Masked
from models.security.privileges import Miscellaneous, Privilege, Unmasked

LOOKING = Caller.system("looking for what depends on a person's records")
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """One record of the person; each value as it is, or masked where the caller sees no more of
    it."""

    entity: EntityDefinition
    id: UUID
    values: tuple[tuple[AttributeDefinition, object], ...]


@dataclass(frozen=True, slots=True)
class Found:
    entity: EntityDefinition
    ids: tuple[UUID, ...]


def find(service: RecordService, caller: Caller, *, email: str, phone: str) -> list[Found]:
    """By entity the records that hold one of the two. What a value cannot be is held nowhere."""
    wanted = {"Email": email, "Phone": phone}
    found = []
    for entity in service.catalog.entities.values():
        parts = [
            Condition(one.logical_name, Operator.EQUAL, wanted[one.format])
            for one in entity.attributes.values()
            if wanted.get(one.format) and _is_found_by(caller, entity, one)
        ]
        if not parts or not caller.has(entity.logical_name, Privilege.READ):
            continue
        query = Query(
            entity=entity.logical_name,
            columns=("versionnumber",),
            filter=Filter(tuple(parts), "or"),
            page_size=LARGEST_PAGE,
        )
        ids = tuple(_ids(service, caller, query))
        if ids:
            found.append(Found(entity, ids))
    return found


def batches(found: Iterable[Found], size: int) -> Iterator[Found]:
    """The same in pieces of so many records."""
    for one in found:
        yield from (Found(one.entity, tuple(ids)) for ids in chunks(one.ids, size))


def with_dependants(service: RecordService, found: Iterable[Found]) -> list[Found]:
    """Besides, whatever would go with the records if they were deleted, as the activities of an
    enquiry: it tells of the same person. The platform asks: whoever may see it, it is there."""
    open_, seen, all_ = list(found), set[UUID](), []
    while open_:
        one = open_.pop()
        ids = tuple(found for found in one.ids if found not in seen)
        if ids:
            seen.update(ids)
            all_.append(Found(one.entity, ids))
            open_ += _depending(service, one.entity, ids)
    return all_


def _depending(
    service: RecordService, entity: EntityDefinition, ids: Sequence[UUID]
) -> Iterator[Found]:
    for relationship in service.catalog.references_to(entity.logical_name):
        if relationship.on_delete is DeleteBehaviour.CASCADE:
            for some in chunks(ids, AT_ONCE):
                points = Condition(relationship.lookup, Operator.IN, tuple(some))
                query = Query(
                    entity=relationship.referencing,
                    columns=("versionnumber",),
                    filter=Filter((points,)),
                    page_size=LARGEST_PAGE,
                )
                entity = service.catalog.entity(relationship.referencing)
                yield Found(entity, tuple(_ids(service, LOOKING, query)))


def _ids(service: RecordService, caller: Caller, query: Query) -> Iterator[UUID]:
    """Of all pages."""
    after: str | None = None
    while True:
        page = service.retrieve_multiple(caller, replace(query, after=after))
        yield from (one for record in page.records if isinstance(one := record["id"], UUID))
        after = page.next
        if after is None:
            return


def read(
    service: RecordService, caller: Caller, found: Iterable[Found], *, purpose: str
) -> Iterator[Held]:
    """All of them, unmasked where the caller may see single values so; noted with the purpose.
    Raises AccessDenied, ValidationFailed (no purpose)."""
    reading = _Reading(service, caller.for_purpose(purpose), purpose)
    for one in found:
        yield from reading.of(one)


@dataclass(frozen=True, slots=True)
class _Reading:
    service: RecordService
    caller: Caller
    purpose: str

    def of(self, found: Found) -> Iterator[Held]:
        query = Query(entity=found.entity.logical_name, ids=found.ids, page_size=len(found.ids))
        for record in self.service.retrieve_multiple(self.caller, query).records:
            record_id = record["id"]
            if isinstance(record_id, UUID):
                values = tuple(
                    (attribute, self._value(found.entity, record_id, attribute, record))
                    for attribute in found.entity.attributes.values()
                    if attribute.logical_name in record
                )
                yield Held(found.entity, record_id, values)

    def _value(
        self,
        entity: EntityDefinition,
        record_id: UUID,
        attribute: AttributeDefinition,
        record: dict[str, object],
    ) -> object:
        name = attribute.logical_name
        if not isinstance(record[name], Masked) or not self._may_reveal(entity, attribute):
            return record[name]
        return self.service.reveal(
            self.caller, entity.logical_name, record_id, name, purpose=self.purpose
        )

    def _may_reveal(self, entity: EntityDefinition, attribute: AttributeDefinition) -> bool:
        rights = column_security.rights(self.caller, entity, attribute)
        is_shown = rights.unmasked >= Unmasked.ONE_RECORD
        return is_shown and self.caller.may(Miscellaneous.REVEAL)


def _is_found_by(caller: Caller, entity: EntityDefinition, one: AttributeDefinition) -> bool:
    return bool(one.index or not one.sealed) and column_security.can_search(caller, entity, one)
