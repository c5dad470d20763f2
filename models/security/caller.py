"""Who acts, as a frozen value: detached from session and request, remade on every request.

It knows nothing of how the person signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from models.security.privileges import (
    ALL_FIELD_RIGHTS,
    HIERARCHICAL,
    NO_FIELD_RIGHTS,
    AccessLevel,
    FieldRights,
    Miscellaneous,
    Privilege,
    Unmasked,
)
from models.security.reach import EVERYTHING, NOTHING, Reach, reach_of

EVERYONE = UUID(int=0)
"""The principal that every user counts as, for sharing with all."""
Scope = Mapping[str, Mapping[str, frozenset[int]]]
"""Entities a contract allows, each with the option values that its records must have; a public
view's one entity likewise."""


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """The one record that an applicant reaches."""

    id: UUID
    when: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By attribute the options of which it must have one for the applicant to change it."""
    settable: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By attribute the only options that the applicant may give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A principal with everything needed to decide on an act of theirs.

    `kind` says through which door: a user of the back office, the public through one form or one
    view, an applicant by the link in a mail, or the platform itself for a stated reason. All but
    users are made by `public`, `public_view`, `applicant` and `system`.
    """

    id: UUID | None
    kind: Literal["user", "public", "applicant", "system"]
    name: str
    """For the audit: an account's e-mail address, a form's name, or the reason."""
    business_unit: UUID | None = None
    units_below: frozenset[UUID] = frozenset()
    """The caller's business unit and all its children."""
    teams: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()
    privileges: Mapping[tuple[str, Privilege], AccessLevel] = field(default_factory=dict)
    """By the roles the caller holds itself."""
    team_reaches: Mapping[tuple[str, Privilege], Reach] = field(default_factory=dict)
    """By the roles of teams: reckoned from the team and the team's own business unit."""
    direct_reports: frozenset[UUID] = frozenset()
    """Users whose manager the caller is, and their teams; none without a manager hierarchy."""
    further_reports: frozenset[UUID] = frozenset()
    """Those below them, down to the organization's depth."""
    shared_entities: frozenset[str] = frozenset()
    """Entities of which single records are shared with the caller."""
    scope: Scope | None = None
    """What the contract, or the public view, allows; None for the office's own."""
    until: Mapping[str, str] = field(default_factory=dict)
    """Of a public view: by entity the DateTime that must not be past in what it reaches."""
    networks: tuple[str, ...] = ()
    """The networks (CIDR) from which the caller is answered; none stated: from anywhere."""
    purpose: str = ""
    """What a person said that they use the data for. Until then nothing that is secured is shown
    to them unmasked but one record at a time; all they do from then on is noted with it."""
    closed: Literal["", "pledge", "training"] = ""
    """Why personal data stays closed to this caller: no pledge given, or trained too long ago."""
    supporter: "Caller | None" = None
    """The administrator who acts as this caller: nothing is allowed but what both may do."""
    miscellaneous: frozenset[Miscellaneous] = frozenset()
    withheld: frozenset[Miscellaneous] = frozenset()
    """What the roles would grant, and the contract does not let a contractor's account do."""
    field_rights: Mapping[tuple[str, str], FieldRights] = field(default_factory=dict)
    kept_from: frozenset[UUID] = frozenset()
    """Records whose use is suspended, and whose request somebody else handles."""
    owner: UUID | None = None
    """Who owns what this caller creates, when that is not the caller itself."""
    allowed_attributes: frozenset[str] | None = None
    """For the public and applicants: the only attributes there are for them, those of the form or
    the view."""
    own: OwnRecord | None = None
    """The applicant's record; None for everybody else."""
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
    def public_view(
        cls,
        *,
        view: str,
        entity: str,
        attributes: frozenset[str],
        records: Mapping[str, frozenset[int]],
        until: str = "",
    ) -> "Caller":
        """Anyone, through one public view: may read these attributes of the records that have
        one of the options stated for each of `records`, and whose `until`, if one is named, is
        not past; nothing else of anything."""
        return cls(
            id=None,
            kind="public",
            name=f"public view {view}",
            privileges={(entity, Privilege.READ): AccessLevel.GLOBAL},
            scope={entity: records},
            until={entity: until} if until else {},
            allowed_attributes=attributes,
        )

    @classmethod
    def applicant(
        cls,
        *,
        form: str,
        entity: str,
        own: OwnRecord,
        reads: frozenset[str] = frozenset(),
        writes: frozenset[str] = frozenset(),
    ) -> "Caller":
        """Who applied by that form, let in by the link in a mail: may read these attributes of the
        one record in clear, and change those; none of any other record."""
        rights = {
            (entity, name): FieldRights(
                read=name in reads,
                unmasked=Unmasked.ALL_RECORDS if name in reads else Unmasked.NO,
                update=name in writes,
            )
            for name in reads | writes
        }
        may = (Privilege.READ, Privilege.WRITE) if writes else (Privilege.READ,)
        return cls(
            id=None,
            kind="applicant",
            name=f"form {form}",
            privileges={(entity, privilege): AccessLevel.GLOBAL for privilege in may},
            field_rights=rights,
            allowed_attributes=reads | writes,
            own=own,
        )

    @classmethod
    def system(cls, reason: str) -> "Caller":
        """The platform itself, for a reason that the audit keeps."""
        return cls(id=None, kind="system", name=reason)

    @property
    def acting(self) -> "tuple[Caller, ...]":
        """All whose rights must suffice: the caller, and who acts as the caller."""
        return (self,) if self.supporter is None else (self, self.supporter)

    @property
    def is_closed(self) -> bool:
        """Whether personal data stays closed, whatever was granted."""
        return any(one.closed for one in self.acting)

    @property
    def principals(self) -> frozenset[UUID]:
        """The user and the teams it is a member of: whose records are its own."""
        return self.teams | ({self.id} if self.id else frozenset())

    def has(self, entity: str, privilege: Privilege) -> bool:
        """Whether the privilege reaches any record at all."""
        return all(one.reach(entity, privilege) for one in self.acting)

    def reach(self, entity: str, privilege: Privilege) -> Reach:
        """By roles, teams and reports; without what is shared, and without the supporter."""
        found = self.reach_by_roles(entity, privilege)
        return found | Reach(owners=self.reports(privilege)) if found else NOTHING

    def reach_by_roles(self, entity: str, privilege: Privilege) -> Reach:
        """The caller's own roles and those of teams, as far as the contract allows the entity."""
        if self.kind == "system":
            return EVERYTHING
        if self.scope is not None and entity not in self.scope:
            return NOTHING
        key = (entity, privilege)
        own = self._own(self.privileges.get(key, AccessLevel.NONE))
        return own | self.team_reaches.get(key, NOTHING)

    def reports(self, privilege: Privilege) -> frozenset[UUID]:
        """Principals whose records the caller reaches as a manager."""
        found = self.direct_reports if privilege in HIERARCHICAL else frozenset()
        return found | self.further_reports if privilege is Privilege.READ else found

    def receivers(self, privilege: Privilege) -> frozenset[UUID]:
        """Principals such that what is shared with them is shared with the caller."""
        return self.principals | self.reports(privilege) | {EVERYONE}

    def may(self, privilege: Miscellaneous) -> bool:
        return all(one.kind == "system" or privilege in one.miscellaneous for one in self.acting)

    def for_purpose(self, purpose: str) -> "Caller":
        """The same, who said what for; "" for nothing said."""
        return replace(self, purpose=purpose)

    @property
    def is_asked_for_purpose(self) -> bool:
        """Whether anything is shown in every record once a purpose is stated."""
        return any(self.granted(*of).unmasked is Unmasked.ALL_RECORDS for of in self.field_rights)

    def rights(self, entity: str, attribute: str) -> FieldRights:
        """On a secured attribute, as they stand now; default none."""
        held = self.granted(entity, attribute)
        return held.without_purpose if self.kind == "user" and not self.purpose else held

    def granted(self, entity: str, attribute: str) -> FieldRights:
        """What profiles grant on a secured attribute, once a purpose is stated."""
        if self.kind == "system":
            return ALL_FIELD_RIGHTS
        held = self.field_rights.get((entity, attribute), NO_FIELD_RIGHTS)
        return held & self.supporter.granted(entity, attribute) if self.supporter else held

    def _own(self, level: AccessLevel) -> Reach:
        return reach_of(
            level, owners=self.principals, unit=self.business_unit, below=self.units_below
        )
