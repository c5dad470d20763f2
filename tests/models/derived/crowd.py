"""A process of its own that makes bills over somebody else's database, in several threads.

python -m tests.models.derived.crowd DATABASE_URL KEYSTORE_URL ROOT_KEY
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from models.metadata.loading import CatalogSource
from models.records.engine import RecordEngine
from models.tables.session import Database
from tests.models.office import system

THREADS, BATCHES = 3, 8
SIZES = (1, 2, 5)
"""Bills in a batch, in turn."""


def make_bills(engine: RecordEngine) -> int:
    """How many were made; each batch is a transaction."""
    maker, done = system(engine), 0
    for number in range(BATCHES):
        rows = [{"val_subject": "群"}] * SIZES[number % len(SIZES)]
        done += len(engine.run(lambda s, rows=rows: s.create_multiple(maker, "val_bill", rows)))
    return done


def main(database_url: str, keystore_url: str, root_key: str) -> None:
    keystore = Keystore(keystore_url, FileKeyProvider(Path(root_key)))
    database = Database(database_url)
    engine = RecordEngine(database, Keyring(keystore), CatalogSource(database))
    sys.stdin.readline()  # all begin at once
    with ThreadPoolExecutor(THREADS) as threads:
        print(sum(threads.map(make_bills, [engine] * THREADS)))


if __name__ == "__main__":
    main(*sys.argv[1:])
