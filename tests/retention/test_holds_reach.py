"""A hold keeps what belongs to the record as well: no person and no rule ends it one by one."""

from uuid import UUID

import pytest

from admin_views.retention import deciding
from models.metadata.errors import ValidationFailed
from models.records.changes import Change, Deletion
from models.records.erasing import due
from models.records.matching.merging import Merging, merge
from models.security.contracts import today
from tests.admin_views.office import ENTITY, Office
from tests.retention.ending import there

HEARING, PROJECT, ACTIVITY = "kobe_hearing", "kobe_project", "kobe_project_activity"
RULE = "kobe_project_activities_kept"


def hold(office: Office, entity: str, record: UUID) -> None:
    caller = office.caller("kobe_manager")
    wanted = deciding.Hold(entity=entity, record_id=record, reason="訴訟")
    office.engine.run(lambda service: deciding.hold(service, caller, wanted))


def made(office: Office, entity: str, **values: object) -> UUID:
    caller = office.caller("kobe_operator")
    return office.engine.run(lambda s: s.create_multiple(caller, entity, [values]))[0]


def delete(office: Office, entity: str, record: UUID) -> None:
    caller = office.caller("kobe_official")
    office.engine.run(lambda s: s.delete_multiple(caller, entity, [Deletion(record)]))


def test_what_belongs_to_it_is_not_deleted(office: Office) -> None:
    record, other = office.apply(), office.apply()
    heard = made(office, HEARING, kobe_subject="初回", kobe_application=record)
    elsewhere = made(office, HEARING, kobe_subject="初回", kobe_application=other)
    hold(office, ENTITY, record)
    with pytest.raises(ValidationFailed, match="on hold"):
        delete(office, HEARING, heard)
    delete(office, HEARING, elsewhere)
    assert heard in there(office, HEARING)
    assert elsewhere not in there(office, HEARING)


def test_nor_taken_away_from_it(office: Office) -> None:
    record, other = office.apply(), office.apply()
    heard = made(office, HEARING, kobe_subject="初回", kobe_application=record)
    hold(office, ENTITY, record)
    moved = [Change(heard, {"kobe_application": other})]
    official = office.caller("kobe_official")
    with pytest.raises(ValidationFailed, match="on hold"):
        office.engine.run(lambda s: s.update_multiple(official, HEARING, moved))
    said = [Change(heard, {"kobe_subject": "2回目", "kobe_application": record})]
    office.engine.run(lambda s: s.update_multiple(official, HEARING, said))


def test_nor_merged_into_another(office: Office) -> None:
    held, other = office.apply(), office.apply()
    hold(office, ENTITY, held)
    official = office.caller("kobe_official")
    for master, gone in ((held, other), (other, held)):
        wanted = Merging(master=master, other=gone)
        with pytest.raises(ValidationFailed, match="on hold"):
            office.engine.run(lambda s, wanted=wanted: merge(s, official, ENTITY, wanted))


def test_a_rule_leaves_it(office: Office) -> None:
    stated = {"kobe_projectname": "企画", "kobe_category": 927000000, "kobe_area": 927000101}
    project, other = (made(office, PROJECT, **stated) for _ in range(2))
    note = {"kobe_kind": 1, "kobe_subject": "経過"}
    kept, gone = (made(office, ACTIVITY, kobe_regarding=one, **note) for one in (project, other))
    hold(office, PROJECT, project)
    rule = office.engine.catalog.retention_rules[RULE]
    on = today().replace(year=today().year + 7)
    found = office.engine.run(lambda s: due.due_ids(s, rule, on=on))
    assert gone in found
    assert kept not in found
    standing = office.engine.run(lambda s: due.standing(s, rule, on=on))
    assert (standing.due, standing.held) == (len(found), 1)
