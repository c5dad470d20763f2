"""Business units, roles and field security profiles from what was stated, as frozen values.

Which entities and attributes there are is asked when they are installed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from models.metadata.attribute_types.texts import PLAIN_ADDRESS
from models.metadata.errors import DefinitionError
from models.metadata.labels import Label
from models.metadata.parsing.stated import Stated
from models.security.privileges import AccessLevel, Miscellaneous, Privilege, Unmasked

UNMASKED = {"no": Unmasked.NO, "one": Unmasked.ONE_RECORD, "all": Unmasked.ALL_RECORDS}
LEVELS = {level.name.lower(): level for level in AccessLevel}
PRIVILEGES = {privilege.value: privilege for privilege in Privilege}
MISCELLANEOUS = {privilege.value: privilege for privilege in Miscellaneous}
LONGEST_NAME = 100
Meaning = TypeVar("Meaning", bound=Enum)


@dataclass(frozen=True, slots=True)
class StatedUnit:
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPermission:
    """What holders of a profile may do with one secured attribute."""

    entity: str
    attribute: str
    can_read: bool
    unmasked: Unmasked
    can_create: bool
    can_update: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRole:
    name: str
    display_name: Label
    privileges: Mapping[tuple[str, Privilege], AccessLevel]
    miscellaneous: tuple[Miscellaneous, ...]
    profiles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    email: str
    name: str
    role: str
    business_unit: str
    second_factor: bool
    """Whether it is made with a TOTP secret, which is printed with its password."""
    contractor: str = ""
    """Whose account it is; the office's own, if nobody's."""


@dataclass(frozen=True, slots=True)
class Rights:
    units: tuple[StatedUnit, ...]
    roles: tuple[StatedRole, ...]
    profiles: Mapping[str, tuple[StatedPermission, ...]]
    demo_accounts: tuple[DemoAccount, ...]


def read_rights(units: Iterable[Stated], stated: Stated) -> Rights:
    """`units` of solution.yaml; `stated` is roles.yaml."""
    rights = Rights(
        tuple(_unit(part) for part in units),
        tuple(_role(name, part) for name, part in stated.members("roles", called="role")),
        {
            _name(name, part.where): tuple(_permissions(part))
            for name, part in stated.members("field_security_profiles", called="profile")
        },
        tuple(_account(part) for part in stated.items("demo_accounts")),
    )
    stated.finish()
    _check_names(rights)
    return rights


def _unit(stated: Stated) -> StatedUnit:
    unit = StatedUnit(_name(stated.text("name"), stated.where), stated.text("parent", ""))
    stated.finish()
    return unit


def _role(name: str, stated: Stated) -> StatedRole:
    privileges = {
        (entity, _meant(PRIVILEGES, key, part.where)): _meant(LEVELS, part.text(key), part.where)
        for entity, part in stated.members("entities")
        for key in part.mapping
    }
    role = StatedRole(
        name=_name(name, stated.where),
        display_name=stated.label("display_name", name),
        privileges=privileges,
        miscellaneous=tuple(
            _meant(MISCELLANEOUS, one, stated.where) for one in stated.texts("miscellaneous")
        ),
        profiles=stated.texts("fields"),
    )
    stated.finish()
    for text in (role.display_name.ja, role.display_name.en):
        if text:
            _name(text, stated.where)
    return role


def _permissions(stated: Stated) -> Iterator[StatedPermission]:
    for entity in stated.mapping:
        for attribute, part in stated.members(entity, called=f"{stated.where} › {entity} ›"):
            yield StatedPermission(
                entity=entity,
                attribute=attribute,
                can_read=part.flag("read", default=False),
                unmasked=_meant(UNMASKED, part.text("unmasked", "no"), part.where),
                can_create=part.flag("create", default=False),
                can_update=part.flag("update", default=False),
            )
            part.finish()


def _account(stated: Stated) -> DemoAccount:
    account = DemoAccount(
        email=stated.text("email"),
        name=stated.text("name"),
        role=stated.text("role"),
        business_unit=stated.text("business_unit"),
        second_factor=stated.flag("second_factor", default=False),
        contractor=_name(stated.text("contractor", ""), stated.where),
    )
    stated.finish()
    if not PLAIN_ADDRESS.fullmatch(account.email):
        message = f"{account.email!r} is no e-mail address"
        raise DefinitionError(message, where=stated.where, key="email")
    return account


def _meant(words: Mapping[str, Meaning], word: str, where: str) -> Meaning:
    if word not in words:
        raise DefinitionError(f"{word!r} is none of {', '.join(words)}", where=where)
    return words[word]


def _name(name: str, where: str) -> str:
    if len(name) > LONGEST_NAME:
        raise DefinitionError(f"a name has {LONGEST_NAME} characters at most", where=where)
    return name


def _check_names(rights: Rights) -> None:
    """What a role or an account names must be there."""
    names = [unit.name for unit in rights.units]
    for position, unit in enumerate(rights.units):
        if unit.name in names[:position]:
            raise DefinitionError(f"unit {unit.name!r} stands twice", where="solution.yaml")
    roles = {role.name for role in rights.roles}
    for role in rights.roles:
        for profile in role.profiles:
            if profile not in rights.profiles:
                message = f"there is no profile {profile!r}"
                raise DefinitionError(message, where=f"role {role.name}")
    for account in rights.demo_accounts:
        if account.role not in roles:
            message = f"there is no role {account.role!r}"
            raise DefinitionError(message, where=f"roles.yaml › {account.email}")
