"""Does the contract allow what this record belongs to? Nothing where it belongs to nothing that
the contract limits.

Which these are `models/security/parents.py` says; this walks from the record up to them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.reading import read_page
from models.records.why.asking import Subject
from models.security import parents
from models.security.caller import Caller
from models.security.findings import Finding, Section
from models.security.parents import Parent

LOOKING = Caller.system("explaining access")
Step = tuple[Label, list[Label]]
"""A lookup, and the attributes by which the contract keeps what it points to from the caller."""


def sections(subject: Subject, entity: EntityDefinition, record_id: UUID) -> Iterator[Section]:
    limiting = parents.limiting(subject.unit.catalog, subject.caller, entity)
    steps = list(_walked(subject, entity, record_id, above=limiting))
    if not steps:
        return
    findings, outside = [], [label for _, labels in steps for label in labels]
    for lookup, labels in steps:
        code = "parent_outside_options" if labels else "parent_within_options"
        findings.append(Finding(code, {"lookup": lookup, "attributes": _joined(labels)}))
    if outside:
        told = {"name": subject.caller.organization, "attributes": _joined(outside)}
        findings.append(Finding("contract_parent_needed", told))
    yield Section.of("contract_parent", allowed=not outside, findings=findings)


def _walked(
    subject: Subject, entity: EntityDefinition, record_id: UUID, *, above: tuple[Parent, ...]
) -> Iterator[Step]:
    if not above:
        return
    pointing = _values(subject, entity, record_id, [one.lookup for one in above])
    for one in above:
        target = pointing[one.lookup]
        if not isinstance(target, UUID):
            continue
        known = [name for name in one.limits if name in one.entity.attributes]
        values = _values(subject, one.entity, target, known)
        outside = [name for name, allowed in one.limits.items() if values.get(name) not in allowed]
        label = entity.attributes[one.lookup].display_name
        yield label, [_label(one.entity, name) for name in outside]
        yield from _walked(subject, one.entity, target, above=one.parents)


def _values(
    subject: Subject, entity: EntityDefinition, record_id: UUID, names: Iterable[str]
) -> Mapping[str, Any]:
    columns = tuple(names) or (entity.primary_id,)
    query = Query(entity=entity.logical_name, columns=columns, ids=(record_id,))
    [record] = read_page(subject.unit, LOOKING, query).records
    return record


def _label(entity: EntityDefinition, name: str) -> Label:
    attribute = entity.attributes.get(name)
    return attribute.display_name if attribute else Label(name)


def _joined(labels: Iterable[Label]) -> Label:
    ja, en = ([label.text(one) for label in labels] for one in ("ja", "en"))
    return Label("・".join(dict.fromkeys(ja)), ", ".join(dict.fromkeys(en)))
