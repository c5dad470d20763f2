"""What a test needs from the machine, and what happens where the machine lacks it.

On a developer's machine such a test is skipped with a word of advice. Where CI=true says that
nobody reads along, a skip would be a hole, so it fails there.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError

POSTGRESQL_SERVER = os.environ.get(
    "TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
BROWSERS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
"""The same engine; the first has no window that nobody would see, and costs a third less."""
CHROMIUM = Path(
    os.environ.get("TEST_CHROMIUM") or next((one for one in BROWSERS if one.exists()), BROWSERS[1])
)
NO_POSTGRESQL = "no PostgreSQL on 127.0.0.1:5432 (start one, or set TEST_POSTGRESQL_URL)"
NO_NPM = "no npm for a real identity provider (apt-get install nodejs npm)"
NO_WEASYPRINT = "no WeasyPrint to make a PDF with (pip install -r requirements-pdf.txt)"
NO_CHROMIUM = f"no Chromium at {CHROMIUM} (apt-get install chromium, or set TEST_CHROMIUM)"


def absent(reason: str) -> NoReturn:
    """Skip the test for want of something, or fail where skipping is not allowed."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def postgresql_answers() -> bool:
    url = make_url(POSTGRESQL_SERVER).update_query_dict({"connect_timeout": "3"})
    engine = create_engine(url)
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def npm_is_there() -> bool:
    return bool(shutil.which("node") and shutil.which("npm"))


def chromium_is_there() -> bool:
    return CHROMIUM.exists()
