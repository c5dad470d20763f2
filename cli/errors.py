"""The errors of the house as a command says them: one line, no traceback, exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app

from config import SettingsError
from crypto.errors import SealingError
from extensions import ENGINE
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    DefinitionError,
    RecordNotFound,
    ValidationFailed,
)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn the errors a person can act on into messages."""
    try:
        yield
    except ValidationFailed as error:
        lines = [f"record {p.record + 1}: {p.text('en')}" for p in error.problems[:20]]
        raise click.ClickException("\n".join(lines)) from error
    except AccessDenied as error:
        raise click.ClickException(f"not permitted: {error}") from error
    except RecordNotFound as error:
        raise click.ClickException(f"not found: {error}") from error
    except (ConcurrencyConflict, DefinitionError, SettingsError, SealingError) as error:
        raise click.ClickException(str(error)) from error


def require_set_up() -> None:
    if ENGINE not in current_app.extensions:
        raise click.ClickException("this installation is not set up yet; run: flask setup")
