"""The organization's settings as a form: what each is called, and what was entered.

Which there are, and how they are stored, is the matter of `models/security/organization.py`.
"""

from collections.abc import Mapping
from typing import Any

from extensions import engine
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security import organization
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.organization import FLAGS, NUMBERS
from models.security.privileges import Miscellaneous

ON = "1"
LABELS: Mapping[str, Label] = {
    "must_pledge": Label("誓約を求める", "Ask for the pledge"),
    "training_months": Label("研修の有効期間（月）", "Months that a training counts"),
    "dormant_days": Label("休眠とするまでの日数", "Days until an account is dormant"),
    "registers_kept_years": Label(
        "請求・漏えい等・消去の保留の記録を残す年数",
        "Years that requests, incidents and holds are kept",
    ),
    "hierarchy_depth": Label("上司が閲覧できる部下の階層", "Levels of reports a manager sees"),
}
HINTS: Mapping[str, Label] = {
    "must_pledge": Label(
        "誓約していないアカウントには、個人情報を表示しません。",
        "Personal data stays closed to an account that has not given the pledge.",
    ),
    "training_months": Label(
        "研修の受講日からこの月数を過ぎたアカウントには、個人情報を表示しません。"
        "0の場合は、研修を求めません。",
        "Personal data stays closed to an account whose training is older. "
        "0: no training is asked for.",
    ),
    "dormant_days": Label(
        "最後のサインインからこの日数を過ぎたアカウントをロックします。0の場合は、ロックしません。",
        "An account that nobody signed in to for longer is locked. 0: never.",
    ),
    "registers_kept_years": Label(
        "開示請求等と本人からの依頼は決定から、漏えい等は対応の終了から、消去の保留は解除から、"
        "この年数を過ぎた記録を消去します。0の場合は、消去しません。",
        "Requests of persons, incidents and holds are erased so many years after the decision, "
        "the closing or the lifting. 0: never.",
    ),
    "hierarchy_depth": Label(
        "0の場合は、上司であることを理由に閲覧できる記録はありません。",
        "0: a manager sees no more than others.",
    ),
}


def change_settings(caller: Caller, entered: Mapping[str, str]) -> None:
    """Put what was entered in the place of what was set. AccessDenied, ValidationFailed."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    problems = [_problem(name, entered.get(name, "")) for name in NUMBERS]
    if found := [one for one in problems if one]:
        raise ValidationFailed(found)
    values: dict[str, Any] = {name: entered.get(name) == ON for name in FLAGS}
    values |= {name: int(entered[name]) for name in NUMBERS}

    def work(service: RecordService) -> None:
        changed = organization.change(service.transaction.lock(), values)
        if changed:
            service.audit(caller, "change_organization", **changed)

    engine().run(work)


def _problem(name: str, text: str) -> Problem | None:
    label, among = LABELS[name], NUMBERS[name]
    if not text:
        return Problem(name, "required", label)
    if not (text.isascii() and text.isdigit()):
        return Problem(name, "integer", label)
    if len(text) > 9 or int(text) not in among:
        return Problem(name, "maximum", label, {"maximum": among[-1]})
    return None
