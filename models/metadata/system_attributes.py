"""The attributes every entity has, as CDS names them. The platform sets them, not a caller.

An entity may call them otherwise (`system_labels`).
"""

from models.metadata.definitions import (
    AttributeDefinition,
    Option,
    OptionSet,
    Ownership,
)
from models.metadata.labels import Label

STATES = OptionSet(
    "statecode",
    (Option(0, Label("アクティブ", "Active")), Option(1, Label("非アクティブ", "Inactive"))),
)
_LABELS = {
    "createdon": Label("作成日時", "Created on"),
    "createdby": Label("作成者", "Created by"),
    "modifiedon": Label("更新日時", "Modified on"),
    "modifiedby": Label("更新者", "Modified by"),
    "ownerid": Label("所有者", "Owner"),
    "owningbusinessunit": Label("所有部署", "Owning business unit"),
    "statecode": Label("状態", "Status"),
    "statuscode": Label("対応状況", "Status reason"),
    "versionnumber": Label("版番号", "Version number"),
}


def system_attributes(
    entity_name: str, ownership: Ownership, status: OptionSet
) -> dict[str, AttributeDefinition]:
    """CDS's system attributes for an entity of that ownership."""
    made = [
        _attribute(f"{entity_name}id", "UniqueIdentifier", Label("識別子", "Identifier")),
        _attribute("createdon", "DateTime"),
        _attribute("createdby", "Owner"),
        _attribute("modifiedon", "DateTime"),
        _attribute("modifiedby", "Owner"),
        _attribute("statecode", "State", options=STATES),
        _attribute("statuscode", "Status", options=status, is_read_only=False),
        _attribute("versionnumber", "BigInt"),
    ]
    if ownership is Ownership.USER:
        made += [_attribute("ownerid", "Owner"), _attribute("owningbusinessunit", "Owner")]
    return {attribute.logical_name: attribute for attribute in made}


def _attribute(
    name: str,
    kind: str,
    label: Label | None = None,
    *,
    options: OptionSet | None = None,
    is_read_only: bool = True,
) -> AttributeDefinition:
    return AttributeDefinition(
        number=0,
        logical_name=name,
        schema_name=name,
        type=kind,
        display_name=label or _LABELS[name],
        options=options,
        is_system=True,
        is_read_only=is_read_only,
    )
