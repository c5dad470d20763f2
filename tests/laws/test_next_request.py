"""A change of role, team, profile, share or contract takes effect on the very next request, in
every process: it is made in another one, while somebody is signed in here. Given and taken away.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from models.records.service import RecordService
from models.security.caller import EVERYONE, Caller
from models.security.contracts import today
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office, build_office
from tests.laws.beside import Beside, beside
from tests.packager.folders import copy_of_kobe, edit
from tests.support.databases import NewDatabase
from tests.teams.making import default_team, made

SYSTEM = Caller.system("tests")
UNIT, ABOVE = "運営事務局", "企画調整局つなぐラボ"
OPERATOR, CONTRACTED, REPORT = "kobe_operator", "kobe_manager", "auditor"
ADDRESS = f"{OPERATOR}@example.jp"
CONTRACT = "委託先"
TERMS = {
    "starts_on": "2026-04-01",
    "ends_on": str(today() + timedelta(days=90)),
    "scope": {ENTITY: {}},
}
OVER = str(today() - timedelta(days=1))


@dataclass
class World:
    office: Office
    other: Beside
    folders: dict[str, Path]
    teams: dict[str, UUID] = field(default_factory=dict)
    records: dict[str, UUID] = field(default_factory=dict)

    def user(self, role: str) -> str:
        return str(self.office.users[role])

    def rights(self, role: str, **stated: list[str]) -> None:
        self.other.do("rights", account=self.user(role), stated=stated)

    def team(self, name: str, **stated: list[str]) -> None:
        self.other.do("team", id=str(self.teams[name]), stated=stated)

    def share(self, receiver: object, *rights: str) -> None:
        record = str(self.records["official's"])
        self.other.do("share", record=record, receiver=str(receiver), rights=[*rights])

    def contract(self, **changes: object) -> None:
        self.other.do("contract", name=CONTRACT, terms={**TERMS, **changes})


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The operator reads its own and its teams' records; somebody else has a contract."""
    folder, url = tmp_path_factory.mktemp("office"), new_database()
    office = build_office(folder, url)
    with beside(folder, url) as other:
        world = World(office, other, folders_in(tmp_path_factory))
        assert other.do("process") != os.getpid()
        other.do("solution", folder=str(world.folders["narrow"]))
        other.do("settings", values={"hierarchy_depth": 1})
        furnish(world)
        yield world
    office.engine.database.dispose()


