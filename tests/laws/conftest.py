"""One house for all laws about who sees what; it is asked, and keeps what it holds. And an engine
on either database for the worlds that are built in it and taken back."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from models.records.engine import RecordEngine
from tests.admin_views.office import Office
from tests.laws.asking import AKIRA, HANA, build_house
from tests.models.office import office


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("worlds")) as running:
        yield running


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return build_house(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="session")
def record(house: Office) -> UUID:
    """Hana's, beside one of somebody else."""
    made = []
    for person, name in ((HANA, "花子の願い"), (AKIRA, "彰の願い")):
        values = {"kobe_email": person.email, "kobe_phone": person.phone}
        made.append(house.apply(**values, kobe_catchphrase=name))
    return made[0]
