"""Callers of any rights on one entity, for laws that must hold for all of them."""

from uuid import uuid4

from hypothesis import strategies as st

from models.metadata.definitions import EntityDefinition
from models.security.caller import Caller
from models.security.privileges import AccessLevel, FieldRights, Miscellaneous, Privilege, Unmasked

FIELD_RIGHTS = st.builds(
    FieldRights,
    read=st.booleans(),
    unmasked=st.sampled_from(list(Unmasked)),
    create=st.booleans(),
    update=st.booleans(),
)


def callers(entity: EntityDefinition) -> st.SearchStrategy[Caller]:
    secured = [name for name, a in entity.attributes.items() if a.secured]
    levels = st.dictionaries(st.sampled_from(list(Privilege)), st.sampled_from(list(AccessLevel)))
    return st.builds(
        lambda held, fields, others: Caller(
            id=uuid4(),
            kind="user",
            name="someone",
            purpose="a test",
            privileges={(entity.logical_name, name): level for name, level in held.items()},
            field_rights={(entity.logical_name, name): one for name, one in fields.items()},
            miscellaneous=others,
        ),
        levels,
        st.dictionaries(st.sampled_from(secured), FIELD_RIGHTS),
        st.frozensets(st.sampled_from(list(Miscellaneous))),
    )
