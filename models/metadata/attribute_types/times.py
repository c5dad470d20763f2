"""DateTime: date only, or a moment. Moments are kept in UTC and shown where the reader is."""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from models.metadata.attribute_types.base import AttributeType, InvalidValue, as_written
from models.metadata.definitions import AttributeDefinition
from models.tables.base import UtcDateTime

LOCAL_ZONE = ZoneInfo("Asia/Tokyo")
"""Where a moment without a zone was written down; the one zone of a Japanese office."""


class DateTimeType(AttributeType):
    name: ClassVar[str] = "DateTime"

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return Date() if attribute.behaviour == "date_only" else UtcDateTime()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        if attribute.behaviour == "date_only":
            return _date(value)
        zone = UTC if attribute.behaviour == "utc" else LOCAL_ZONE
        return _moment(value, zone)

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        if isinstance(value, datetime):
            shown = value if attribute.behaviour == "utc" else value.astimezone(zone)
            return shown.replace(tzinfo=None).isoformat(" ", "minutes")
        return value.isoformat() if isinstance(value, date) else ""

    def encode(self, value: object) -> bytes:
        return value.isoformat().encode() if isinstance(value, date) else b""

    def decode(self, data: bytes) -> object:
        text = data.decode()
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _written(value: object) -> str:
    return as_written(value).replace("/", "-")


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_written(value))
    except ValueError as error:
        raise InvalidValue("date") from error


def _moment(value: object, zone: tzinfo) -> datetime:
    """In UTC, and not in the first or last year there is: it can be shown in every zone."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(_written(value))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        utc = aware.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue("time") from error
    if not MINYEAR < utc.year < MAXYEAR:
        raise InvalidValue("time")
    return utc
