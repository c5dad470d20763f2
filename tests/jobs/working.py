"""A worker as a process of its own: `python -m tests.jobs.working DATABASE KEYSTORE ROOT PORT`.

It drains the queue, then says how many jobs it did.
"""

import signal
import sys
from pathlib import Path
from threading import Event

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from jobs.mail import Mailer
from jobs.worker import Worker
from models.metadata.loading import CatalogSource
from models.records.engine import RecordEngine
from models.tables.session import Database
from tests.jobs.post import settings


def main(database_url: str, keystore_url: str, root: str, port: str, drain: str) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    database = Database(database_url)
    keystore = Keystore(keystore_url, FileKeyProvider(Path(root)))
    engine = RecordEngine(database, Keyring(keystore), CatalogSource(database))
    print("ready", flush=True)
    done = Worker(engine, Mailer(settings(int(port)))).run(stop, drain=drain == "drain")
    print(done, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