def folders_in(factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Kobe's solution with narrower operators; and the same with more that they may do."""
    found = {}
    for name, more in (("narrow", []), ("wide", ["Export"])):
        folder = copy_of_kobe(factory.mktemp(name))
        edit(folder, "roles.yaml", lambda content, more=more: narrow(content, more))
        found[name] = folder
    return found


def narrow(content: dict[str, Any], more: list[str]) -> None:
    role = content["roles"][OPERATOR]
    role["entities"][ENTITY] = dict.fromkeys(("Read", "Write"), "basic")
    role["miscellaneous"] += more
    content["roles"][CONTRACTED]["miscellaneous"].remove("Erase")  # never under contract


def furnish(world: World) -> None:
    office, desk = world.office, sit_down(world.office, "administrator")
    for name in ("joined", "not joined"):
        world.teams[name] = made(desk, name=name, business_unit=UNIT)
    world.teams["unit"] = default_team(office, UNIT)
    ids = {"id": str(world.teams["joined"]), "joining": [ADDRESS], "leaving": []}
    world.other.do("members", **ids)
    world.rights(REPORT, business_unit=[UNIT])
    world.contract()
    world.rights(CONTRACTED, contractor=[CONTRACT])
    owners = {
        "unit's": world.teams["unit"],
        "not joined's": world.teams["not joined"],
        "official's": office.users["kobe_official"],
        "report's": office.users[REPORT],
    }
    for name, owner in owners.items():
        world.records[name] = record = office.apply()
        office.engine.run(lambda s, r=record, o=owner: assign(s, r, o))


def assign(service: RecordService, record: UUID, owner: UUID) -> None:
    service.assign_multiple(SYSTEM, ENTITY, [record], owner=owner)


Act = Callable[[World], object]


@dataclass(frozen=True)
class Kind:
    """A right, how it is given and taken away, and where a person would see it."""

    give: Act
    take: Act
    page: str
    """A path; or of which record the page is."""
    who: str = OPERATOR
    held: bool = False
    """Whether it is given to begin with."""
    shows: str = ""
    """What the page shows to who has the right, where it is not the page itself."""
    ends_session: bool = False

    def is_seen(self, world: World, desk: Desk) -> bool:
        path = f"/admin/t/{ENTITY}/details/?id={world.records.get(self.page)}"
        answer = desk.client.get(path if self.page in world.records else self.page)
        assert answer.status_code in {200, 302, 403, 404}
        return answer.status_code == 200 and self.shows in answer.text


def moves(world: World, **kinds: list[str]) -> None:
    names = {"joining": [], "leaving": [], **kinds}
    world.other.do("members", id=str(world.teams["not joined"]), **names)


KINDS = {
    "role": Kind(
        lambda w: w.rights(OPERATOR, roles=[OPERATOR, "kobe_official"]),
        lambda w: w.rights(OPERATOR, roles=[OPERATOR]),
        "/admin/export/",
    ),
    "what a role grants": Kind(
        lambda w: w.other.do("solution", folder=str(w.folders["wide"])),
        lambda w: w.other.do("solution", folder=str(w.folders["narrow"])),
        "/admin/export/",
    ),
    "role of a team": Kind(
        lambda w: w.team("joined", roles=["auditor"]),
        lambda w: w.team("joined", roles=[]),
        "/admin/audit/",
    ),
    "role of a unit's team": Kind(
        lambda w: w.team("unit", roles=["auditor"]),
        lambda w: w.team("unit", roles=[]),
        "/admin/audit/",
    ),
    "team": Kind(
        lambda w: moves(w, joining=[ADDRESS]),
        lambda w: moves(w, leaving=[ADDRESS]),
        "not joined's",
    ),
    "business unit": Kind(
        lambda w: w.rights(OPERATOR, business_unit=[UNIT]),
        lambda w: w.rights(OPERATOR, business_unit=[ABOVE]),
        "unit's",
        held=True,
    ),
    "manager": Kind(
        lambda w: w.rights(REPORT, manager=[ADDRESS]),
        lambda w: w.rights(REPORT, manager=[]),
        "report's",
    ),
    "profile": Kind(
        lambda w: w.rights(OPERATOR, profiles=["kobe_official"]),
        lambda w: w.rights(OPERATOR, profiles=[]),
        "unit's",
        shows=PERSONAL["kobe_email"],
    ),
    "profile of a team": Kind(
        lambda w: w.team("joined", profiles=["kobe_official"]),
        lambda w: w.team("joined", profiles=[]),
        "unit's",
        shows=PERSONAL["kobe_email"],
    ),
    "share": Kind(
        lambda w: w.share(w.user(OPERATOR), "Read"),
        lambda w: w.share(w.user(OPERATOR)),
        "official's",
    ),
    "share with a team": Kind(
        lambda w: w.share(w.teams["joined"], "Read"),
        lambda w: w.share(w.teams["joined"]),
        "official's",
    ),
    "share with everyone": Kind(
        lambda w: w.share(EVERYONE, "Read"), lambda w: w.share(EVERYONE), "official's"
    ),
    "data of a contract": Kind(
        lambda w: w.contract(),
        lambda w: w.contract(scope={}),
        "unit's",
        who=CONTRACTED,
        held=True,
    ),
    "options of a contract": Kind(
        lambda w: w.contract(),
        lambda w: w.contract(scope={ENTITY: {"kobe_category": [927000003]}}),
        "unit's",
        who=CONTRACTED,
        held=True,
    ),
    "networks of a contract": Kind(
        lambda w: w.contract(),
        lambda w: w.contract(networks="198.51.100.0/24"),
        "/admin/",
        who=CONTRACTED,
        held=True,
    ),
    "period of a contract": Kind(
        lambda w: w.contract(),
        lambda w: w.contract(ends_on=OVER),
        "/admin/",
        who=CONTRACTED,
        held=True,
        ends_session=True,
    ),
    "account": Kind(
        lambda w: w.other.do("account", id=w.user(OPERATOR), active=True),
        lambda w: w.other.do("account", id=w.user(OPERATOR), active=False),
        "/admin/",
        held=True,
        ends_session=True,
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_changed_elsewhere_holds_at_the_next_request_here(world: World, name: str) -> None:
    kind = KINDS[name]
    desk = sit_down(world.office, kind.who)
    assert kind.is_seen(world, desk) is kind.held, "to begin with"
    for is_given in (not kind.held, kind.held):
        (kind.give if is_given else kind.take)(world)
        if is_given and kind.ends_session:
            world.office.sessions.pop(kind.who)
            desk = sit_down(world.office, kind.who)
        assert kind.is_seen(world, desk) is is_given, "given" if is_given else "taken away"
