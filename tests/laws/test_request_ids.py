"""Every request has an id of ours: on its answer, in the log's errors, in what the audit notes."""

import logging
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask, request

from app import create_app
from extensions import SETTINGS, request_id
from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import NOBODY, Asker, Place
from tests.laws.matrix import everywhere
from tests.support.auditing import entries, last, request_id_of

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)


@pytest.mark.parametrize("role", [NOBODY, "kobe_operator", "administrator"])
def test_every_answer_has_one_of_its_own_whatever_was_sent(
    house: Office, record: UUID, role: str
) -> None:
    who, sent = Asker(house, role), uuid4().hex
    who.client.environ_base["HTTP_X_REQUEST_ID"] = sent
    who.client.environ_base["HTTP_UKETSUKE_REQUEST_ID"] = sent
    found = [request_id_of(who.ask(place)) for place in everywhere(house, record)]
    assert len(set(found)) == len(found) > 20
    assert sent not in found


def test_each_entry_names_the_request_it_was_made_in(house: Office, record: UUID) -> None:
    """Staff's doings, a refusal, and a sign-in that fails."""
    operator = Asker(house, "kobe_operator")
    before = last(house.engine)
    asked = {"id": str(record), "attribute": "kobe_email", "purpose_text": "点検"}
    doors = [
        (operator, Place("", "POST", f"/admin/t/{ENTITY}/reveal/"), asked),
        (operator, Place("", "GET", "/admin/audit/"), {}),
        (Asker(house, NOBODY), Place("", "POST", "/login"), {"email": "a", "password": "b"}),
    ]
    ids = [request_id_of(who.ask(place, **values)) for who, place, values in doors]
    found = entries(house.engine, before)
    assert [one["action"] for one in found] == ["reveal", "refusal", "sign_in_failed"]
    assert [one["request"] for one in found] == ids


@pytest.fixture
def breaking(house: Office) -> Flask:
    """The house with a page that fails, and answers that cannot be finished."""
    instance = house.app.extensions[SETTINGS].instance_dir
    app = create_app({"UKETSUKE_ENV": "testing", "UKETSUKE_INSTANCE_DIR": str(instance)})

    def broken(*_: object) -> Any:
        raise RuntimeError("nothing of this in the answer")

    app.add_url_rule("/broken", "broken", broken)
    app.add_url_rule("/unfinished", "unfinished", lambda: "so far, so good")
    app.after_request(lambda answer: broken() if request.path == "/unfinished" else answer)
    return app


@pytest.mark.parametrize("path", ["/broken", "/unfinished"])
def test_an_error_is_found_in_the_log_by_it(
    breaking: Flask, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    breaking.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = breaking.test_client().get(path)
    assert answer.status_code == 500
    assert "nothing of this" not in answer.text
    errors = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert errors
    assert all(one.endswith(f"[request {request_id_of(answer)}]") for one in errors)


def test_outside_of_a_request_there_is_none() -> None:
    assert request_id() == ""
