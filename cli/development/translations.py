"""`python -m cli.development.translations`: one catalogue from the Japanese of each front door.

Each door keeps its own translations/*.ja.po; the compiled catalogue is committed, so that running
needs no build. It does not extract texts: tests find the ones without a translation.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / "translations"
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""So that the same texts make the same file."""
COMPILED = FOLDER / "ja" / "LC_MESSAGES" / "messages.mo"


def merged() -> Catalog:
    """All doors' texts; the same text must be translated alike everywhere."""
    catalog = Catalog(locale="ja", fuzzy=False, creation_date=UNDATED, revision_date=UNDATED)
    for path in sorted(FOLDER.glob("*.ja.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ja"):
                if message.id and message.string:
                    catalog.add(message.id, message.string)
    return catalog


def compiled() -> bytes:
    data = io.BytesIO()
    write_mo(data, merged())
    return data.getvalue()


if __name__ == "__main__":
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    COMPILED.write_bytes(compiled())
