"""Figures of backups: made, verified and restored in one process, in megabytes of the database."""

import time
from pathlib import Path

from bench.installation import Installation
from bench.measuring import Table
from crypto.providers import FileKeyProvider
from exchange.backups import belonging, checking, making, restoring
from exchange.backups.making import Source
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup
from exchange.backups.restoring import Place, Steps
from extensions import SETTINGS
from models.records.erasing.replaying import replay_erasures
from models.records.rekeying.reindexing import rebuild_index
from models.records.steps import Steps as RecordSteps
from models.security.caller import Caller

STEPS = Steps(
    replay_erasures=replay_erasures, rebuild_index=rebuild_index, operations=RecordSteps()
)


def backups(table: Table, installation: Installation, folder: Path) -> None:
    """The records, then their keystore; the records are brought back beside, by the keystore that
    is there."""
    table.section("Backup and restore of SQLite, in one process")
    records = _measured(table, installation, folder, Kind.RECORDS)
    _measured(table, installation, folder, Kind.KEYSTORE)
    chosen = installation.app.extensions[SETTINGS]
    place = Place(
        database_url=f"sqlite:///{folder / 'restored' / 'uketsuke.db'}",
        keystore_url=chosen.keystore_url,
        provider=FileKeyProvider(chosen.root_key_file),
    )
    started = time.perf_counter()
    caller = Caller.system("measuring")
    done = restoring.restore(place, records, None, steps=STEPS, caller=caller)
    seconds = time.perf_counter() - started
    size = records.manifest.plain.size / 1e6
    indexed = f"{done.indexed:,} records indexed, all opened"
    table.add("restored, MB/s", f"{size / seconds:,.0f}", f"{seconds:.1f} s, {indexed}")


def _measured(table: Table, installation: Installation, folder: Path, kind: Kind) -> Backup:
    chosen = installation.app.extensions[SETTINGS]
    source = Source(
        kind=kind,
        url=chosen.database_url if kind is Kind.RECORDS else chosen.keystore_url,
        keystore=belonging.name_of(installation.engine.keyring),
        provider=FileKeyProvider(chosen.root_key_file),
        keys=installation.engine.keyring.keystore,
        workplace=chosen.instance_dir,
    )
    started = time.perf_counter()
    made = making.make(source, folder / f"backups of {kind}")
    created = time.perf_counter() - started
    started = time.perf_counter()
    checking.verify(made, chosen.instance_dir)
    verified = time.perf_counter() - started
    size = made.manifest.plain.size / 1e6
    rows = f"{size:,.0f} MB, {made.manifest.row_count:,} rows"
    table.add(f"{kind}: made, MB/s", f"{size / created:,.0f}", f"{created:.1f} s; {rows}")
    table.add(f"{kind}: verified, MB/s", f"{size / verified:,.0f}", f"{verified:.1f} s")
    return made
