"""What else an entry tells, in words: the names of its details, and their values where they are
names of ours. A value of a record is in none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext

from admin_views.audit import backup_words as backups
from admin_views.audit.names import attribute_name, entity_name, view_name
from admin_views.audit.reasons import reasons
from admin_views.disclosure import words as disclosure
from admin_views.extraction import words as extraction
from admin_views.extraction.showing import formats
from admin_views.incidents import words as incidents
from admin_views.incidents.law import KINDS, PROTECTED
from admin_views.language import language
from admin_views.papers import words as papers
from admin_views.people import words as people
from admin_views.publication import words as publication
from admin_views.retention import words as retention
from admin_views.reviews.deciding import DECISIONS
from admin_views.rooms import ROOMS, view_of
from models.security.labels import PRIVILEGES

ATTRIBUTES = {"columns", "personal"}
PRINCIPALS = {"principal", "requested_by", "asked_account", "handler", "handler_before"}
PRIVILEGE_NAMES = {"privilege", "rights"}
ROLES = {"role", "roles", "roles_before", "group_roles_before"}


@dataclass(frozen=True, slots=True)
class Teller:
    """Made once a page: the names of accounts and teams, of roles, and all words of its own."""

    principals: Mapping[UUID, str]
    roles: Mapping[str, str]
    names: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    """By the detail's name: what its values are called."""
    pages: Mapping[str, str]

    @classmethod
    def of(cls, principals: Mapping[UUID, str], roles: Mapping[str, str]) -> "Teller":
        return cls(principals, roles, detail_names(), _values(roles), _pages())

    def told(self, entity: str, details: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Each detail's name and value, by its name."""
        return tuple(
            (self.names.get(name, name), self._value(name, value, entity))
            for name, value in sorted(details.items())
        )

    def _value(self, name: str, value: Any, entity: str) -> str:
        if name == "records" and isinstance(value, list):
            return str(len(value))
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        parts = value if isinstance(value, list) else [value]
        return gettext(", ").join(self._part(name, str(part), entity) for part in parts)

    def _part(self, name: str, text: str, entity: str) -> str:
        if name in ATTRIBUTES:
            return attribute_name(entity, text)
        if name in PRINCIPALS:
            return self._principal(text)
        if name == "view":
            return view_name(text)
        if name == "what":
            return self._what(text)
        return self.values.get(name, {}).get(text, text)

    def _principal(self, text: str) -> str:
        try:
            return self.principals.get(UUID(text), text)
        except ValueError:
            return text

    def _what(self, text: str) -> str:
        """Of a refusal: `Create on an_entity`, or a page; whatever else as it is."""
        privilege, on, entity = text.partition(" on ")
        if on:
            named = self.values["privilege"].get(privilege, privilege)
            return f"{named} – {entity_name(entity)}"
        return self.pages.get(text.partition(".")[0], text) if "." in text else text


def _pages() -> dict[str, str]:
    """By what the names of their endpoints begin with."""
    named = {view_of(page.endpoint): str(page.name) for room in ROOMS for page in room.pages}
    return named | {"records": gettext("Records")}


def _values(roles: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    speaks = language()
    privileges = {str(one): label.text(speaks) for one, label in PRIVILEGES.items()}
    return {
        **dict.fromkeys(ROLES, roles),
        **dict.fromkeys(PRIVILEGE_NAMES, privileges),
        "decision": {name: label.text(speaks) for name, label in DECISIONS.items()},
        "format": formats(),
        "factor": {
            "password": gettext("Password"),
            "code": gettext("Code of the authenticator app"),
            "passkey": gettext("Passkey"),
            "provider": gettext("Single sign-on"),
        },
        "reason": reasons(),
        "key_kind": {"data": gettext("Of values"), "index": gettext("Of the blind index")},
        "kinds": {name: label.text(speaks) for name, label in KINDS.items()},
        "protected": {name: label.text(speaks) for name, label in PROTECTED.items()},
    }


def detail_names() -> dict[str, str]:
    return {
        **_of_records(),
        **_of_rights(),
        "solution": gettext("Solution"),
        "version": gettext("Version"),
        "metadata_version": gettext("Metadata version"),
        "factor": gettext("By means of"),
        "reason": gettext("Reason"),
        "month": gettext("Month"),
        "holds": gettext("Verified without faults"),
        **_of_answers(),
        **_of_keys(),
        **backups.details(),
        **disclosure.details(),
        **retention.details(),
        **people.details(),
        **extraction.details(),
        **publication.details(),
        **papers.details(),
        **incidents.details(),
    }


def _of_records() -> dict[str, str]:
    return {
        "found": gettext("Records found"),
        "records": gettext("Number of records"),
        "count": gettext("Number of records"),
        "what": gettext("What"),
        "columns": gettext("Columns"),
        "recipient": gettext("Recipient"),
        "view": gettext("View"),
        "encoding": gettext("Encoding"),
        "personal": gettext("Personal data among them"),
        "replaced": gettext("Characters replaced"),
        "sha256": gettext("SHA-256 of the file"),
        "relationship": gettext("Relationship"),
        "related": gettext("Related records"),
        "principal": gettext("Shared with"),
        "rights": gettext("Rights"),
    }


def _of_answers() -> dict[str, str]:
    """What became of the mails that were fetched."""
    return {
        "filed": gettext("Filed"),
        "known": gettext("Filed before"),
        "strange": gettext("Without a token"),
        "forged": gettext("With a token that is not ours"),
        "automatic": gettext("Written by a program"),
        "too_large": gettext("Too large"),
        "unreadable": gettext("Could not be read"),
        "gone": gettext("About a record that is gone"),
    }


def _of_keys() -> dict[str, str]:
    return {
        "keys": gettext("Number of keys"),
        "key_kind": gettext("Kind of keys"),
        "below_key": gettext("Keys with a number below"),
        "rows": gettext("Rows sealed anew"),
        "shares": gettext("Shares"),
        "threshold": gettext("Shares needed"),
        "share_set": gettext("Set of shares"),
    }


def _of_rights() -> dict[str, str]:
    return {
        "account": gettext("Account"),
        "privilege": gettext("Privilege"),
        "role": gettext("Role"),
        "roles": gettext("Roles"),
        "roles_before": gettext("Roles before"),
        "group_roles_before": gettext("Roles by group before"),
        "profiles": gettext("Field security profiles"),
        "profiles_before": gettext("Field security profiles before"),
        "teams": gettext("Teams"),
        "teams_before": gettext("Teams before"),
        "manager": gettext("Manager"),
        "manager_before": gettext("Manager before"),
        "group": gettext("Group"),
        "business_unit": gettext("Business unit"),
        "business_unit_before": gettext("Business unit before"),
    }
