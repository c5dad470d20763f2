"""Pictures on the web: only those of public records, only while they are public, and no trace of
what the camera said besides."""

import re
from html import unescape
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from models.metadata.attribute_types import FileValue
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import Office
from tests.publication.stories import (
    APPROVER,
    OVER,
    PUBLIC,
    STORIES,
    STORY,
    TEXTS,
    TO_CHECK,
    WRITER,
    give,
    go_live,
    start,
    write,
)
from tests.publication.town import end_all
from tests.support.pictures import SECRETS, opened, photo

ALT = "絵本を読む<人>の様子"
SENT = FileValue("x.jpg", "image/jpeg", photo((2000, 1000)))
NONCE = re.compile(r'nonce="[^"]*"')
PAGE = f"/admin/t/{STORY}/"


@pytest.fixture(scope="module")
def office(story_city: Office) -> Office:
    return story_city


@pytest.fixture
def world(office: Office) -> FlaskClient:
    go_live(office, STORIES)
    client = office.app.test_client()
    client.set_cookie("lang", "ja")
    return client


@pytest.fixture(scope="module")
def shown(office: Office) -> UUID:
    return write(office, status=PUBLIC, kobe_day="2040-01-01", kobe_photo=SENT, kobe_photoalt=ALT)


def address(record: object, name: str = "kobe_photo", size: str = "full") -> str:
    return f"/public/{STORIES}/{record}/pictures/{name}/{size}"


