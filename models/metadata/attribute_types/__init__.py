"""The registry of attribute types: one instance of each, by the name CDS gives it."""

from models.metadata.attribute_types.base import AttributeType, InvalidValue
from models.metadata.attribute_types.choices import (
    BooleanType,
    MultiSelectPicklistType,
    PicklistType,
    StateType,
    StatusType,
)
from models.metadata.attribute_types.images import ImageType, ImageValue
from models.metadata.attribute_types.numbers import (
    BigIntType,
    DecimalType,
    IntegerType,
    MoneyType,
)
from models.metadata.attribute_types.references import (
    FileType,
    FileValue,
    LookupType,
    OwnerType,
    UniqueIdentifierType,
)
from models.metadata.attribute_types.texts import AutoNumberType, MemoType, StringType
from models.metadata.attribute_types.times import LOCAL_ZONE, DateTimeType
from models.metadata.definitions import AttributeDefinition

__all__ = [
    "ATTRIBUTE_TYPES",
    "LOCAL_ZONE",
    "AttributeType",
    "FileValue",
    "ImageValue",
    "InvalidValue",
    "type_of",
]

ATTRIBUTE_TYPES: dict[str, AttributeType] = {
    kind.name: kind
    for kind in (
        StringType(),
        MemoType(),
        AutoNumberType(),
        IntegerType(),
        BigIntType(),
        DecimalType(),
        MoneyType(),
        BooleanType(),
        PicklistType(),
        MultiSelectPicklistType(),
        StateType(),
        StatusType(),
        DateTimeType(),
        LookupType(),
        OwnerType(),
        UniqueIdentifierType(),
        FileType(),
        ImageType(),
    )
}


def type_of(attribute: AttributeDefinition) -> AttributeType:
    """The type of an attribute; every name in a checked definition is registered."""
    return ATTRIBUTE_TYPES[attribute.type]
