"""Who may decide on a request, and who may not; under any contract, in any session."""

from dataclasses import replace
from datetime import timedelta

import pytest

from exchange.extracts import deciding, requesting
from exchange.extracts.confirming import confirm
from exchange.extracts.deciding import Objection, objection
from exchange.extracts.downloading import fetch
from exchange.extracts.states import State
from jobs import extracts
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    RecordNotFound,
    ValidationFailed,
)
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import AccessLevel, Miscellaneous
from tests.exchange.extracts.office import (
    THING,
    Extraction,
    asked,
    audited,
    jobs_of,
    kept_ids,
    order,
    ready,
    things,
)
from tests.exchange.extracts.people import MAY_ASK, MAY_DECIDE, contract, hire

BOTH = (*MAY_ASK, *MAY_DECIDE)
EVERYTHING_ELSE = tuple(set(Miscellaneous) - {Miscellaneous.APPROVE_EXPORT})


@pytest.fixture
def extraction(engine: RecordEngine) -> Extraction:
    return asked(engine, things(engine, "い", "ろ"))


def why_not(extraction: Extraction, caller: Caller) -> Objection:
    return extraction.engine.run(lambda s: objection(s.transaction, caller, extraction.row))


def is_refused(extraction: Extraction, caller: Caller) -> bool:
    """Neither may they approve nor reject, and nothing changes."""
    engine, before = extraction.engine, extraction.row
    for decide in (
        lambda service: extracts.approve(service, caller, extraction.id),
        lambda service: deciding.reject(service, caller, extraction.id, reason="不要"),
    ):
        with pytest.raises((AccessDenied, RecordNotFound)):
            engine.run(decide)
    return extraction.row == before and not jobs_of(engine, extraction.id)


def test_another_person_approves(extraction: Extraction) -> None:
    assert why_not(extraction, extraction.approver.caller) is Objection.NONE
    row = extraction.approve().row
    assert (row.state, row.decided_by) == (State.APPROVED, extraction.approver.id)
    assert row.decided_by_name == extraction.approver.caller.name


def test_another_person_rejects_for_a_reason(extraction: Extraction) -> None:
    caller, engine = extraction.approver.caller, extraction.engine
    for reason in ("", "  ", "あ" * 201):
        with pytest.raises(ValidationFailed):
            engine.run(lambda s, r=reason: deciding.reject(s, caller, extraction.id, reason=r))
    engine.run(lambda s: deciding.reject(s, caller, extraction.id, reason="電話番号は不要"))
    row = extraction.row
    assert (row.state, row.reason) == (State.REJECTED, "電話番号は不要")
    assert kept_ids(engine, extraction.id) == 0
    assert audited(engine, extraction.id)[-1]["details"]["reason"] == "電話番号は不要"
    assert is_over(extraction)


def test_nobody_approves_their_own(engine: RecordEngine) -> None:
    both = hire(engine, BOTH)
    extraction = asked(engine, things(engine, "い"), requester=both)
    assert why_not(extraction, both.caller) is Objection.OWN
    assert is_refused(extraction, both.caller)


@pytest.mark.parametrize("privileges", [(), MAY_ASK, EVERYTHING_ELSE])
def test_the_privilege_is_needed(
    extraction: Extraction, privileges: tuple[Miscellaneous, ...]
) -> None:
    other = hire(extraction.engine, privileges)
    assert why_not(extraction, other.caller) is Objection.NO_RIGHT
    assert is_refused(extraction, other.caller)


def test_who_may_not_read_the_entity_cannot_judge(extraction: Extraction) -> None:
    extraction.approver.reach(AccessLevel.NONE)
    assert why_not(extraction, extraction.approver.caller) is Objection.NO_RIGHT
    assert is_refused(extraction, extraction.approver.caller)


def test_not_within_a_support_session(extraction: Extraction) -> None:
    """Not even where both could by themselves."""
    supporter = hire(extraction.engine, MAY_DECIDE).caller
    caller = replace(extraction.approver.caller, supporter=supporter)
    assert why_not(extraction, caller) is Objection.SUPPORT
    assert is_refused(extraction, caller)


def test_a_day_that_is_past_is_not_approved(extraction: Extraction) -> None:
    extraction.change(keep_until=today() - timedelta(days=1))
    assert why_not(extraction, extraction.approver.caller) is Objection.OVER
    assert is_refused(extraction, extraction.approver.caller)


def test_colleagues_at_one_contractor_do_not_decide_for_each_other(engine: RecordEngine) -> None:
    contractor = contract(engine, THING)
    requester = hire(engine, MAY_ASK, contractor=contractor)
    colleague = hire(engine, MAY_DECIDE, contractor=contractor)
    extraction = asked(engine, things(engine, "い"), requester=requester, approver=colleague)
    assert extraction.row.contractor_id == contractor
    assert extraction.row.organization.startswith("受託者")
    assert why_not(extraction, colleague.caller) is Objection.SAME_CONTRACTOR
    assert is_refused(extraction, colleague.caller)


