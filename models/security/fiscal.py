"""The office's fiscal year (会計年度), from April to March, and its quarters."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.metadata.labels import Label

FIRST_MONTH = 4
MONTHS_OF_QUARTER = 3
QUARTER = Label("{year}年度第{number}四半期", "Quarter {number} of fiscal {year}")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Of 2026: April to June 2026 is the first, January to March 2027 the fourth."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        months = day.month - FIRST_MONTH
        return cls(year_of(day), months % 12 // MONTHS_OF_QUARTER + 1)

    @property
    def first_day(self) -> date:
        month = FIRST_MONTH + MONTHS_OF_QUARTER * (self.number - 1)
        return date(self.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        after = Quarter(self.year + self.number // 4, self.number % 4 + 1)
        return after.first_day - timedelta(days=1)

    def text(self, language: str) -> str:
        return QUARTER.text(language).format(year=self.year, number=self.number)


def year_of(day: date) -> int:
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day_of(year: int) -> date:
    return date(year, FIRST_MONTH, 1)
