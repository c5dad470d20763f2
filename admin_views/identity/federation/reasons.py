"""Why somebody who comes from the identity provider is not let in. The words of each are in
`wording`; the audit keeps the reason's own name."""

from enum import StrEnum


class Reason(StrEnum):
    UNREACHABLE = "unreachable"
    """The provider does not answer, or not as OpenID Connect has it."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Begun too long ago, in another browser, or ended already."""
    INVALID = "invalid"
    """What the provider, or somebody in its name, says is not proven."""
    NO_GROUP = "no_group"
    GROUPS_ELSEWHERE = "groups_elsewhere"
    """The provider only says where to ask for so many groups."""
    SEVERAL_UNITS = "several_units"
    OTHER_UNIT = "other_unit"
    """Roles held by hand would reach other records in the groups' business unit."""
    NOT_UNDER_CONTRACT = "not_under_contract"
    """The groups give a contractor's account what none may have."""
    ADDRESS_TAKEN = "address_taken"
    INACTIVE = "inactive"
    NOT_FRESH = "not_fresh"
    OTHER_PERSON = "other_person"
    LINKED = "linked"


class Refused(Exception):
    """The conversation with the provider ends here; who asked is told why on a page."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
