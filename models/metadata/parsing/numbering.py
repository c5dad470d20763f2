"""The format of an AutoNumber: what may stand in it, and with what."""

import re

from models.metadata.definitions import SEQUENCE, AttributeDefinition
from models.metadata.errors import DefinitionError

RANDOM, CHECK = "{RANDSTRING:", "{CHECK}"
NUMBER_FORMAT = re.compile(
    r"(?:[^{}]|\{RANDSTRING:[1-9][0-9]?\}|\{SEQNUM:(?:[1-9]|1[0-8])\}"
    r"|\{DATETIMEUTC:[^{}]+\}|\{CHECK\})*"
)
FIRST = 1


def check_numbering(attribute: AttributeDefinition, where: str) -> None:
    """DefinitionError for a format that would repeat numbers, or tell nothing by its check."""
    stated = attribute.number_format
    is_sequence = SEQUENCE in stated
    if attribute.seed < 0 or (attribute.seed != FIRST and not is_sequence):
        message = "seed is the first number of a {SEQNUM:n}, 0 or more"
        raise DefinitionError(message, where=where)
    if not stated:
        return
    if attribute.type != "AutoNumber":
        raise DefinitionError("number_format belongs to AutoNumber", where=where)
    if not NUMBER_FORMAT.fullmatch(stated) or not (is_sequence or RANDOM in stated):
        message = "number_format is text, {RANDSTRING:n} or {SEQNUM:n}, {DATETIMEUTC:%Y}, {CHECK}"
        raise DefinitionError(message, where=where)
    if stated.count(SEQUENCE) > 1:
        raise DefinitionError("a number has one {SEQNUM:n}", where=where)
    if is_sequence and CHECK in stated:
        message = "{CHECK} is of {RANDSTRING:n}: it does not tell 0 from 1"
        raise DefinitionError(message, where=where)
