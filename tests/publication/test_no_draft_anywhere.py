"""No address of the whole map tells the world anything of a story that is not public: by pages,
feed, open data, pictures, searches and numbers, with every id there is.

Each text of each record holds a marker, so that whatever is told tells where it is from; a draft
is answered as what never was.
"""

import re
from ipaddress import IPv4Address
from itertools import count, product
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from models.metadata.attribute_types import FileValue
from tests.admin_views.office import Office
from tests.laws.doors import OF_THE_PROGRAM, is_public
from tests.laws.places import Place
from tests.publication.stories import (
    DRAFT,
    OVER,
    PROJECTS,
    PUBLIC,
    STORIES,
    TO_CHECK,
    go_live,
    start,
    write,
)
from tests.support.pictures import photo

NUMBERS = count(1)
MARK = re.compile(r"mark-(\w+)-end")
CHANGING = re.compile(r'nonce="[^"]*"|value="[\w.-]{60,}"|\?v=\w+|name="job" value="[^"]*"')
VIEWS = (STORIES, PROJECTS, "kobe_ideas", "kobe_story", "kobe_story_open", "kobe_story_all")
PICTURES = ("kobe_photo", "kobe_photo2", "kobe_photoalt", "kobe_body")
TRIED = ("q", "filter", "sort", "order", "statuscode", "status", "id", "view", "preview", "draft")


@pytest.fixture(scope="module")
def office(story_city: Office) -> Office:
    go_live(story_city, STORIES, PROJECTS)
    return story_city


@pytest.fixture(scope="module")
def stories(office: Office) -> dict[str, UUID]:
    """One of each status, marked in every text, each with a picture."""
    statuses = {"draft": DRAFT, "waiting": TO_CHECK, "shown": PUBLIC, "over": OVER}
    return {
        name: write(
            office,
            status=status,
            kobe_day="2045-01-01",
            kobe_title=f"mark-{name}_title-end",
            kobe_summary=f"mark-{name}_summary-end",
            kobe_body=f"mark-{name}_body-end",
            kobe_photo=FileValue("x.jpg", "image/jpeg", photo((30 + status, 20))),
            kobe_photoalt=f"mark-{name}_alt-end",
        )
        for name, status in statuses.items()
    }


def asked(office: Office, place: Place, query: str = "") -> TestResponse:
    client = office.app.test_client()
    client.environ_base["REMOTE_ADDR"] = str(IPv4Address(0x0A000000 + next(NUMBERS)))
    return client.open(f"{place.path}{query}", method=place.method, buffered=True)


def everywhere(office: Office, record: object) -> list[Place]:
    """Every address that answers anyone, by GET: of each view, picture and size; what is sent has
    laws of its own, and so have the CAPTCHA and the provider's. What an argument of another name
    stands for is nobody's."""
    rules = [one for one in office.app.url_map.iter_rules() if _is_asked(one)]
    map_ = office.app.url_map.bind("localhost")
    found = []
    for view, picture, size in product(VIEWS, PICTURES, ("full", "small")):
        known = {"view": view, "record": record, "picture": picture, "size": size}
        known |= {"name": "kobe_application"}
        for rule in rules:
            filled = {name: known.get(name, "x" * 43) for name in rule.arguments}
            found.append(Place(rule.endpoint, "GET", map_.build(rule.endpoint, filled, "GET")))
    return list(dict.fromkeys(found))


def _is_asked(rule: Any) -> bool:
    is_program = rule.endpoint in OF_THE_PROGRAM
    is_left_out = rule.endpoint.startswith(("captcha", "federation"))
    return (
        is_public(rule.endpoint) and not is_program and not is_left_out and "GET" in rule.methods
    )


@pytest.mark.parametrize("name", ["draft", "waiting", "over"])
def test_of_what_is_not_public_nothing_is_told_anywhere(
    office: Office, stories: dict[str, UUID], name: str
) -> None:
    never = uuid4()
    others = everywhere(office, never)
    for place, other in zip(everywhere(office, stories[name]), others, strict=True):
        answer, reply = asked(office, place), asked(office, other)
        assert {one.partition("_")[0] for one in MARK.findall(answer.text)} <= {"shown"}, place
        assert answer.status_code == reply.status_code, place
        if str(stories[name]) in place.path:
            assert answer.status_code == 404, place
            assert CHANGING.sub("", answer.text) == CHANGING.sub("", reply.text), place
        else:
            assert str(stories[name]) not in answer.text, place


@pytest.mark.parametrize("word", TRIED)
def test_no_argument_of_an_address_leads_to_it(
    office: Office, stories: dict[str, UUID], word: str
) -> None:
    draft, view = stories["draft"], f"/public/{STORIES}"
    asked_of = (
        "/",
        view,
        f"{view}/records.json",
        f"{view}/feed.atom",
        f"{view}/{stories['shown']}",
    )
    for value in (str(draft), "1", "statuscode eq 1", "mark-draft_title-end"):
        for path in asked_of:
            answer = asked(office, Place("", "GET", path), f"?{word}={value}")
            assert answer.status_code == 200
            assert "draft_" not in "".join(MARK.findall(answer.text)), (path, word)
            assert str(draft) not in answer.text


def test_what_is_public_is_told_and_of_it_what_is_named(
    office: Office, stories: dict[str, UUID]
) -> None:
    """Else nothing was shown above."""
    told = set()
    for place in everywhere(office, stories["shown"]):
        text = asked(office, place).data.decode(errors="replace")
        told |= set(MARK.findall(text))
        for hidden in ("kobe_operator", "kobe_manager", "担当", "createdby", "ownerid"):
            assert hidden not in text, place
    assert told == {f"shown_{one}" for one in ("title", "summary", "body", "alt")}


def test_numbers_tell_of_no_draft(office: Office, stories: dict[str, UUID]) -> None:
    """Whatever drafts there are, the first page is letter by letter the same."""
    home = Place("", "GET", "/")
    before = CHANGING.sub("", asked(office, home).text)
    write(office, kobe_day="2055-01-01")
    start(office, is_let_out=False, organizations=77)
    assert CHANGING.sub("", asked(office, home).text) == before
