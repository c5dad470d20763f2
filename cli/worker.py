"""`flask worker`: does system jobs until told to stop."""

import signal
from threading import Event

import click
from flask.cli import with_appcontext

from cli.errors import require_set_up
from extensions import engine, settings
from jobs.mail import Mailer
from jobs.queue import overdue
from jobs.worker import Worker


@click.command("worker")
@click.option("--drain", is_flag=True, help="Stop as soon as nothing is due.")
@with_appcontext
def worker_command(drain: bool) -> None:  # noqa: FBT001 - click's way with flags
    """Send mails and do the recurring jobs. Several workers may run at once."""
    require_set_up()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with engine().database.reading() as connection:
        late = len(overdue(connection))
    if late:
        click.echo(f"{late} jobs were not done when they were due; doing them now.")
    done = Worker(engine(), Mailer(settings())).run(stop, drain=drain)
    click.echo(f"Stopped. {done} jobs.")
