"""The course of every rotation, whatever its keys are for, while readers and writers go on.

Pass after pass, until nothing names an old key; then all is checked with the old keys withheld;
then, while nobody writes, it is proved again that nothing names one, and they are destroyed.
Whatever ends the process in between, the next call goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Table, select

from crypto.errors import SealingError
from crypto.key_rotation import RotatingKeys
from models.records.auditing import Act
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.journal import Rotation
from models.records.rekeying.patience import Patience
from models.records.rekeying.resealing import OldKeys
from models.records.rekeying.swapping import hold_all
from models.records.rekeying.verifying import Progress, Verification
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.customizations import Environment

MOST_IDLE = 5
"""Passes one after the other in which nothing could be moved although something is left."""


HALTED = (
    "{names}: some rows cannot be put under new keys; what does not open is told by flask keys "
    "verify. Their old keys were not destroyed"
)
CHANGED = (
    "{name}: the definitions were changed meanwhile, so there may be more to go over. Run the "
    "command again"
)


class RotationHalted(SealingError):
    """Values under old keys cannot be moved: nothing was destroyed."""


class Work(Protocol):
    """What one rotation goes over."""

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str:
        """Whose keys they are."""

    @property
    def entity(self) -> str | None:
        """Which entity that is, if it is one."""

    @property
    def version(self) -> int:
        """Of the definitions that it goes by."""

    @property
    def number(self) -> int: ...

    @property
    def keys(self) -> RotatingKeys: ...

    @property
    def tables(self) -> Sequence[Table]:
        """Where something may name an old key."""

    def pass_over(self, rotation: Rotation, old: OldKeys, progress: Progress) -> int:
        """Once over everything, from where the journal says; how many rows were moved."""

    def remaining(self, connection: Connection, old: OldKeys) -> int:
        """The proof: how many rows name an old key that still lives."""

    def verified(self, old: OldKeys) -> Verification:
        """What becomes of the values once the old keys are gone."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of it. `verified` is how it was with the old keys withheld, before their end."""

    name: str
    passes: int
    moved: int
    destroyed: int
    verified: Verification


@dataclass(frozen=True, slots=True)
class Course:
    engine: RecordEngine
    caller: Caller
    work: Work

    def begin(self) -> None:
        """Retire the keys, unless a rotation goes on already. A process that ended between the two
        steps has retired keys, and does so again."""
        if self._present() is not None:
            return
        boundary, keys = self.work.keys.retire()

        def note(service: RecordService) -> None:
            of = {"number": self.work.number, "boundary": boundary, "keys": keys}
            journal.begun(service.transaction, self.work.kind, **of)
            self._audit(service, "begin_key_rotation", below_key=boundary, keys=keys)

        self.engine.run(note)

    def pass_over(self, progress: Progress) -> int:
        """One pass; how many rows were moved."""
        rotation = self._required()
        moved = self.work.pass_over(rotation, self._old(rotation), progress)
        self.engine.database.run(lambda transaction: journal.next_pass(transaction, rotation))
        return moved

    def end(self) -> Rotated | None:
        """Verify, and destroy the old keys; None where something still names one."""
        rotation = self._required()
        old = self._old(rotation)
        with self.engine.database.reading() as connection:
            if self.work.remaining(connection, old):
                return None
        verified = self.work.verified(old)
        if verified.failed:
            told = "\n".join(f"- {fault}" for fault in verified.faults)
            raise RotationHalted(
                f"{self.work.name}: {verified.failed} values do not open, so no key was "
                f"destroyed:\n{told}"
            )
        if verified.withheld:
            return None

        def work(service: RecordService) -> int | None:
            connection = hold_all(service.transaction, self.work.tables)
            if connection.scalar(select(Environment.metadata_version)) != self.work.version:
                raise RotationHalted(CHANGED.format(name=self.work.name))
            if self.work.remaining(connection, old):
                return None
            destroyed = old.destroy()
            journal.ended(service.transaction, rotation)
            self._audit(
                service,
                "end_key_rotation",
                below_key=old.boundary,
                keys=destroyed,
                rows=rotation.moved,
            )
            return destroyed

        destroyed = self.engine.run(work)
        if destroyed is None:
            return None
        self.engine.database.empty_log()
        return Rotated(self.work.name, rotation.passes, rotation.moved, destroyed, verified)

    def _old(self, rotation: Rotation) -> OldKeys:
        return OldKeys(self.work.keys, rotation.boundary)

    def _present(self) -> Rotation | None:
        with self.engine.database.reading() as connection:
            return journal.found(connection, self.work.kind, self.work.number)

    def _required(self) -> Rotation:
        rotation = self._present()
        if rotation is None:
            raise RotationHalted(f"{self.work.name}: another process has ended this rotation")
        return rotation

    def _audit(self, service: RecordService, action: str, **numbers: int) -> None:
        details = {"key_kind": self.work.kind, **numbers}
        act = Act(action=action, entity=self.work.entity, details=details)
        service.unit.auditing.act(self.caller, act)


def carry_out(
    engine: RecordEngine,
    caller: Caller,
    works: Sequence[Work],
    *,
    progress: Progress,
    patience: Patience | None = None,
) -> list[Rotated]:
    """All of them pass by pass, so that what has to be waited for is waited for once.
    RotationHalted where a value does not open."""
    waiting, ended = [Course(engine, caller, work) for work in works], []
    for course in waiting:
        course.begin()
    idle = -1
    while waiting:
        if sum(course.pass_over(progress) for course in waiting) or idle < 0:
            (patience or Patience()).wait()
            idle = 0
            continue
        if idle == MOST_IDLE:
            raise RotationHalted(HALTED.format(names=", ".join(one.work.name for one in waiting)))
        outcomes = [(course, course.end()) for course in waiting]
        waiting = [course for course, outcome in outcomes if outcome is None]
        ended += [outcome for _, outcome in outcomes if outcome is not None]
        idle += 1
    return ended
