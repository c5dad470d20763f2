"""Who acts, as a frozen value: detached from session and request, remade on every request.

It knows nothing of how the person signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal
from uuid import UUID


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
    REVEAL = "Reveal"
    READ_AUDIT = "ReadAudit"
    MANAGE_USERS = "ManageUsers"
    CUSTOMIZE = "Customize"
    READ_JOBS = "ReadJobs"
    APPROVE_EXPORT = "ApproveExport"
    ERASE = "Erase"


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


NO_FIELD_RIGHTS = FieldRights()
ALL_FIELD_RIGHTS = FieldRights(read=True, unmasked=Unmasked.ALL_RECORDS, create=True, update=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A principal with everything needed to decide on an act of theirs.

    `kind` says through which door: a user of the back office, the public through one form, or
    the platform itself for a stated reason. The latter two are made by `public` and `system`.
    """

    id: UUID | None
    kind: Literal["user", "public", "system"]
    name: str
    """For the audit: an account's e-mail address, a form's name, or the reason."""
    business_unit: UUID | None = None
    units_below: frozenset[UUID] = frozenset()
    """The caller's business unit and all its children."""
    teams: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()
    privileges: Mapping[tuple[str, Privilege], AccessLevel] = field(default_factory=dict)
    miscellaneous: frozenset[Miscellaneous] = frozenset()
    field_rights: Mapping[tuple[str, str], FieldRights] = field(default_factory=dict)
    owner: UUID | None = None
    """Who owns what this caller creates, when that is not the caller itself."""
    allowed_attributes: frozenset[str] | None = None
    """For the public: the only attributes it may set, those of the form."""
    language: str = "ja"
    contractor: UUID | None = None
    """The contractor whose account this is; None for the office's own."""
    organization: str = ""
    """The contractor's name; "" for the office's own."""
    request_id: str = ""
    """Joins what the audit notes of one request with the server's log."""

    @classmethod
    def public(cls, *, form: str, entity: str, attributes: frozenset[str]) -> "Caller":
        """Anyone, through one public form: may create its entity, with its attributes only."""
        return cls(
            id=None,
            kind="public",
            name=f"form {form}",
            privileges={(entity, Privilege.CREATE): AccessLevel.GLOBAL},
            field_rights={(entity, name): FieldRights(create=True) for name in attributes},
            allowed_attributes=attributes,
        )

    @classmethod
    def system(cls, reason: str) -> "Caller":
        """The platform itself, for a reason that the audit keeps."""
        return cls(id=None, kind="system", name=reason)

    def level(self, entity: str, privilege: Privilege) -> AccessLevel:
        if self.kind == "system":
            return AccessLevel.GLOBAL
        return self.privileges.get((entity, privilege), AccessLevel.NONE)

    def may(self, privilege: Miscellaneous) -> bool:
        return self.kind == "system" or privilege in self.miscellaneous

    def rights(self, entity: str, attribute: str) -> FieldRights:
        """On a secured attribute; default none."""
        if self.kind == "system":
            return ALL_FIELD_RIGHTS
        return self.field_rights.get((entity, attribute), NO_FIELD_RIGHTS)
