"""No address of the whole map tells the world anything of a story that is not public: by pages,
feed, open data, pictures, searches and numbers, with every id there is.

Each text of each record holds a marker, so that whatever is told tells where it is from; a draft
is answered as what never was.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import count
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from models.metadata.attribute_types import FileValue
from tests.admin_views.office import Office
from tests.laws.doors import OF_THE_PROGRAM, is_public
from tests.laws.places import Place, places
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
GET = {"GET"}


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


def public_places(office: Office, record: object) -> Iterator[Place]:
    for view in VIEWS:
        for picture in PICTURES:
            for size in ("full", "small"):
                arguments = {
                    **{"view": view, "record": record, "picture": picture, "size": size},
                    **{"name": "kobe_application", "token": "x" * 43, "entity": "kobe_story"},
                    **{"dashboard": "x", "job": uuid4(), "extract": uuid4(), "month": "2026-04"},
                    **{"filename": "public/public.css", "link": "x" * 43, "change": "x" * 43},
                }
                for place in places(office.app, arguments):
                    if is_public(place.endpoint) and place.endpoint not in OF_THE_PROGRAM:
                        yield place


def everywhere(office: Office, record: object) -> list[Place]:
    """Each place once, by GET; what is sent has its own laws."""
    found = dict.fromkeys(one for one in public_places(office, record) if one.method in GET)
    return [one for one in found if not one.endpoint.startswith(("captcha", "federation"))]


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
    start(office, statuscode=1, kobe_organizations=77)
    assert CHANGING.sub("", asked(office, home).text) == before
