"""The language and the clock of the person reading; the request decides, in one place."""

from datetime import MAXYEAR, MINYEAR, date, datetime

from flask_babel import get_locale

from models.metadata.attribute_types import LOCAL_ZONE


def language() -> str:
    """`ja` or `en`: the two the solution's labels come in."""
    return "en" if str(get_locale() or "ja").startswith("en") else "ja"


def local_time(moment: datetime | None) -> str:
    """A moment as the office's clock shows it; "" for none."""
    return "" if moment is None else moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def read_day(text: str) -> date | None:
    """A day written as 2026-04-01; None if it is no day, or one whose neighbours some clock could
    not show."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if MINYEAR < day.year < MAXYEAR else None


def start_of_day(text: str) -> datetime | None:
    """The first moment of a day, as `read_day` reads it."""
    day = read_day(text)
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE)
