"""Integer, BigInt, Decimal and Money. Decimals are exact: kept as scaled integers."""

from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from models.metadata.attribute_types.base import AttributeType, InvalidValue, as_written
from models.metadata.definitions import AttributeDefinition

SMALLEST_INTEGER, LARGEST_INTEGER = -(2**31), 2**31 - 1
LARGEST_SCALED = 2**63 - 1


class ScaledDecimal(TypeDecorator[Decimal]):
    """A decimal as an integer of its smallest unit: sorts and compares alike everywhere."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, precision: int) -> None:
        super().__init__()
        self.precision = precision

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.scaleb(self.precision))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.precision)


def _number(value: object, code: str) -> Decimal:
    if isinstance(value, bool):
        raise InvalidValue(code)
    text = as_written(value).replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidValue(code) from error
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise InvalidValue(code)
    return number


def _check_bounds(attribute: AttributeDefinition, number: Decimal) -> None:
    if attribute.minimum is not None and number < Decimal(str(attribute.minimum)):
        raise InvalidValue("minimum", minimum=attribute.minimum)
    if attribute.maximum is not None and number > Decimal(str(attribute.maximum)):
        raise InvalidValue("maximum", maximum=attribute.maximum)


class IntegerType(AttributeType):
    name: ClassVar[str] = "Integer"
    bounds: ClassVar[tuple[int, int]] = (SMALLEST_INTEGER, LARGEST_INTEGER)

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return Integer()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        number = _number(value, "integer")
        if number != number.to_integral_value():
            raise InvalidValue("integer")
        smallest, largest = self.bounds
        if number < smallest:
            raise InvalidValue("minimum", minimum=smallest)
        if number > largest:
            raise InvalidValue("maximum", maximum=largest)
        _check_bounds(attribute, number)
        return int(number)

    def decode(self, data: bytes) -> object:
        return int(data)


class BigIntType(IntegerType):
    name: ClassVar[str] = "BigInt"
    bounds: ClassVar[tuple[int, int]] = (-LARGEST_SCALED, LARGEST_SCALED)

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return BigInteger()


class DecimalType(AttributeType):
    name: ClassVar[str] = "Decimal"

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return ScaledDecimal(attribute.precision)

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        number = _number(value, "number")
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > attribute.precision:
            raise InvalidValue("precision", precision=attribute.precision)
        largest = Decimal(LARGEST_SCALED).scaleb(-attribute.precision)
        if abs(number) > largest:
            raise InvalidValue("maximum", maximum=largest)
        _check_bounds(attribute, number)
        return number.quantize(Decimal(1).scaleb(-attribute.precision))

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        return "" if value is None else f"{value:,}"

    def decode(self, data: bytes) -> object:
        return Decimal(data.decode())


class MoneyType(DecimalType):
    """An amount of yen unless the attribute's `precision` says otherwise."""

    name: ClassVar[str] = "Money"
