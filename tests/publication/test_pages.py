"""The check before a publication, its steps, and the world's pages, as people use them."""

import json
import re
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree as xml

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from models.security.contracts import today
from models.security.principals import public_caller
from models.tables.base import table_of
from models.tables.publications import Publication
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.extracting import age_proof_of
from tests.admin_views.office import PASSWORD, Office, application
from tests.publication.city import CHECK, LIST, OTHER, SCIENCE, city
from tests.publication.town import end_all

ATOM = "{http://www.w3.org/2005/Atom}"
LINK = re.compile(r'href="([^"]+)" rel="(next|prev)"')


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with city(tmp_path_factory.mktemp("city")) as found:
        found.apply(statuscode=3, kobe_catchphrase="公開の物語", kobe_category=SCIENCE)
        found.apply(statuscode=3, kobe_body="連絡は078-331-8181へ", kobe_category=OTHER)
        found.apply(statuscode=2, kobe_catchphrase="まだ秘密の物語")
        yield found


@pytest.fixture
def official(office: Office) -> Iterator[Desk]:
    yield sit_down(office, "kobe_official")
    end_all(office.engine)
    office.engine.database.run(lambda t: t.write(delete(table_of(Publication))))


@pytest.fixture
def manager(office: Office, official: Desk) -> Desk:
    return sit_down(office, "kobe_manager")


def step(desk: Desk, action: str, **values: str) -> tuple[int, str]:
    """Press the check page's button; the status, and what the page says then."""
    hidden = hidden_of(desk.get(CHECK).text, action)
    answer = desk.client.post(f"{CHECK}{action}/", data=hidden | values)
    page = desk.get(CHECK).text if answer.status_code == 303 else answer.text
    return answer.status_code, unescape(page)


def publish(official: Desk, manager: Desk) -> None:
    assert step(official, "request", proof=PASSWORD)[0] == 303
    assert step(manager, "approve", proof=PASSWORD)[0] == 303


def test_the_check_shows_what_the_world_will_see(official: Desk) -> None:
    page = unescape(official.get(CHECK).text)
    for said in ("公開の物語", "2 at present", "Never told:", "telephone number", "Not public"):
        assert said in page
    assert "まだ秘密の物語" not in page
    assert "hanako.kobe" not in page
    never = page.partition("Never told:")[2].partition("</p>")[0]
    assert "メール" in never or "mail" in never


def test_the_preview_is_the_worlds_page(official: Desk, manager: Desk, office: Office) -> None:
    def plain(text: str) -> str:
        """Without where it is, and without the note that it is a preview."""
        main = text.partition("<main")[2].partition("</main>")[0]
        main = re.sub(r'<div class="notice".*?</div>', "", main, flags=re.DOTALL)
        main = re.sub(r'<p class="published-offers">.*?</p>', "", main, flags=re.DOTALL)
        return re.sub(r"\s+", " ", re.sub(r'href="[^"]*"', "", main))

    preview = official.get(f"{CHECK}preview/").text
    publish(official, manager)
    client = office.app.test_client()
    client.set_cookie("lang", "en")
    assert plain(preview) == plain(client.get(LIST).text)
    [link] = set(re.findall(rf"{LIST}/[0-9a-f-]{{36}}", client.get(LIST).text)[:1])
    record = link.rpartition("/")[2]
    shown = official.get(f"{CHECK}preview/record/", id=record).text
    assert plain(shown) == plain(client.get(link).text)


def test_one_asks_and_another_approves(official: Desk, manager: Desk, office: Office) -> None:
    world = office.app.test_client()
    assert world.get(LIST).status_code == 404
    assert "Waiting for approval" in step(official, "request", proof=PASSWORD)[1]
    with pytest.raises(AssertionError):
        hidden_of(official.get(CHECK).text, "approve")
    assert world.get(LIST).status_code == 404
    _, page = step(manager, "approve", proof=PASSWORD)
    assert "Open the public page" in page
    assert world.get(LIST).status_code == 200
    assert "応援の取組" in world.get("/", headers={"Accept-Language": "ja"}).text
    assert step(official, "withdraw")[0] == 303
    assert world.get(LIST).status_code == 404


