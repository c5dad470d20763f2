"""A month of the office's calendar, whose log is inspected once it is over."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.labels import Label

NAMED = Label("{year}年{month}月", "{month} {year}")
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}")
EARLIEST = 2000


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def at(cls, moment: datetime) -> "Month":
        return cls.of(moment.astimezone(LOCAL_ZONE))

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """As 2026-04; None for what is no month of ours."""
        if not WRITTEN.fullmatch(text):
            return None
        year, number = map(int, text.split("-"))
        return cls(year, number) if year >= EARLIEST and 1 <= number <= 12 else None

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=LOCAL_ZONE)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.next.begins

    @property
    def days(self) -> dict[str, str]:
        """Its first and last day, as the log's filters have them."""
        last = self.ends.date() - timedelta(days=1)
        return {"since": self.begins.date().isoformat(), "until": last.isoformat()}

    def text(self, language: str) -> str:
        month = calendar.month_name[self.number] if language == "en" else self.number
        return NAMED.text(language).format(year=self.year, month=month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
