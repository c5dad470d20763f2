"""A file as an answer: its type, its name in Japanese, and nothing that a browser would run."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from exchange.formats import format_named
from models.metadata.attribute_types import LOCAL_ZONE
from models.tables.base import utc_now


def file_answer(pieces: Iterable[bytes], *, format: str, title: str, plain_name: str) -> Response:
    """`title` names the file for today's browsers, `plain_name`, in ASCII, for the rest (RFC
    6266)."""
    made = format_named(format)
    return named_file(
        pieces,
        suffix=made.suffix,
        content_type=made.content_type,
        title=title,
        plain_name=plain_name,
    )


def named_file(
    pieces: Iterable[bytes], *, suffix: str, content_type: str, title: str, plain_name: str
) -> Response:
    """As `file_answer`, of any type."""
    stamp = f"{utc_now().astimezone(LOCAL_ZONE):%Y%m%d-%H%M}"
    safe = re.sub(r'[\\/:*?"<>|\s]+', "_", title)
    name = quote(f"{safe}_{stamp}.{suffix}", safe="")
    response = Response(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain_name}_{stamp}.{suffix}\"; filename*=UTF-8''{name}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
