"""The law of “why?”: in any office the explanation's verdict is what the record service does, and
each rule that it says is missing makes it allowed once it is given, with one for every question
that is answered with no. On both databases.
"""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.records import why
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.finding_texts import NEEDED
from models.security.findings import Explanation, Section
from models.security.privileges import Miscellaneous, Privilege
from tests.laws.any_world import worlds
from tests.laws.building import ENTITY, Built
from tests.laws.remedies import REMEDIES, Giving
from tests.laws.why_acts import (
    OF_PLATFORM,
    ON_RECORDS,
    OPEN,
    WITH_ATTRIBUTE,
    Question,
    does,
)
from tests.laws.worlds import PERSONAL, SECURED, World
from tests.models.office import SYSTEM
from tests.models.outcomes import result_of

EVERY_SHAPE = list(HealthCheck)
NOBODY_MAY = {"writable", "contract_privilege"}
"""Questions whose no is nature's."""


@dataclass(frozen=True)
class Asked:
    world: World
    question: Question


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    world = draw(worlds())
    privilege = draw(st.sampled_from([*Privilege, *Privilege, *Miscellaneous]))
    on_entity = isinstance(privilege, Privilege) or privilege in ON_RECORDS
    on_record = (
        on_entity
        and privilege is not Privilege.CREATE
        and draw(st.sampled_from([True] * 4 + [False]))
    )
    with_attribute = on_entity and (privilege in WITH_ATTRIBUTE or privilege in ON_RECORDS)
    names = st.sampled_from(["", SECURED, SECURED, PERSONAL, PERSONAL, OPEN, OF_PLATFORM])
    return Asked(
        world,
        Question(
            person=draw(st.integers(0, len(world.people) - 1)),
            privilege=privilege,
            record=draw(st.integers(0, len(world.owners) - 1)) if on_record else None,
            attribute=draw(names) if with_attribute else "",
            is_on_entity=on_entity,
        ),
    )


def explained(service: RecordService, built: Built, question: Question) -> Explanation:
    return why.explain(
        service.unit,
        SYSTEM,
        why.Why(
            user=built.id_of(question.person),
            privilege=question.privilege,
            entity=ENTITY if question.is_on_entity else "",
            record=None if question.record is None else built.records[question.record],
            attribute=question.attribute,
        ),
    )


@settings(max_examples=50, suppress_health_check=EVERY_SHAPE)
@given(asked())
def test_the_verdict_is_what_the_service_does(engine: RecordEngine, asked: Asked) -> None:
    def ask(service: RecordService) -> tuple[bool, bool]:
        built = Built(service, asked.world)
        told = explained(service, built, asked.question)
        return told.allowed, does(service, built, asked.question)

    said, done = result_of(engine, ask)  # type: ignore[misc]
    assert said == done


@settings(max_examples=50, suppress_health_check=EVERY_SHAPE)
@given(asked(), st.data())
def test_what_is_said_to_be_missing_suffices_once_it_is_given(
    engine: RecordEngine, asked: Asked, data: st.DataObject
) -> None:
    def given_all(service: RecordService) -> tuple[list[Section], bool, bool]:
        built = Built(service, asked.world)
        giving = Giving(built, asked.question)
        refused = [s for s in explained(service, built, asked.question).sections if not s.allowed]
        hopeless = [section for section in refused if not section.needed]
        for section in refused:
            if section.needed:
                giving.give(data.draw(st.sampled_from(section.needed)))
        told = explained(service, built, asked.question)
        return hopeless, told.allowed, does(service, built, asked.question)

    hopeless, said, done = result_of(engine, given_all)  # type: ignore[misc]
    assert {section.kind for section in hopeless} <= NOBODY_MAY
    assert (said, done) == (not hopeless, not hopeless)


@settings(max_examples=30, suppress_health_check=EVERY_SHAPE)
@given(asked())
def test_every_answer_gives_a_reason_in_both_languages(engine: RecordEngine, asked: Asked) -> None:
    def ask(service: RecordService) -> Explanation:
        return explained(service, Built(service, asked.world), asked.question)

    told = result_of(engine, ask)
    assert isinstance(told, Explanation)
    for section in told.sections:
        assert section.present, section
        assert not (section.allowed and section.needed), section
        for language in ("ja", "en"):
            texts = [section.title(language), *(f.text(language) for f in section.findings)]
            assert all(texts)
            assert not any("{" in text or "}" in text for text in texts)


def test_everything_that_may_be_needed_is_known_here() -> None:
    assert set(NEEDED) == set(REMEDIES)
