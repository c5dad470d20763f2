"""What a caller may do with one entity, as a value that can be a key of a cache.

It only gathers what `models/security` answers; it decides nothing.
"""

from dataclasses import dataclass, replace

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.selecting import may_ask
from models.security import access, column_security
from models.security.caller import Caller
from models.security.privileges import FieldRights, Miscellaneous, Privilege, Unmasked


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRights:
    """Two callers with equal rights are shown the same page."""

    privileges: frozenset[Privilege]
    can_export: bool
    can_reveal: bool
    attributes: frozenset[tuple[str, FieldRights]]
    searchable: frozenset[str]
    """Sealed attributes the caller may look up by an exact value."""
    closed_views: frozenset[str]
    """Those that ask other entities what the caller may not ask."""
    limits: frozenset[tuple[str, frozenset[int]]]
    """Attributes of which a contract allows certain options only."""

    @classmethod
    def of(cls, caller: Caller, catalog: Catalog, entity: EntityDefinition) -> "EntityRights":
        attributes = entity.attributes.values()
        return cls(
            privileges=frozenset(
                privilege for privilege in Privilege if caller.has(entity.logical_name, privilege)
            ),
            can_export=caller.may(Miscellaneous.EXPORT),
            can_reveal=caller.may(Miscellaneous.REVEAL),
            attributes=frozenset(
                (a.logical_name, column_security.rights(caller, entity, a)) for a in attributes
            ),
            searchable=frozenset(
                a.logical_name
                for a in entity.indexed_attributes
                if column_security.can_search(caller, entity, a)
            ),
            closed_views=frozenset(
                view.name
                for view in catalog.views_of(entity.logical_name)
                if view.query.links
                and not may_ask(catalog, caller, replace(view.query, columns=(), order=()))
            ),
            limits=frozenset(access.limited_attributes(caller, entity).items()),
        )

    def may(self, privilege: Privilege) -> bool:
        return privilege in self.privileges

    def on(self, name: str) -> FieldRights:
        return dict(self.attributes)[name]

    def readable(self, entity: EntityDefinition) -> tuple[AttributeDefinition, ...]:
        rights = dict(self.attributes)
        return tuple(a for a in entity.attributes.values() if rights[a.logical_name].read)

    def offered(self, attribute: AttributeDefinition) -> AttributeDefinition:
        """The attribute with those of its options that may be chosen."""
        allowed = dict(self.limits).get(attribute.logical_name)
        if allowed is None or attribute.options is None:
            return attribute
        options = tuple(one for one in attribute.options.options if one.value in allowed)
        return replace(attribute, options=replace(attribute.options, options=options))

    def writable(
        self, entity: EntityDefinition, *, creating: bool
    ) -> tuple[AttributeDefinition, ...]:
        rights = dict(self.attributes)
        return tuple(
            self.offered(a)
            for name, a in entity.attributes.items()
            if not a.is_read_only
            and (rights[name].create if creating else a.valid_for_update and rights[name].update)
        )

    def is_masked(self, attribute: AttributeDefinition) -> bool:
        """Whether lists and pages show this attribute in part only."""
        if not attribute.secured:
            return False
        return self.on(attribute.logical_name).unmasked < Unmasked.ALL_RECORDS
