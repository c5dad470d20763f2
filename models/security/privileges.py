"""The words of security: privileges, access levels, rights on secured attributes.

They know no principal and no record.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum


class Privilege(StrEnum):
    CREATE = "Create"
    READ = "Read"
    WRITE = "Write"
    DELETE = "Delete"
    APPEND = "Append"
    APPEND_TO = "AppendTo"
    ASSIGN = "Assign"
    SHARE = "Share"


class Miscellaneous(StrEnum):
    """Privileges that are not on one entity's records."""

    EXPORT = "Export"
    EXPORT_WITHOUT_APPROVAL = "ExportWithoutApproval"
    REVEAL = "Reveal"
    READ_AUDIT = "ReadAudit"
    MANAGE_USERS = "ManageUsers"
    CUSTOMIZE = "Customize"
    READ_JOBS = "ReadJobs"
    APPROVE_EXPORT = "ApproveExport"
    ERASE = "Erase"
    ACT_ON_BEHALF = "ActOnBehalf"
    REQUEST_PUBLICATION = "RequestPublication"
    APPROVE_PUBLICATION = "ApprovePublication"
    ANSWER_REQUESTS = "AnswerRequests"


class AccessLevel(IntEnum):
    NONE = 0
    BASIC = 1
    LOCAL = 2
    DEEP = 3
    GLOBAL = 4


class Unmasked(IntEnum):
    NO = 0
    ONE_RECORD = 1
    ALL_RECORDS = 3


@dataclass(frozen=True, slots=True)
class FieldRights:
    """What one caller may do with one secured attribute; the union of the profiles held."""

    read: bool = False
    unmasked: Unmasked = Unmasked.NO
    create: bool = False
    update: bool = False

    def __or__(self, other: "FieldRights") -> "FieldRights":
        return FieldRights(
            read=self.read or other.read,
            unmasked=max(self.unmasked, other.unmasked),
            create=self.create or other.create,
            update=self.update or other.update,
        )

    def __and__(self, other: "FieldRights") -> "FieldRights":
        return FieldRights(
            read=self.read and other.read,
            unmasked=min(self.unmasked, other.unmasked),
            create=self.create and other.create,
            update=self.update and other.update,
        )

    @property
    def without_purpose(self) -> "FieldRights":
        """As long as the person has not said what for: one record at a time, by asking for it."""
        return replace(self, unmasked=min(self.unmasked, Unmasked.ONE_RECORD))


NO_FIELD_RIGHTS = FieldRights()
ALL_FIELD_RIGHTS = FieldRights(read=True, unmasked=Unmasked.ALL_RECORDS, create=True, update=True)

HIERARCHICAL = {Privilege.READ, Privilege.WRITE, Privilege.APPEND, Privilege.APPEND_TO}
"""What a manager may do with a direct report's records; with those of others below, only read."""

SHAREABLE: dict[Privilege, int] = {
    Privilege.READ: 1,
    Privilege.WRITE: 2,
    Privilege.APPEND: 4,
    Privilege.APPEND_TO: 16,
    Privilege.DELETE: 0x10000,
    Privilege.SHARE: 0x40000,
    Privilege.ASSIGN: 0x80000,
}
"""The rights a single record is shared with, by their bits (CDS's AccessRights)."""