def test_approving_asks_who_one_is(official: Desk, manager: Desk, office: Office) -> None:
    age_proof_of(office, "kobe_official")
    assert step(official, "request")[0] == 400
    assert step(official, "request", proof=PASSWORD)[0] == 303
    age_proof_of(office, "kobe_manager")
    status, page = step(manager, "approve", proof="wrong")
    assert status == 400
    assert "This is neither your password nor a valid code." in page
    assert step(manager, "withdraw")[0] == 303, "to take it back nothing is asked"
    office.sessions.clear()  # with a proof a session goes by another name


def test_a_return_needs_its_reason_and_keeps_what_was_typed(official: Desk, manager: Desk) -> None:
    step(official, "request", proof=PASSWORD)
    status, page = step(manager, "return", reason="")
    assert status == 400
    assert 'aria-describedby="reason-hint reason-error"' in page
    long = "長" * 201
    assert long in step(manager, "return", reason=long)[1]
    assert step(manager, "return", reason="電話番号を削除してください。")[0] == 303
    page = unescape(official.get(CHECK).text)
    assert "電話番号を削除してください。" in page
    assert "Not public" in page


def test_the_second_of_two_windows_is_told(official: Desk, manager: Desk) -> None:
    step(official, "request", proof=PASSWORD)
    hidden = hidden_of(manager.get(CHECK).text, "approve")
    answers = [manager.client.post(f"{CHECK}approve/", data=hidden) for _ in range(2)]
    assert {one.status_code for one in answers} == {303}
    assert "It is in another state by now." in unescape(manager.get(CHECK).text)


@pytest.mark.parametrize("role", ["kobe_operator", "auditor", "administrator"])
def test_others_find_no_such_page(office: Office, role: str) -> None:
    desk = sit_down(office, role)
    for path in (CHECK, f"{CHECK}preview/", "/admin/publication/"):
        assert desk.get(path).status_code == 403
    assert "/admin/publication/" not in desk.get("/admin/").text


def test_the_list_tells_of_each_view(official: Desk) -> None:
    page = official.get("/admin/publication/").text
    assert CHECK in page
    assert "Not public" in page
    assert "/admin/publication/" in official.get("/admin/").text
    for path in ("/admin/publication/kobe_nothing/", f"{CHECK}preview/record/?id=x"):
        assert official.get(path).status_code == 404


def test_each_step_is_told_in_the_audit(office: Office, official: Desk, manager: Desk) -> None:
    publish(official, manager)
    page = unescape(sit_down(office, "auditor").get("/admin/audit/").text)
    for said in (
        "Request a publication",
        "Approve a publication",
        "Fingerprint of what is let out",
    ):
        assert said in page


def test_pages_lead_to_one_another_and_lose_no_category(
    office: Office, official: Desk, manager: Desk
) -> None:
    publish(official, manager)
    made = {str(office.apply(statuscode=3, kobe_category=SCIENCE)) for _ in range(45)}
    client, path, seen, pages = office.app.test_client(), f"{LIST}?category={SCIENCE}", [], 0
    while path:
        text = client.get(path).text
        seen += re.findall(rf'{LIST}/([0-9a-f-]{{36}})"', text.partition("published-list")[2])
        ways = {rel: unescape(href) for href, rel in LINK.findall(text)}
        path, pages = ways.get("next", ""), pages + 1
        assert "category" in path or not path
        before = ways.get("prev", "")
    assert pages == 3
    in_english = f'href="?category={SCIENCE}&amp;lang=en"'
    assert in_english in client.get(f"{LIST}?category={SCIENCE}").text
    assert len(seen) == len(set(seen)) == 46
    assert made <= set(seen)
    assert client.get(before).status_code == 200


