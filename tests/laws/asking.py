"""Everything anybody can ask the service, found in its own map of routes; and who may know what.

The real application with Kobe's solution, to which two roles are added: one that may do all with
records and knows no secured value, one that knows them masked; both may export.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

import yaml
from flask_security import hash_password
from werkzeug.test import TestResponse

from app import create_app
from extensions import ENGINE, SETTINGS, csrf
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.engine import RecordEngine
from models.security.contracts import today
from models.security.privileges import Unmasked
from packager.installing import check, install
from tests.admin_views.contracted import put_under_contract
from tests.admin_views.desk import TOKEN, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, ROLES, SOLUTION, Office, create_users
from tests.identity.staff import COOKIE
from tests.laws.places import Place
from tests.laws.publicly import STATED, go_live
from tests.laws.traces import Person, traces
from tests.laws.words import words

HANA, AKIRA = Person("himitsu.hanako", "46810317"), Person("anohito.akira", "13570924")
RECORDS = ("Create", "Read", "Write", "Delete", "Assign", "Share", "Append", "AppendTo")
CLERK: dict[str, Any] = {
    "entities": {ENTITY: dict.fromkeys(RECORDS, "global")},
    "miscellaneous": ["Reveal", "Export", "ExportWithoutApproval"],
}
ADDED = {"clerk": CLERK, "clerk_masked": CLERK | {"fields": ["masked"]}}
PROFILES = {"masked": {ENTITY: {"kobe_email": {"read": True}, "kobe_phone": {"read": True}}}}
CLERKS = ("clerk_of_all", "clerk_of_all_masked")
"""Two more, of all entities: asked about those besides, and about nothing else."""
STAFF = (*ROLES, *ADDED)
ELSEWHERE, EXPIRED = "operator_elsewhere", "operator_expired"
CONTRACTED = {ELSEWHERE: "kobe_operator", EXPIRED: "kobe_operator"}
"""Operators of other contractors: one whose contract is for a category that no record has, one
whose contract is over. The records' operator is the office's own."""
HANAS_CATEGORY, OTHER_CATEGORY = 927000000, 927000011
NOBODY = "nobody"
EVERYBODY = (NOBODY, *STAFF, *CONTRACTED)
NUMBERS = count(1)
NEVER_GUESSED = {"password", "new_password", "new_password_confirm", "proof"}
"""Wrong ones lock the account; what they tell is asked in tests/identity."""
CHANGING = re.compile(
    r"""nonce="[^"]*"|value="[\w.-]{60,}"|name="job" value="[^"]*"|/progress/[\w-]+|\?v=\w+"""
    r"""|"challenge": ?"[^"]*"|class="recovery-code">[\w-]+|As of \d{4}-\d\d-\d\d \d\d:\d\d"""
)
"""What differs between two answers to the same question: nonces, tokens, the CAPTCHA's image, the
minute a dashboard is of."""


def build_house(folder: Path) -> Office:
    environ = {
        "UKETSUKE_ENV": "testing",
        "UKETSUKE_INSTANCE_DIR": str(folder / "instance"),
        "UKETSUKE_OIDC_ISSUER": "http://127.0.0.1:9",  # where nobody answers
        "UKETSUKE_OIDC_CLIENT_ID": "uketsuke",
    }
    _write_secret(folder / "instance" / "oidc_client.secret")
    before_keys = create_app(environ | {"FLASK_RUN_FROM_CLI": "true"})
    assert before_keys.test_cli_runner().invoke(args=["setup"]).exit_code == 0
    app = create_app(environ)
    engine: RecordEngine = app.extensions[ENGINE]
    install(engine.database, _solution(folder))
    with app.app_context():
        hashed = hash_password(PASSWORD)
    units = ROLES | dict.fromkeys((*ADDED, *CLERKS), "神戸市")
    units |= dict.fromkeys(CONTRACTED, ROLES["kobe_operator"])
    users = create_users(engine.database, hashed, roles=units, held=CONTRACTED)
    for account, category in ((ELSEWHERE, OTHER_CATEGORY), (EXPIRED, HANAS_CATEGORY)):
        scope = {ENTITY: {"kobe_category": [category]}}
        put_under_contract(engine.database, users[account], scope=scope, name=account)
    go_live(engine, users["kobe_official"], users["kobe_manager"])
    return Office(app, engine, users)


def with_route(house: Office, rule: str, view: Callable[..., Any]) -> Office:
    """The same house with one more route, as a program would add it."""
    instance = house.app.extensions[SETTINGS].instance_dir
    app = create_app({"UKETSUKE_ENV": "testing", "UKETSUKE_INSTANCE_DIR": str(instance)})
    app.add_url_rule(rule, "added", csrf.exempt(view), methods=["GET", "POST"])
    return replace(house, app=app)


