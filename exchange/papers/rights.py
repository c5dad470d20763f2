"""Which roles may do what with records and with their secured attributes, as papers tell it.

It tells of roles, never of persons; shares of single records are not in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label
from models.security.granting import MISCELLANEOUS_ENTITY
from models.security.labels import LEVELS, UNMASKED
from models.security.privileges import (
    AccessLevel,
    FieldRights,
    Miscellaneous,
    Privilege,
    Unmasked,
)
from models.tables.principals import FieldPermission, ProfileMember, Role, RolePrivilege

NO_RIGHTS = FieldRights()
Granted = Mapping[tuple[str, str], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Rights:
    roles: Mapping[str, Label]
    """By name: what they are called."""
    granted: Granted
    """By entity ("" for none) and privilege: the level of each role."""
    fields: Mapping[tuple[str, str], Mapping[str, FieldRights]]
    """By entity and attribute: what each role may."""

    @classmethod
    def read(cls, connection: Connection) -> "Rights":
        roles = {
            row.name: Label(row.display_name_ja or row.name, row.display_name_en)
            for row in connection.execute(select(Role.__table__).order_by(Role.name))
        }
        granted: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        held = select(Role.name, RolePrivilege.__table__).join(
            RolePrivilege, RolePrivilege.role_id == Role.id
        )
        for row in connection.execute(held.where(RolePrivilege.access_level > 0)):
            granted[row.entity, row.privilege][row.name] = row.access_level
        return cls(roles, granted, _fields(connection))

    def with_privilege(
        self, privilege: Privilege | Miscellaneous, entity: str = MISCELLANEOUS_ENTITY
    ) -> list[str]:
        """The names of the roles, in their order."""
        found = self.granted.get((entity, str(privilege)), {})
        return [name for name in self.roles if name in found]

    def readers(self, entity: EntityDefinition, language: str) -> Iterator[str]:
        """Each role that reads the records, and how far."""
        levels = self.granted.get((entity.logical_name, str(Privilege.READ)), {})
        for name in self.with_privilege(Privilege.READ, entity.logical_name):
            level = LEVELS[AccessLevel(levels[name])].text(language)
            yield _told(self.roles[name].text(language), level, language)

    def seers(
        self, entity: EntityDefinition, attribute: AttributeDefinition, language: str
    ) -> Iterator[str]:
        """Each role that sees the attribute, and whether masked."""
        if not attribute.secured:
            yield from self.readers(entity, language)
            return
        held = self.fields.get((entity.logical_name, attribute.logical_name), {})
        revealing = self.with_privilege(Miscellaneous.REVEAL)
        for name in self.with_privilege(Privilege.READ, entity.logical_name):
            rights = held.get(name, NO_RIGHTS)
            if not rights.read:
                continue
            is_one = rights.unmasked is Unmasked.ONE_RECORD
            unmasked = Unmasked.NO if is_one and name not in revealing else rights.unmasked
            yield _told(
                self.roles[name].text(language), UNMASKED[unmasked].text(language), language
            )

    def enterers(self, entity: EntityDefinition, attribute: AttributeDefinition) -> list[str]:
        """The roles that can enter a value into a new record."""
        creating = self.with_privilege(Privilege.CREATE, entity.logical_name)
        if not attribute.secured:
            return creating
        held = self.fields.get((entity.logical_name, attribute.logical_name), {})
        return [name for name in creating if held.get(name, NO_RIGHTS).create]

    def named(self, roles: list[str], language: str) -> str:
        comma = ", " if language == "en" else "、"
        return comma.join(self.roles[name].text(language) for name in roles)


def _told(role: str, what: str, language: str) -> str:
    return f"{role}: {what}" if language == "en" else f"{role}：{what}"


def _fields(connection: Connection) -> dict[tuple[str, str], dict[str, FieldRights]]:
    """What roles hold by their profiles; of several, the union."""
    found: dict[tuple[str, str], dict[str, FieldRights]] = defaultdict(dict)
    statement = (
        select(Role.name, FieldPermission.__table__)
        .join(ProfileMember, ProfileMember.principal_id == Role.id)
        .join(FieldPermission, FieldPermission.profile_id == ProfileMember.profile_id)
    )
    for row in connection.execute(statement):
        rights = FieldRights(
            read=row.can_read,
            unmasked=Unmasked(row.can_read_unmasked),
            create=row.can_create,
            update=row.can_update,
        )
        held = found[row.entity, row.attribute]
        held[row.name] = held.get(row.name, NO_RIGHTS) | rights
    return found
