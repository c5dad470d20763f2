"""Matches of Kobe's: nobody is told the other's contact before both agreed; then both are.

The mails name records that a match points to; they go with the match when it is deleted.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from crypto.errors import DestroyedKey
from models.metadata.errors import ValidationFailed
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from tests.jobs.applications import OFFICE, RECEIVED, application, apply
from tests.jobs.post import empty
from tests.jobs.test_workflows import mails
from tests.models.office import system

MATCH, COOPERATOR = "kobe_match", "kobe_cooperator"
PROPOSED, ASKED, AGREED, INTRODUCED = 1, 2, 3, 4
UNASKED, AGREES, DECLINES = 1, 2, 3
MATCHING, SUPPORT = 4, 5
DAY = date(2026, 4, 1)
BOTH_AGREE = {
    **{"kobe_applicantsays": AGREES, "kobe_applicantsaidon": DAY},
    **{"kobe_cooperatorsays": AGREES, "kobe_cooperatorsaidon": DAY},
}
OFFER = {
    "kobe_name": "みなと農園",
    "kobe_email": "minato@example.jp",
    "kobe_phone": "078-371-0000",
    "kobe_categories": [927000005],
    "kobe_areas": [927000103],
    "kobe_offers": [927000202],
    "kobe_language": "en",
    "statuscode": 2,
}


def made(engine: RecordEngine, entity: str, **values: object) -> UUID:
    caller = system(engine, OFFICE)
    return engine.run(lambda s: s.create_multiple(caller, entity, [values]))[0]


def give(engine: RecordEngine, match: UUID, **values: object) -> None:
    caller = system(engine, OFFICE)
    engine.run(lambda s: s.update_multiple(caller, MATCH, [Change(match, values)]))


@pytest.fixture
def match(kobe: RecordEngine) -> UUID:
    (idea,) = apply(kobe, application(statuscode=RECEIVED, kobe_stage=MATCHING))
    other = made(kobe, COOPERATOR, **OFFER)
    empty(kobe.database)
    subject = {"kobe_subject": "花の苗の提供", "kobe_proposal": "苗を100株お譲りします。"}
    return made(kobe, MATCH, **subject, kobe_application=idea, kobe_cooperator=other)


def introductions(engine: RecordEngine) -> dict[str, tuple[str, str]]:
    return {to: (subject, body) for _, to, _, subject, body in mails(engine)}


def test_both_are_told_once_both_agreed(kobe: RecordEngine, match: UUID) -> None:
    give(kobe, match, statuscode=ASKED)
    give(kobe, match, statuscode=AGREED, **BOTH_AGREE)
    assert mails(kobe) == []
    give(kobe, match, statuscode=INTRODUCED)
    told = introductions(kobe)
    assert told.keys() == {"hanako0@example.jp", "minato@example.jp"}
    subject, body = told["hanako0@example.jp"]
    assert subject.startswith("【KOBE応援プラットフォーム】協力者のご紹介（受付番号 ")
    assert "花子 様" in body
    for text in ("みなと農園", "minato@example.jp", "078-371-0000"):
        assert text in body
    assert "hanako0@example.jp" not in body
    subject, body = told["minato@example.jp"]
    assert "[KOBE Support Platform] The applicant" in subject  # in the cooperator's language
    for text in ("花子", "hanako0@example.jp", "078-331-8181", "公園を花でいっぱいに"):
        assert text in body


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"kobe_applicantsays": AGREES, "kobe_applicantsaidon": DAY},
        {"kobe_cooperatorsays": AGREES, "kobe_cooperatorsaidon": DAY},
        BOTH_AGREE | {"kobe_cooperatorsays": DECLINES},
        BOTH_AGREE | {"kobe_applicantsaidon": None},
    ],
)
def test_nobody_is_introduced_before(
    kobe: RecordEngine, match: UUID, answers: dict[str, Any]
) -> None:
    give(kobe, match, statuscode=ASKED)
    for status in (AGREED, INTRODUCED):
        with pytest.raises(ValidationFailed):
            give(kobe, match, statuscode=status, **answers)
    assert mails(kobe) == []


def test_a_consent_taken_back_holds_the_introduction(kobe: RecordEngine, match: UUID) -> None:
    give(kobe, match, statuscode=ASKED)
    give(kobe, match, statuscode=AGREED, **BOTH_AGREE)
    give(kobe, match, statuscode=ASKED, kobe_applicantsays=DECLINES)
    with pytest.raises(ValidationFailed):
        give(kobe, match, statuscode=AGREED)
    assert mails(kobe) == []


def test_who_was_introduced_to_whom_stays(kobe: RecordEngine, match: UUID) -> None:
    give(kobe, match, statuscode=ASKED)
    give(kobe, match, statuscode=AGREED, **BOTH_AGREE)
    give(kobe, match, statuscode=INTRODUCED)
    other = made(kobe, COOPERATOR, **OFFER | {"kobe_email": "other@example.jp"})
    for change in ({"kobe_cooperator": other}, {"kobe_applicantsays": DECLINES}):
        with pytest.raises(ValidationFailed):
            give(kobe, match, **change)


def test_whoever_answered_is_not_exchanged(kobe: RecordEngine, match: UUID) -> None:
    """Nobody takes the place of one who agreed: not while the other is asked, not with the step
    to the introduction, nor beside a changed answer. Answers taken back may be asked anew."""
    never_asked = made(kobe, COOPERATOR, **OFFER | {"kobe_email": "other@example.jp"})
    (other_idea,) = apply(kobe, application(statuscode=RECEIVED))
    empty(kobe.database)
    exchanges: list[dict[str, Any]] = [
        {"kobe_cooperator": never_asked},
        {"kobe_application": other_idea},
        {"kobe_cooperator": never_asked, "kobe_cooperatorsays": DECLINES},
    ]
    give(kobe, match, statuscode=ASKED, kobe_applicantsays=AGREES, kobe_applicantsaidon=DAY)
    for exchange in exchanges:
        with pytest.raises(ValidationFailed):
            give(kobe, match, **exchange)
    give(kobe, match, statuscode=AGREED, **BOTH_AGREE)
    for exchange in exchanges[:2]:
        for step in ({}, {"statuscode": INTRODUCED}):
            with pytest.raises(ValidationFailed):
                give(kobe, match, **exchange, **step)
    assert mails(kobe) == []
    asked = {"kobe_applicantsays": UNASKED, "kobe_cooperatorsays": UNASKED}
    give(kobe, match, statuscode=ASKED, **asked, kobe_cooperator=never_asked)
    caller = system(kobe, OFFICE)
    record = kobe.run(lambda s: s.retrieve(caller, MATCH, match))
    assert record["kobe_cooperator"] == never_asked
    assert record["kobe_cooperatorsaidon"] is None


def test_support_begins_with_the_consent_of_both(kobe: RecordEngine, match: UUID) -> None:
    """A match of which both said no is none, though both have answered."""
    caller = system(kobe, OFFICE)
    idea = kobe.run(lambda s: s.retrieve(caller, MATCH, match))["kobe_application"]
    assert isinstance(idea, UUID)
    move = [Change(idea, {"kobe_stage": SUPPORT})]
    for answers in (
        {"statuscode": ASKED},
        BOTH_AGREE | {"kobe_applicantsays": DECLINES, "kobe_cooperatorsays": DECLINES},
    ):
        give(kobe, match, **answers)
        with pytest.raises(ValidationFailed) as error:
            kobe.run(lambda s: s.update_multiple(caller, "kobe_application", move))
        assert "双方同意／紹介済" in error.value.problems[0].text("ja")
    give(kobe, match, statuscode=AGREED, **BOTH_AGREE)
    kobe.run(lambda s: s.update_multiple(caller, "kobe_application", move))


def test_of_whoever_is_erased_no_waiting_mail_is_read(kobe: RecordEngine, match: UUID) -> None:
    give(kobe, match, statuscode=ASKED)
    give(kobe, match, statuscode=AGREED, **BOTH_AGREE)
    give(kobe, match, statuscode=INTRODUCED)
    assert len(mails(kobe)) == 2
    caller = system(kobe, OFFICE)
    record = kobe.run(lambda s: s.retrieve(caller, MATCH, match))
    idea = record["kobe_application"]
    assert isinstance(idea, UUID)
    kobe.run(lambda s: s.delete_multiple(caller, "kobe_application", [Deletion(idea)]))
    with pytest.raises(DestroyedKey):
        mails(kobe)
