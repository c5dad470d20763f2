"""`flask worker`: does system jobs until told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

import click
from flask.cli import with_appcontext

from cli.callers import shell_caller
from cli.errors import PlainCommand, require_set_up
from cli.progress import progress_bar, reached
from extensions import engine, settings
from jobs.mail import Mailer
from jobs.queue import due_count, overdue
from jobs.retrying import retry_mails
from jobs.worker import Worker


@click.command("worker", cls=PlainCommand)
@click.option("--drain", is_flag=True, help="Stop as soon as nothing is due.")
@click.option("--retry-failed", is_flag=True, help="First put all failed mails back to be sent.")
@with_appcontext
def worker_command(drain: bool, retry_failed: bool) -> None:  # noqa: FBT001 - click's way
    """Send mails and do the recurring jobs. Several workers may run at once."""
    require_set_up()
    if retry_failed:
        caller = shell_caller("worker --retry-failed")
        count = engine().run(lambda service: retry_mails(service, caller))
        click.echo(f"Failed mails put back into the queue: {count}.")
    with engine().database.reading() as connection:
        late, due = len(overdue(connection)), due_count(connection)
    if late:
        click.echo(f"{late} jobs were not done when they were due; doing them now.")
    worker = Worker(engine(), Mailer(settings()))
    with _told_to_stop() as stop, progress_bar(due, "Jobs", hidden=not drain) as bar:
        done = worker.run(stop, drain=drain, progress=partial(reached, bar))
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
