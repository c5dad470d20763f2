"""The errors of the house as a command says them: a few lines, no traceback, exit status 1.

What ends a command from outside, Ctrl-C or SIGTERM, ends it the same way: what it had begun is
cleared away.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, OperationalError

from config import SettingsError
from crypto.errors import SealingError
from extensions import NOT_READY, settings
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    DefinitionError,
    RecordNotFound,
    ValidationFailed,
)

MOST_PROBLEMS = 20


class PlainGroup(AppGroup):
    """A group of commands whose errors are said plainly."""

    def invoke(self, ctx: click.Context) -> Any:
        with said_plainly(), _ended_by_sigterm():
            return super().invoke(ctx)


class PlainCommand(click.Command):
    """A command whose errors are said plainly."""

    def invoke(self, ctx: click.Context) -> Any:
        with said_plainly(), _ended_by_sigterm():
            return super().invoke(ctx)


@contextmanager
def said_plainly(*, unit: str = "", first: int = 1) -> Iterator[None]:
    """Turn the errors a person can act on into messages; records are counted from `first`."""
    try:
        yield
    except ValidationFailed as error:
        raise click.ClickException(_problems(error, unit, first)) from error
    except AccessDenied as error:
        raise click.ClickException(f"not permitted: {error}") from error
    except RecordNotFound as error:
        raise click.ClickException(f"not found: {error}") from error
    except (ConcurrencyConflict, DefinitionError, SettingsError, SealingError) as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(_of_database(error)) from error
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{named}{error.strerror or error}") from error


def is_set_up() -> bool:
    """Whether there is an installation that answers."""
    return NOT_READY not in current_app.extensions


def require_set_up() -> None:
    """For commands that need more than settings: whatever is in the way is said."""
    reason = current_app.extensions.get(NOT_READY)
    if reason is None:
        return
    chosen = settings()
    has_keys = chosen.secret_key_file.exists() and (
        chosen.root_key or chosen.root_key_file.exists()
    )
    if isinstance(reason, SettingsError) and not has_keys:
        raise click.ClickException("this installation is not set up yet; run: flask setup")
    raise reason


def _problems(error: ValidationFailed, unit: str, first: int) -> str:
    lines = [
        f"{unit} {problem.record + first}: {problem.text('en')}" if unit else problem.text("en")
        for problem in error.problems[:MOST_PROBLEMS]
    ]
    more = len(error.problems) - MOST_PROBLEMS
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)


def _of_database(error: DBAPIError) -> str:
    """Only what the database says of itself: another message may repeat a value."""
    said = str(error.orig).partition("\n")[0]
    if "no such table" in said or getattr(error.orig, "sqlstate", "") == "42P01":
        return "the database is not set up yet; run: flask setup"
    if isinstance(error, OperationalError):
        return f"the database cannot be used: {said}"
    return f"the database refused it ({type(error).__name__})"


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
