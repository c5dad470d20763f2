"""A second process of the same office, started once: it does what it is told, a line at a time.

What is told to it it does by the functions that pages and commands do it by. It shares nothing
with who tells it but the database.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from admin_views.contractors import changing as contracts
from admin_views.contractors.changing import Terms
from admin_views.identity import account_rights, accounts
from admin_views.teams import changing as teams
from admin_views.teams.members import change_members
from extensions import engine
from models.records.sharing import Share
from models.security import organization
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.principals import Contractor
from packager.installing import install_audited
from tests.admin_views.office import ENTITY, build_app, open_engine

ROOT = Path(__file__).parents[2]
ELSEWHERE = Caller.system("a second process")


@dataclass(frozen=True)
class Beside:
    process: "subprocess.Popen[str]"

    def do(self, order: str, **told: Any) -> Any:
        """Have an order done, and wait until it is."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"order": order, "told": told}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the second process has ended"
        return json.loads(answer)


@contextmanager
def beside(folder: Path, url: str) -> Iterator[Beside]:
    command = [sys.executable, "-m", "tests.laws.beside", str(folder), url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Beside(process)
        process.stdin.close()
    assert process.returncode == 0


def rights(account: str, stated: dict[str, list[str]]) -> None:
    account_rights.change_rights(ELSEWHERE, UUID(account), stated)


def team(id: str, stated: dict[str, list[str]]) -> None:
    teams.change(ELSEWHERE, UUID(id), stated)


def members(id: str, joining: list[str], leaving: list[str]) -> None:
    change_members(ELSEWHERE, UUID(id), joining=joining, leaving=leaving)


def share(record: str, receiver: str, rights: list[str]) -> None:
    """No rights: take the share back."""
    given = Share(UUID(receiver), frozenset(Privilege(one) for one in rights))

    def work(service: Any) -> None:
        sharing = service.sharing(ELSEWHERE, ENTITY, [UUID(record)])
        sharing.grant(given) if rights else sharing.revoke(given.principal)

    engine().run(work)


def contract(name: str, terms: dict[str, Any]) -> None:
    """Changed, or made if there is none."""
    stated = Terms(name=name, **terms)

    def work(service: Any) -> None:
        found = select(Contractor.id, Contractor.version).where(Contractor.name == name)
        row = service.transaction.read(found).first()
        if row is None:
            contracts.add(service, ELSEWHERE, stated)
        else:
            contracts.amend(service, ELSEWHERE, row.id, stated, version=row.version)

    engine().run(work)


def account(id: str, active: bool) -> None:
    act = accounts.activate if active else accounts.deactivate
    act(ELSEWHERE, UUID(id))


def solution(folder: str) -> None:
    install_audited(engine(), ELSEWHERE, Path(folder))


def settings(values: dict[str, int]) -> None:
    engine().database.run(lambda t: organization.change(t.lock(), values))


def process() -> int:
    return os.getpid()


ORDERS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (rights, team, members, share, contract, account, solution, settings, process)
}


def main(folder: Path, url: str) -> None:
    app = build_app(open_engine(folder, url))
    for line in sys.stdin:
        asked = json.loads(line)
        with app.app_context():
            found = ORDERS[asked["order"]](**asked["told"])
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