def test_nor_after_one_of_them_changed_sides(engine: RecordEngine) -> None:
    """The contractor counts that the requester was with, and the one they are with now."""
    first, second = contract(engine, THING), contract(engine, THING)
    requester = hire(engine, MAY_ASK, contractor=first)
    extraction = asked(engine, things(engine, "い"), requester=requester)
    requester.change(contractor_id=second)
    for contractor in (first, second):
        colleague = hire(engine, MAY_DECIDE, contractor=contractor)
        assert why_not(extraction, colleague.caller) is Objection.SAME_CONTRACTOR
        assert is_refused(extraction, colleague.caller)


def test_the_office_decides_for_a_contractor_and_one_contractor_for_another(
    engine: RecordEngine,
) -> None:
    requester = hire(engine, MAY_ASK, contractor=contract(engine, THING))
    for other in (None, contract(engine, THING)):
        approver = hire(engine, MAY_DECIDE, contractor=other)
        extraction = asked(engine, things(engine, "い"), requester=requester, approver=approver)
        assert extraction.approve().state == State.APPROVED


def test_colleagues_of_the_office_decide_for_each_other(engine: RecordEngine) -> None:
    """No contractor is not one contractor."""
    assert asked(engine, things(engine, "い")).approve().state == State.APPROVED


def test_a_contractor_outside_its_contract_does_not_learn_of_the_request(
    extraction: Extraction,
) -> None:
    engine = extraction.engine
    stranger = hire(engine, MAY_DECIDE, contractor=contract(engine, "tst_folder"))
    with pytest.raises(RecordNotFound):
        engine.run(lambda s: extracts.approve(s, stranger.caller, extraction.id))


def test_whose_contract_ended_is_nobody(extraction: Extraction) -> None:
    engine = extraction.engine
    over = contract(engine, THING, ends_on=today() - timedelta(days=1))
    assert hire(engine, MAY_DECIDE, contractor=over).caller_if_any is None


def test_what_is_decided_stays_decided(extraction: Extraction) -> None:
    extraction.approve()
    assert is_over(extraction)


def test_a_request_is_taken_back_before_it_is_decided(extraction: Extraction) -> None:
    extraction.withdraw()
    assert extraction.state == State.WITHDRAWN
    assert kept_ids(extraction.engine, extraction.id) == 0
    assert is_over(extraction)


def is_over(extraction: Extraction) -> bool:
    engine, before = extraction.engine, extraction.row
    late = hire(engine, MAY_DECIDE).caller
    for act in (
        lambda: engine.run(lambda s: extracts.approve(s, late, extraction.id)),
        lambda: engine.run(lambda s: deciding.reject(s, late, extraction.id, reason="遅い")),
        extraction.withdraw,
    ):
        with pytest.raises(ConcurrencyConflict):
            act()
    return extraction.row == before


@pytest.mark.parametrize(
    ("privileges", "refusal"),
    [(MAY_ASK, RecordNotFound), (MAY_DECIDE, AccessDenied), (tuple(Miscellaneous), AccessDenied)],
)
def test_anothers_extract_is_nobodys_to_take(
    engine: RecordEngine, privileges: tuple[Miscellaneous, ...], refusal: type[Exception]
) -> None:
    """Neither to withdraw, nor to fetch, nor to confirm; be they approvers or auditors, who may
    know that it is there."""
    waiting, built = asked(engine, things(engine, "い")), ready(engine, things(engine, "ろ"))
    other = hire(engine, privileges).caller
    for act in (
        lambda: engine.run(lambda s: requesting.withdraw(s, other, waiting.id)),
        lambda: fetch(engine, other, built.id),
        lambda: engine.run(lambda s: confirm(s, other, built.id, deleted_on=today(), how="消去")),
    ):
        with pytest.raises(refusal):
            act()
    assert (waiting.state, built.state) == (State.REQUESTED, State.READY)


def test_a_supporter_takes_nothing_away(engine: RecordEngine) -> None:
    ids = things(engine, "い")
    built, waiting = ready(engine, ids), asked(engine, ids)
    supporter = hire(engine, tuple(Miscellaneous)).caller

    def within(extraction: Extraction) -> Caller:
        return replace(extraction.requester.caller, supporter=supporter)

    for act in (
        lambda: requesting.request(engine, within(waiting), order(ids)),
        lambda: engine.run(lambda s: requesting.withdraw(s, within(waiting), waiting.id)),
        lambda: fetch(engine, within(built), built.id),
        lambda: engine.run(
            lambda s: confirm(s, within(built), built.id, deleted_on=today(), how="消去")
        ),
    ):
        with pytest.raises(AccessDenied, match="support"):
            act()
    assert (waiting.state, built.state) == (State.REQUESTED, State.READY)
