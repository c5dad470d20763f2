"""`flask worker`: does system jobs until told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click
from flask.cli import with_appcontext

from cli.errors import PlainCommand, require_set_up
from extensions import engine, settings
from jobs.mail import Mailer
from jobs.queue import overdue
from jobs.worker import Worker


@click.command("worker", cls=PlainCommand)
@click.option("--drain", is_flag=True, help="Stop as soon as nothing is due.")
@with_appcontext
def worker_command(drain: bool) -> None:  # noqa: FBT001 - click's way with flags
    """Send mails and do the recurring jobs. Several workers may run at once."""
    require_set_up()
    with engine().database.reading() as connection:
        late = len(overdue(connection))
    if late:
        click.echo(f"{late} jobs were not done when they were due; doing them now.")
    with _told_to_stop() as stop:
        done = Worker(engine(), Mailer(settings())).run(stop, drain=drain)
    click.echo(f"Stopped. {done} jobs.")


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """Set by Ctrl-C and SIGTERM: the job at hand is done first."""
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
