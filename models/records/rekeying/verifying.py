"""Does every sealed value open? Goes over all of them, if asked with some keys withheld, as if
these were gone already. It changes nothing and shows no value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crypto.envelope import key_id_of, open_sealed
from crypto.errors import BadTag, DestroyedKey, SealingError
from crypto.keyring import FoundKeys
from models.records.engine import RecordEngine
from models.records.rekeying.places import Cell, Place
from models.records.rekeying.swapping import sealed_rows

MOST_TOLD = 20
Progress = Callable[[int], None]
"""Told how many rows are done by now."""


def unseen(_rows: int) -> None:
    """The progress of who does not look."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that does not open: where it stands, never what it is."""

    place: str
    row: str
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place} {self.row} › {self.column}: {self.reason}"


@dataclass(slots=True)
class Verification:
    """`shredded` values are gone on purpose; `withheld` are those of the withheld keys."""

    rows: int = 0
    opened: int = 0
    shredded: int = 0
    withheld: int = 0
    failed: int = 0
    faults: list[Fault] = field(default_factory=list)
    """The first MOST_TOLD of those that failed."""

    @property
    def holds(self) -> bool:
        return not self.failed and not self.withheld


def verify(
    engine: RecordEngine,
    places: Sequence[Place],
    *,
    withhold: Callable[[set[int]], set[int]] = lambda _: set(),
    progress: Progress = unseen,
) -> Verification:
    """`withhold` says which of the keys that a batch names are not to be used."""
    found = Verification()
    for place in places:
        after = ""
        while True:
            with engine.database.reading() as connection:
                rows = sealed_rows(connection, place, after=after)
            if not rows:
                break
            cells = [(place.cursor_of(row), cell) for row in rows for cell in place.cells(row)]
            _open(engine, place, cells, withhold=withhold, found=found)
            after = place.cursor_of(rows[-1])
            found.rows += len(rows)
            progress(found.rows)
    return found


def _open(
    engine: RecordEngine,
    place: Place,
    cells: Sequence[tuple[str, Cell]],
    *,
    withhold: Callable[[set[int]], set[int]],
    found: Verification,
) -> None:
    named = {_key_id(cell) for _, cell in cells} - {None}
    ids = {key_id for key_id in named if key_id is not None}
    withheld = withhold(ids)
    keys = engine.keyring.find_keys(ids - withheld, keeps=False)
    for row, cell in cells:
        if _key_id(cell) in withheld:
            found.withheld += 1
            continue
        try:
            _open_cell(keys, cell)
        except DestroyedKey:
            found.shredded += 1
        except SealingError as error:
            found.failed += 1
            if len(found.faults) < MOST_TOLD:
                found.faults.append(Fault(place.name, row, cell.column, str(error)))
        else:
            found.opened += 1


def _open_cell(keys: FoundKeys, cell: Cell) -> None:
    key_id = key_id_of(cell.envelope)
    if key_id in keys.refused:
        raise keys.refused[key_id]
    open_sealed(
        keys.ciphers[key_id],
        envelope=cell.envelope,
        attribute_number=cell.number,
        record_id=cell.identity,
    )


def _key_id(cell: Cell) -> int | None:
    try:
        return key_id_of(cell.envelope)
    except BadTag:
        return None
