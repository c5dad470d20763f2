"""What an applicant may do of their own application, from what was stated in a form."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.options import parse_options
from models.metadata.parsing.stated import Stated
from models.metadata.self_service import Correction, SelfService, ToldState, Withdrawal
from models.tables.requests import BY_LINK

DAYS = 180
ERASURE_DAYS = 30
LONGEST_DAYS = 1095


def parse_self_service(stated: Stated | None) -> SelfService | None:
    if stated is None:
        return None
    found = SelfService(
        days=stated.integer("days", DAYS, among=range(1, LONGEST_DAYS + 1)),
        shows=stated.texts("shows"),
        states=tuple(_state(part) for part in stated.items("states")),
        correction=_correction(stated.part("correct")),
        withdrawal=_withdrawal(stated.part("withdraw")),
        erasure_days=_erasure(stated.part("erasure")),
        requests=stated.texts("requests"),
    )
    stated.finish()
    if not found.states:
        message = "'states' says what an applicant is told"
        raise DefinitionError(message, where=stated.where)
    if not set(found.requests) <= set(BY_LINK):
        raise DefinitionError(f"'requests' are among {', '.join(BY_LINK)}", where=stated.where)
    return found


def _state(stated: Stated) -> ToldState:
    state = ToldState(
        label=stated.label("label"),
        text=stated.label("text", None),
        when=parse_options(stated, "when"),
    )
    stated.finish()
    return state


def _correction(stated: Stated | None) -> Correction | None:
    if stated is None:
        return None
    correction = Correction(
        attributes=stated.texts("attributes"), when=parse_options(stated, "when")
    )
    stated.finish()
    if not correction.attributes:
        message = "'attributes' says what may be corrected"
        raise DefinitionError(message, where=stated.where)
    return correction


def _withdrawal(stated: Stated | None) -> Withdrawal | None:
    if stated is None:
        return None
    withdrawal = Withdrawal(status=stated.integer("status"), when=parse_options(stated, "when"))
    stated.finish()
    return withdrawal


def _erasure(stated: Stated | None) -> int | None:
    if stated is None:
        return None
    days = stated.integer("days", ERASURE_DAYS, among=range(1, LONGEST_DAYS + 1))
    stated.finish()
    return days
