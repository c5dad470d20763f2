"""The blind index made anew from the sealed values: under new keys, or where there is none after a
restore. Searches go on meanwhile: they ask for the digests of all keys that live.

Codes of duplicates follow from the platform's lasting key, which no rotation changes: they stay.
"""

from collections.abc import Sequence
from functools import partial

from models.records.engine import RecordEngine
from models.records.rekeying.index_keys import IndexKeys, indexed
from models.records.rekeying.patience import Patience
from models.records.rekeying.rotating import Rotated, carry_out
from models.records.rekeying.verifying import Progress, unseen
from models.security.caller import Caller

__all__ = ["indexed", "rebuild_index", "reindex"]


def rebuild_index(engine: RecordEngine, *, progress: Progress | None = None) -> int:
    """Make all entries anew; of how many records. May be done again and again, beside readers and
    writers."""
    done = 0
    for name in indexed(engine):
        work = IndexKeys(engine, name)
        for rows in work.batches():
            done += engine.database.run(partial(work.renew, rows=rows))
            (progress or unseen)(done)
    return done


def reindex(
    engine: RecordEngine,
    caller: Caller,
    names: Sequence[str],
    *,
    progress: Progress = unseen,
    patience: Patience | None = None,
) -> list[Rotated]:
    """New index keys for these entities, and all entries under them."""
    works = [IndexKeys(engine, name) for name in names]
    return carry_out(engine, caller, works, progress=progress, patience=patience)