def _write_secret(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_text("the secret of a client of tests", encoding="utf-8")
    path.chmod(0o400)


def _solution(folder: Path) -> Path:
    """Kobe's, with the added roles and a public view."""
    copy = folder / "solution"
    shutil.copytree(SOLUTION, copy)
    stated = yaml.safe_load((copy / "roles.yaml").read_text(encoding="utf-8"))
    entities = check(SOLUTION).entities
    plain, masked = CLERKS
    of_all = CLERK | {"entities": dict.fromkeys(entities, CLERK["entities"][ENTITY])}
    stated["roles"] |= ADDED | {plain: of_all, masked: of_all | {"fields": [masked]}}
    stated["field_security_profiles"] |= PROFILES | {masked: _masked(entities.values())}
    (copy / "roles.yaml").write_text(json.dumps(stated), encoding="utf-8")  # JSON is YAML, too
    public = yaml.safe_load((copy / "public_views.yaml").read_text(encoding="utf-8"))
    (copy / "public_views.yaml").write_text(json.dumps(public | STATED), encoding="utf-8")
    return copy


def _masked(entities: Iterable[EntityDefinition]) -> dict[str, Any]:
    names = {e.logical_name: [a for a in e.attributes.values() if a.secured] for e in entities}
    return {
        entity: {one.logical_name: {"read": True} for one in attributes}
        for entity, attributes in names.items()
        if attributes
    }


class Asker:
    """Somebody with a browser, at an address of their own."""

    def __init__(self, house: Office, role: str) -> None:
        self.role, self.house = role, house
        self.is_staff = role != NOBODY
        self.client = sit_down(house, role).client if self.is_staff else house.app.test_client()
        self._home = "/admin/" if self.is_staff else "/login"

    def ask(self, place: Place, **arguments: object) -> TestResponse:
        """From an address of its own each time, so that no limit answers instead."""
        self.client.environ_base["REMOTE_ADDR"] = str(IPv4Address(0x0A000000 + next(NUMBERS)))
        self._take_up_the_session()
        sent: dict[str, Any] = {"query_string": arguments}
        if place.method not in {"GET", "HEAD", "OPTIONS", "TRACE"}:
            sent = {"data": {"csrf_token": self.token, "proof": PASSWORD, **arguments}}
        answer = self.client.open(place.path, method=place.method, buffered=True, **sent)
        if answer.status_code in {302, 303}:
            self.client.get(self._home)  # so that what is said there stands on no other page
        self._leave_the_session()
        return answer

    def _take_up_the_session(self) -> None:
        """All who ask as one role share one; a proof, shown after five minutes, renews it."""
        if self.is_staff:
            self.client.set_cookie(COOKIE, self.house.sessions[self.role])

    def _leave_the_session(self) -> None:
        cookie = self.client.get_cookie(COOKIE) if self.is_staff else None
        if cookie is not None and cookie.value:
            self.house.sessions[self.role] = cookie.value

    @cached_property
    def token(self) -> str:
        self._take_up_the_session()
        found = TOKEN.search(self.client.get(self._home).text)
        assert found is not None, self.role
        return found.group(1)

    def may_know(self, attribute: AttributeDefinition) -> bool:
        """Whether they read it unmasked in lists, records and exports."""
        return self._unmasked(attribute) is Unmasked.ALL_RECORDS

    def may_ask_for(self, attribute: AttributeDefinition) -> bool:
        """Whether they may search by it, and be shown it one record at a time."""
        return self._unmasked(attribute) >= Unmasked.ONE_RECORD

    def _unmasked(self, attribute: AttributeDefinition) -> Unmasked:
        if not self.is_staff or self.role in CONTRACTED:
            return Unmasked.NO  # no record is theirs
        rights = self.house.caller(self.role).rights(ENTITY, attribute.logical_name)
        return rights.unmasked if rights.read else Unmasked.NO


def secured(house: Office) -> list[AttributeDefinition]:
    """Every secured attribute of the entity whose records are asked about."""
    entity = house.engine.catalog.entity(ENTITY)
    return [a for a in entity.attributes.values() if a.secured]


def value_of(person: Person, attribute: AttributeDefinition) -> str:
    """Of a text: what would tell who it is, as an address does."""
    return {"Email": person.email, "Phone": person.phone}.get(attribute.format, person.email)


def question(attribute: AttributeDefinition, record: UUID) -> dict[str, str]:
    """A question about one secured attribute of a record, in every word a page may listen to."""
    name = attribute.logical_name
    return {
        "id": str(record),
        "record": str(record),
        "attribute": name,
        "purpose_text": "点検",
        "purpose": "点検",
        "recipient": "点検の担当",
        "keep_until": (today() + timedelta(days=30)).isoformat(),
        "format": "csv",
        "reason": "点検",
        "deleted_on": today().isoformat(),
        "deleted_how": "点検",
        "proof": PASSWORD,
        "job": str(uuid4()),
        "columns": name,
        "sort": name,
        "view": f"{ENTITY}_all",
    }


def guesses(attribute: AttributeDefinition, record: UUID, value: str) -> Iterator[dict[str, str]]:
    """Questions whether the attribute has this value, in every word a page may listen to."""
    name = attribute.logical_name
    said = {"value": value, "email": value, "full_name": value, "person": value, "action": value}
    yield said | {"id": str(record), "attribute": name, name: value}
    yield {"id": value, "record": value, "q": value, "sort": name}
    yield dict.fromkeys(words() - NEVER_GUESSED, value) | {"id": str(record), "attribute": name}


def learned(answer: TestResponse, typed: str = "") -> list[tuple[str, str, str]]:
    """The traces of personal values in an answer, besides what was typed by who asked."""
    parts = {"body": answer.data, "headers": str(answer.headers).encode()}
    return [trace for trace in traces([HANA, AKIRA], parts) if trace[1] not in typed]


def told(answer: TestResponse, typed: str) -> tuple[int, str, str]:
    """An answer without what differs each time, and without what was typed."""
    is_image = answer.mimetype.startswith("image/")
    text = "" if is_image else CHANGING.sub("", answer.data.decode("utf-8", "replace"))
    location = answer.headers.get("Location", "")
    plain = (unquote(unquote(one)).replace(typed, "") for one in (location, text))
    return answer.status_code, *plain
