"""What an applicant did, noted among the record's activities where it keeps any: which attributes,
never a value. It is in the office's language."""

from dataclasses import replace

from forms.applicants.register import Asked
from models.metadata.activities import DONE, INCOMING, NOTE, activity_attribute
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security.caller import Caller
from models.tables.applicants import ADDRESS, CORRECTION, ERASURE, WITHDRAWAL

NOTER = Caller.system("noting what an applicant did")
SUBJECTS = {
    CORRECTION: Label("本人による訂正", "Corrected by the applicant"),
    ADDRESS: Label("本人によるメールアドレスの変更", "Address changed by the applicant"),
    WITHDRAWAL: Label("本人による取下げ", "Withdrawn by the applicant"),
    ERASURE: Label("本人からの消去の依頼", "Erasure asked for by the applicant"),
}


def note(service: RecordService, entity: EntityDefinition, row: StoredRow, asked: Asked) -> None:
    """Owned by whoever owns the record: it is seen by those who see that."""
    name = entity.activity_entity
    if not name:
        return
    called = "、".join(entity.attributes[one].display_name.text("ja") for one in asked.attributes)
    kept = {
        "regarding": row.id,
        "kind": NOTE,
        "direction": INCOMING,
        "subject": SUBJECTS[asked.kind].text("ja") + (f"：{called}" if called else ""),
        "description": asked.statement or None,
    }
    kept["subject"] = str(kept["subject"])[:200]
    values = {activity_attribute(entity.logical_name, part): one for part, one in kept.items()}
    noter = replace(
        NOTER, owner=row.values.get("ownerid"), business_unit=row.values.get("owningbusinessunit")
    )
    service.create_multiple(noter, name, [values | {"statuscode": DONE}])