@pytest.mark.parametrize(("size", "wide"), [("full", (1600, 800)), ("small", (480, 240))])
def test_it_is_served_as_what_it_is(
    world: FlaskClient, shown: UUID, size: str, wide: tuple[int, int]
) -> None:
    answer = world.get(address(shown, size=size))
    assert answer.status_code == 200
    assert opened(answer.data).size == wide
    assert not [one for one in SECRETS if one in answer.data]
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in headers
    again = world.get(address(shown, size=size), headers={"If-None-Match": headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, no-cache"


def test_what_was_kept_is_not_right_for_longer_than_it_is_public(
    office: Office, world: FlaskClient
) -> None:
    record = write(office, status=PUBLIC, kobe_photo=SENT, kobe_photoalt=ALT)
    known = {"If-None-Match": world.get(address(record)).headers["ETag"]}
    give(office, WRITER, record, statuscode=OVER)
    gone = world.get(address(record), headers=known)
    assert gone.status_code == 404
    assert gone.headers["Cache-Control"] == "no-store"
    end_all(office.engine)
    assert world.get(address(record), headers=known).status_code == 404


def test_no_address_tells_of_what_is_not_public(
    office: Office, world: FlaskClient, shown: UUID
) -> None:
    """A draft's picture, one that is not there, another attribute, another size: one answer."""
    drafts = [
        write(office, status=one, kobe_photo=SENT, kobe_photoalt=ALT)
        for one in (1, TO_CHECK, OVER)
    ]
    project = start(office)
    tried = [
        *(address(one, size=size) for one in drafts for size in ("full", "small")),
        *(address(one, name="kobe_photoalt") for one in (*drafts, shown)),
        address(shown, name="kobe_photo2"),
        address(shown, name="kobe_body"),
        address(shown, name="createdby"),
        address(shown, name="x"),
        address(shown, size="original"),
        address(shown, size="x"),
        address(uuid4()),
        address(project),
        f"/public/kobe_projects/{shown}/pictures/kobe_photo/full",
        f"/public/kobe_ideas/{shown}/pictures/kobe_photo/full",
        f"/public/{STORY}/{shown}/pictures/kobe_photo/full",
        f"/public/{STORIES}/{shown}/pictures/kobe_photo",
        f"/public/{STORIES}/{shown}/pictures/",
        f"/static/{shown}",
    ]
    answers = {NONCE.sub("", (one := world.get(path)).text) for path in tried}
    assert len(answers) == 1
    assert one.status_code == 404
    end_all(office.engine)
    assert NONCE.sub("", world.get(address(shown)).text) in answers


def test_pages_show_it_with_its_words(office: Office, world: FlaskClient, shown: UUID) -> None:
    page = world.get(f"/public/{STORIES}/{shown}").text
    assert f'<img src="{address(shown)}" alt="絵本を読む&lt;人&gt;の様子" width="1600"' in page
    assert f'<meta property="og:image" content="http://localhost:5000{address(shown)}">' in (
        re.sub(r'content="https?://[^/]+', 'content="http://localhost:5000', page)
    )
    assert page.count(unescape(ALT).replace("<", "&lt;").replace(">", "&gt;")) == 2
    listed = world.get(f"/public/{STORIES}").text
    assert address(shown, size="small") in listed
    assert address(shown) not in listed
    bare = write(office, status=PUBLIC, kobe_day="2040-01-02")
    assert str(bare) in world.get(f"/public/{STORIES}").text
    assert address(bare, size="small") not in world.get(f"/public/{STORIES}").text
    assert "og:image" not in world.get(f"/public/{STORIES}/{bare}").text


def test_open_data_tells_where_it_is(office: Office, world: FlaskClient, shown: UUID) -> None:
    draft = write(office, kobe_photo=SENT, kobe_photoalt=ALT)
    found = world.get(f"/public/{STORIES}/records.json").json
    assert found is not None
    [record] = [one for one in found["records"] if one["url"].endswith(str(shown))]
    assert record["kobe_photo"].endswith(address(shown))
    assert record["kobe_photoalt"] == ALT
    assert record["kobe_photo2"] is None
    assert str(draft) not in world.get(f"/public/{STORIES}/records.json").text


# -- in the office


def entered(desk: Desk, path: str, content: bytes, **values: object) -> tuple[int, str]:
    hidden = hidden_of(desk.get(path).text, "edit") if "edit" in path else {}
    sent = {"csrf_token": desk.token(), **hidden, **TEXTS, **values}
    sent |= {"kobe_photo": (BytesIO(content), "田中さんの家.jpg" if content else "")}
    answer = desk.client.post(path, data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.headers.get("Location", "") or unescape(answer.text)


def test_who_writes_adds_a_picture_sees_it_and_takes_it_away(office: Office) -> None:
    desk = sit_down(office, WRITER)
    code, text = entered(desk, f"{PAGE}new/", photo())
    assert code == 400
    assert "Enter What is on the picture" in text
    code, where = entered(desk, f"{PAGE}new/", photo(), kobe_photoalt="様子")
    assert code == 302
    record = where.rpartition("=")[2]
    page = desk.get(f"{PAGE}details/", id=record).text
    [source] = re.findall(r'<img class="record-picture" src="([^"]+)" alt="様子"', page)
    answer = desk.client.get(unescape(source))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    preview = unescape(desk.get(f"{PAGE}preview/", id=record).text)
    [source] = re.findall(r'<figure class="published-picture"><img src="([^"]+)"', preview)
    assert desk.client.get(source).status_code == 200
    assert office.app.test_client().get(source).status_code == 302
    assert sit_down(office, "administrator").client.get(source).status_code == 403
    code, _ = entered(desk, f"{PAGE}edit/?id={record}", b"", kobe_photoalt="様子")
    assert code == 302, "what is not chosen anew is kept"
    assert desk.client.get(source).status_code == 200
    sent = {"id": record, "kobe_photoalt": "", "remove-kobe_photo": "1"}
    hidden = hidden_of(desk.get(f"{PAGE}edit/", id=record).text, "edit")
    assert desk.client.post(f"{PAGE}edit/", data=hidden | TEXTS | sent).status_code == 302
    assert desk.client.get(source).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a..."])
def test_what_is_no_picture_is_told_beside_the_control(office: Office, content: bytes) -> None:
    code, text = entered(sit_down(office, WRITER), f"{PAGE}new/", content, kobe_photoalt="様子")
    assert code == 400
    assert "Picture must be a JPEG, PNG or WebP picture." in text


def test_only_pictures_are_shown_as_pictures(office: Office, shown: UUID) -> None:
    desk = sit_down(office, APPROVER)
    for name in ("kobe_body", "kobe_photo2", "createdby", "x", ""):
        answer = desk.get(f"{PAGE}picture/", id=str(shown), attribute=name)
        assert answer.status_code == 404, name
