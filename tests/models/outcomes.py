"""What an act comes to, as one word; the database is left as it was."""

from collections.abc import Callable

from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    DefinitionError,
    RecordNotFound,
    ValidationFailed,
)
from models.records.engine import RecordEngine
from models.records.service import RecordService

DONE, DENIED, NOT_FOUND = "done", "AccessDenied", "RecordNotFound"
ERRORS = (AccessDenied, ConcurrencyConflict, DefinitionError, RecordNotFound, ValidationFailed)

Act = Callable[[RecordService], object]


class _Undone(Exception):
    """Ends a transaction whose work had succeeded."""

    def __init__(self, result: object) -> None:
        super().__init__()
        self.result = result


def result_of(engine: RecordEngine, act: Act) -> object:
    """What the act gives, taken back; or one of the house's five errors."""

    def tried(service: RecordService) -> None:
        raise _Undone(act(service))

    try:
        engine.run(tried)
    except _Undone as undone:
        return undone.result
    except ERRORS as error:
        return error
    raise AssertionError("unreachable")


def outcome(engine: RecordEngine, act: Act) -> str:
    """ "done", or the name of the error."""
    result = result_of(engine, act)
    return type(result).__name__ if isinstance(result, ERRORS) else DONE
