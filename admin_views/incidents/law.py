"""What the law (個人情報の保護に関する法律 68条) and its rules ask for after an incident: of which
kinds, by when, in which items. In days of the office's clock; that of 知った時 is the first.

Weekends and holidays move no day here, though the commission's guideline lets the last report
wait for the next working day: the earlier day is the safe one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.labels import Label

SENSITIVE, PROPERTY, WRONGFUL, MANY, OTHER = "sensitive", "property", "wrongful", "many", "other"
KINDS: Mapping[str, Label] = {
    SENSITIVE: Label("要配慮個人情報が含まれる", "Data that need special care are among it"),
    PROPERTY: Label("財産的被害が生じるおそれがある", "Property may be damaged"),
    WRONGFUL: Label(
        "不正の目的をもって行われたおそれがある", "It may have been done for a wrongful purpose"
    ),
    MANY: Label("本人の数が100人を超える", "It is about more than 100 persons"),
    OTHER: Label("その他（上のいずれにも当たらない）", "Other (none of the above)"),
}
REPORTED = frozenset({SENSITIVE, PROPERTY, WRONGFUL, MANY})
YES, NO, UNKNOWN = "yes", "no", "unknown"
PROTECTED: Mapping[str, Label] = {
    NO: Label(
        "暗号化されていない、又は鍵も漏れたおそれがある", "No, or the key may have leaked too"
    ),
    YES: Label("暗号化されており、鍵は安全である", "Sealed, and the key is safe"),
    UNKNOWN: Label("確認中", "Being checked"),
}
DUTIES = {
    "report": Label(
        "個人情報保護委員会への報告と、本人への通知が必要な事態です。",
        "It has to be reported to the commission, and the persons have to be told.",
    ),
    "protected": Label(
        "高度な暗号化等により報告を要しない場合に当たるかを、委員会のガイドラインで確認して"
        "ください。当たらなければ、期限までに報告が必要です。",
        "Check by the commission’s guideline whether strong encryption makes a report needless. "
        "If not, it is due by these days.",
    ),
    "none": Label(
        "報告の義務がある種類には当たりません。新しい事実が分かったときは、種類を見直して"
        "ください。",
        "None of these kinds has to be reported. Look at the kinds again when more is known.",
    ),
}
ITEMS: Mapping[str, Label] = {
    "overview": Label("概要", "What happened"),
    "data": Label("個人データの項目", "Items of personal data"),
    "persons": Label("本人の数", "Number of persons"),
    "cause": Label("原因", "Cause"),
    "secondary": Label(
        "二次被害又はそのおそれの有無及びその内容", "Further damage, or its danger"
    ),
    "response": Label("本人への対応の実施状況", "What was done for the persons"),
    "publication": Label("公表の実施状況", "Publication"),
    "prevention": Label("再発防止のための措置", "Measures so that it does not happen again"),
    "other": Label("その他参考となる事項", "Other matters"),
}
"""The nine items of a report (規則43条)."""
MOST_UNREPORTED = 100
"""Persons; of more it has to be reported, whatever else it is of."""
SOON, PRELIMINARY, FINAL, FINAL_WRONGFUL = 3, 5, 30, 60
"""Days; a preliminary report is due promptly: within three to five."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The days by which reports are due."""

    known_day: date
    soon_on: date
    preliminary_on: date
    final_on: date

    @classmethod
    def of(cls, known_on: datetime, kinds: Collection[str]) -> "Clock":
        first = known_on.astimezone(LOCAL_ZONE).date()
        final = FINAL_WRONGFUL if WRONGFUL in kinds else FINAL
        return cls(first, *(_nth(first, days) for days in (SOON, PRELIMINARY, final)))


def duty(kinds: Collection[str], protected: str) -> str:
    """Which of DUTIES holds."""
    if not REPORTED.intersection(kinds):
        return "none"
    return "protected" if protected == YES else "report"


def _nth(first: date, number: int) -> date:
    return first + timedelta(days=number - 1)
