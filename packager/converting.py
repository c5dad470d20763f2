"""A solution that seals what was kept in clear, or the reverse: values first, then its import.

An import alone refuses that. Here the values are made in columns beside while everybody goes on;
the import has them change places; then the index follows and the files are rid of the old ones.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, delete

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.records.engine import RecordEngine
from models.records.rekeying.converting import Conversion, conversions, give_up
from models.records.rekeying.reindexing import rebuild_index
from models.security.caller import Caller
from models.tables.record_data import BlindIndexEntry
from models.tables.rewriting import rewrite
from packager.installing import Accept, install_audited, preview


def convert(engine: RecordEngine, caller: Caller, folder: Path, *, accept: Accept) -> Catalog:
    """Bring values and definitions after the solution. Broken off, it changed nothing that is in
    use, and goes on from there when it is called again; with the solution as it is installed, what
    was made by then is dropped."""
    found = preview(engine, folder, accept=accept)
    if found is None:
        _give_up(engine)
        return install_audited(engine, caller, folder, accept=accept)
    for one in conversions(engine, *found):
        one.prepare()
    done: list[Conversion] = []

    def switch(connection: Connection, before: Catalog, after: Catalog) -> None:
        done[:] = conversions(engine, before, after)
        for one in done:
            one.switch(connection)

    catalog = install_audited(engine, caller, folder, accept=accept, convert=switch)
    _tidy(engine, done)
    return catalog


def _give_up(engine: RecordEngine) -> None:
    left = give_up(engine)
    if not left:
        raise DefinitionError("nothing is sealed newly, or no longer: import it", where="solution")
    rewrite(engine.database, left)


def _tidy(engine: RecordEngine, done: Sequence[Conversion]) -> None:
    clear = [one.number for part in done for one in part.changed if not one.sealed]
    of_clear = delete(BlindIndexEntry).where(BlindIndexEntry.attribute_number.in_(clear))
    engine.database.run(lambda transaction: transaction.write(of_clear))
    rebuild_index(engine)
    rewrite(engine.database, [part.table for part in done])