def test_the_feed_is_atom(office: Office, official: Desk, manager: Desk) -> None:
    publish(official, manager)
    answer = office.app.test_client().get(f"{LIST}/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    root = xml.fromstring(answer.data)  # noqa: S314 - our own
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for one in (root, *entries):
        for needed in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{needed}")
    links = [one.find(f"{ATOM}link").attrib["href"] for one in entries]  # type: ignore[union-attr]
    assert all(link.startswith(f"http://localhost{LIST}/") for link in links)


def apply_many(office: Office, count: int) -> None:
    with office.engine.database.snapshot() as connection:
        caller = public_caller(connection, office.engine.catalog.forms["kobe_application"])
    batch = [application(statuscode=3)] * count
    office.engine.run(lambda s: s.create_multiple(caller, "kobe_application", batch))


def test_open_data_is_whole_and_says_its_licence(
    office: Office, official: Desk, manager: Desk
) -> None:
    publish(official, manager)
    apply_many(office, 101)
    office.apply(statuscode=3, kobe_category=OTHER)
    client, path, records = office.app.test_client(), f"{LIST}/records.json", []
    while path:
        answer = client.get(path)
        content = json.loads(answer.data)
        assert content["licence"]["name"] == "CC BY 4.0"
        assert content["attribution"] == "神戸市"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        records += content["records"]
        path = content.get("next", "").removeprefix("http://localhost")
    allowed = {"url", "kobe_catchphrase", "kobe_category", "createdon", "kobe_body"}
    assert len(records) > 100
    assert {key for one in records for key in one} == allowed
    assert len({one["url"] for one in records}) == len(records)
    assert {one["kobe_category"] for one in records} == {"子どもの応援", "その他の応援"}


def test_whoever_links_to_it_can_show_what_it_is(
    office: Office, official: Desk, manager: Desk
) -> None:
    publish(official, manager)
    page = office.app.test_client().get(LIST, headers={"Accept-Language": "ja"})
    assert '<meta property="og:title" content="応援の取組">' in page.text
    assert f'<meta property="og:url" content="http://localhost{LIST}">' in page.text
    assert "CC BY 4.0" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


def test_texts_are_texts(office: Office, official: Desk, manager: Desk) -> None:
    """What a citizen typed is shown as it was typed, on every page and in every form."""
    evil = "<script>alert(1)</script>\"'&]]>"
    record = office.apply(statuscode=3, kobe_catchphrase=evil[:40], kobe_body=evil)
    publish(official, manager)
    client = office.app.test_client()
    for path in (LIST, f"{LIST}/{record}"):
        assert "<script>alert" not in client.get(path).text
    assert "<script>alert" not in official.get(CHECK).text
    xml.fromstring(client.get(f"{LIST}/feed.atom").data)  # noqa: S314 - our own


def test_a_suspended_record_is_kept_from_the_world(
    office: Office, official: Desk, manager: Desk
) -> None:
    publish(official, manager)
    title, mail = "使われない物語", "teishi.koukai@example.jp"
    office.apply(statuscode=3, kobe_catchphrase="残る物語")
    record = office.apply(statuscode=3, kobe_catchphrase=title, kobe_email=mail)
    world = office.app.test_client()
    addresses = (LIST, f"{LIST}/records.json", f"{LIST}/feed.atom")
    assert all(title in told(world, one) for one in addresses)
    request = official.post(
        "/admin/disclosure/new/",
        kind="suspension",
        received_on=str(today()),
        name="停止 花子",
        email=mail,
        asked="利用を停止してください。",
    ).headers["Location"]
    frozen = official.post("/admin/disclosure/freeze/", id=request.rpartition("=")[2])
    assert frozen.status_code == 303
    assert not any(title in told(world, one) for one in addresses)
    assert world.get(f"{LIST}/{record}").status_code == 404
    assert all("残る物語" in told(world, one) for one in addresses)


def told(client: FlaskClient, path: str) -> str:
    """JSON as what it means."""
    answer = client.get(path)
    assert answer.status_code == 200
    return json.dumps(answer.json, ensure_ascii=False) if answer.is_json else answer.text
