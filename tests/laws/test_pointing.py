"""The law of lookups: who makes one record point to another writes and appends the one and appends
to the other, each by its level, in any office and on both databases.
"""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.privileges import AccessLevel, Privilege
from tests.laws.any_world import worlds
from tests.laws.building import ENTITY, Built
from tests.laws.worlds import Person, World
from tests.models.outcomes import DONE, outcome

EVERY_SHAPE = list(HealthCheck)
NEEDED = (Privilege.WRITE, Privilege.CREATE, Privilege.APPEND, Privilege.APPEND_TO)


@st.composite
def offices(draw: st.DrawFn) -> World:
    """Where most may do something: each of the privileges at any level, by the same roles."""
    world = draw(worlds())
    level = st.sampled_from([one for one in AccessLevel if one])
    for role in world.roles:
        role.levels |= {one: draw(level) for one in NEEDED}
    me = world.people[0]
    world.people[0] = Person(me.name, me.unit, me.manager)
    return world


@settings(max_examples=15, suppress_health_check=EVERY_SHAPE)
@given(offices())
def test_a_present_record_is_made_to_point(engine: RecordEngine, world: World) -> None:
    assume(world.roles)

    def point(service: RecordService) -> None:
        built = Built(service, world)
        change = Change(built.records[0], {"tst_superior": built.records[-1]})
        caller = built.caller(0)
        assert caller is not None
        service.update_multiple(caller, ENTITY, [change])

    last = len(world.owners) - 1
    allowed = (
        world.reaches(0, Privilege.WRITE, 0)
        and world.reaches(0, Privilege.APPEND, 0)
        and world.reaches(0, Privilege.APPEND_TO, last)
    )
    assert (outcome(engine, point) == DONE) is allowed


@settings(max_examples=15, suppress_health_check=EVERY_SHAPE)
@given(offices())
def test_a_new_record_points(engine: RecordEngine, world: World) -> None:
    assume(world.roles)

    def create(service: RecordService) -> None:
        built = Built(service, world)
        values = {"tst_fullname": "新", "tst_superior": built.records[0]}
        caller = built.caller(0)
        assert caller is not None
        service.create_multiple(caller, ENTITY, [values])

    allowed = (
        world.creates(0)
        and world.creates(0, Privilege.APPEND)
        and world.reaches(0, Privilege.APPEND_TO, 0)
    )
    assert (outcome(engine, create) == DONE) is allowed
