"""Samples: what the record service takes, the same for the same seed, and nobody's."""

from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from exchange.samples import sample_values
from models.metadata.definitions import EntityDefinition
from models.records.validation import new_records
from models.security.caller import Caller
from models.tables.base import utc_now
from packager.installing import check

SOLUTIONS = (
    Path(__file__).parents[2] / "solutions" / "kobe_support",
    Path(__file__).parents[1] / "solutions" / "office_of_tests",
)
ENTITIES = [entity for folder in SOLUTIONS for entity in check(folder).entities.values()]
COUNT = 300


@pytest.fixture(params=ENTITIES, ids=lambda entity: entity.logical_name)
def entity(request: pytest.FixtureRequest) -> EntityDefinition:
    found: EntityDefinition = request.param
    return found


def test_every_sample_is_valid(entity: EntityDefinition) -> None:
    """What it points to is added by who knows the records there are."""
    pointing = {a.logical_name: UUID(int=1) for a in entity.by_type.get("Lookup", ())}
    samples = [values | pointing for values in sample_values(entity, COUNT, seed=1)]
    caller = Caller.system("tests")
    records, problems = new_records(entity, samples, caller=caller, on=utc_now(), first_status=1)
    assert (len(records), problems) == (COUNT, [])


def test_the_same_seed_makes_the_same_records(entity: EntityDefinition) -> None:
    first, second, other = (list(sample_values(entity, 20, seed=seed)) for seed in (1, 1, 2))
    assert first == second
    assert first != other
    assert list(islice(sample_values(entity, 500, seed=1), 20)) == first


def test_no_sample_is_a_real_person() -> None:
    """Addresses under a name that stands for examples; nothing that another office reads."""
    kobe = next(entity for entity in ENTITIES if entity.logical_name == "kobe_application")
    for sample in sample_values(kobe, COUNT, seed=3):
        assert str(sample["kobe_email"]).endswith("@example.jp")
        assert sample["kobe_websiteurl"] is None or ".example.jp/" in str(
            sample["kobe_websiteurl"]
        )
        assert 400 <= len(str(sample["kobe_body"])) <= 700
