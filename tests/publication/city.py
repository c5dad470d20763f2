"""Kobe's solution with a public view of applications, and the city's people at their desks."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from flask_security import hash_password

from packager.installing import install
from tests.admin_views.office import PASSWORD, SOLUTION, Office, create_users
from tests.public_views.intake import build_intake
from tests.support.databases import sqlite_file

VIEW = "kobe_ideas"
STATED: dict[str, Any] = {
    VIEW: {
        "entity": "kobe_application",
        "display_name": {"ja": "応援の取組", "en": "Stories of support"},
        "introduction": {"ja": "市民の皆さまの取組です。", "en": "What citizens do."},
        "title": "kobe_catchphrase",
        "filter": [{"attribute": "statuscode", "value": 3}],
        "columns": ["kobe_category", "createdon"],
        "detail": ["kobe_category", "kobe_body"],
        "by": "kobe_category",
        "date": "createdon",
        "order": ["createdon desc"],
        "atom": True,
        "json": True,
        "attribution": {"ja": "神戸市", "en": "Kobe City"},
    }
}
CHECK = f"/admin/publication/{VIEW}/"
LIST = f"/public/{VIEW}"
SCIENCE, OTHER = 927000000, 927000011


def add_public_views(folder: Path, stated: dict[str, Any]) -> None:
    file = folder / "public_views.yaml"
    own = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(own | stated), encoding="utf-8")  # JSON is YAML, too


@contextmanager
def city(folder: Path) -> Iterator[Office]:
    running = build_intake(folder, sqlite_file(folder))
    copy = Path(shutil.copytree(SOLUTION, folder / "solution"))
    add_public_views(copy, STATED)
    install(running.engine.database, copy)
    with running.app.app_context():
        hashed = hash_password(PASSWORD)
    yield Office(running.app, running.engine, create_users(running.engine.database, hashed))
    running.close()
