"""The facts of an incident as a form sends them: when it was known, of which kinds it is, whether
the data were protected, at whose work it happened, and what happened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from admin_views.identity import step_up
from admin_views.incidents.law import KINDS, OTHER, PROTECTED
from admin_views.incidents.suspicion import CONTRACTOR, read_moment
from admin_views.incidents.texts import HAPPENED, tidied
from admin_views.people.entering import Entered
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label
from models.tables.base import utc_now

CONTROLS = ("known_on", "kinds", "protected", "contractor", HAPPENED)
KNOWN_ON = Label("知った日時", "When it was known")
WHAT_HAPPENED = Label("発生した事態", "What happened")
KIND, PROTECTION = Label("種類", "Kind"), Label("暗号化", "Encryption")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    known_on: datetime
    kinds: tuple[str, ...]
    protected: str
    contractor: UUID | None
    happened: str


def typed_time(moment: datetime) -> str:
    """As a control for times writes it, by the office's clock."""
    return f"{moment.astimezone(LOCAL_ZONE):%Y-%m-%dT%H:%M}"


def sent() -> Entered:
    return Entered.sent(CONTROLS, proven_within=step_up.FOR_A_VALUE)


def written(facts: Facts) -> Entered:
    """As the form shows them."""
    return Entered(
        {
            "known_on": (typed_time(facts.known_on),),
            "kinds": facts.kinds,
            "protected": (facts.protected,),
            "contractor": (str(facts.contractor or ""),),
            HAPPENED: (facts.happened,),
        }
    )


def facts_of(entered: Entered, contractors: dict[str, UUID]) -> Facts:
    """Raises ValidationFailed by control. `contractors` are those there are, by their ids."""
    known_on = read_moment(entered.text("known_on"))
    happened, wrong = tidied(entered.text(HAPPENED), name=HAPPENED, label=WHAT_HAPPENED)
    if not happened and not wrong:
        wrong = [Problem(HAPPENED, "required", WHAT_HAPPENED)]
    problems = [*_problems(entered, known_on), *wrong]
    contractor = entered.text("contractor")
    if contractor and contractor not in contractors:
        problems.append(Problem("contractor", "unknown_option", CONTRACTOR))
    if problems or known_on is None:
        raise ValidationFailed(problems)
    return Facts(
        known_on=known_on,
        kinds=tuple(one for one in KINDS if one in entered.names("kinds")),
        protected=entered.text("protected"),
        contractor=contractors.get(contractor),
        happened=happened,
    )


def _problems(entered: Entered, known_on: datetime | None) -> Iterator[Problem]:
    if known_on is None:
        code = "time" if entered.text("known_on") else "required"
        yield Problem("known_on", code, KNOWN_ON)
    elif known_on > utc_now():
        yield Problem("known_on", "in_the_future", KNOWN_ON)
    kinds = set(entered.names("kinds"))
    if not kinds:
        yield Problem("kinds", "choose", KIND)
    elif not kinds <= KINDS.keys() or (OTHER in kinds and len(kinds) > 1):
        yield Problem("kinds", "unknown_option", KIND)
    if entered.text("protected") not in PROTECTED:
        yield Problem("protected", "choose", PROTECTION)
