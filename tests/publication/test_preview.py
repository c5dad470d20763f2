"""A story from its draft to the web: the preview is the world's page, for nobody else; what should
be looked at stands in the way of the change that lets it out."""

import re
from html import unescape
from uuid import UUID, uuid4

import pytest

from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import Office
from tests.publication.stories import (
    APPROVER,
    DRAFT,
    OVER,
    PROJECT,
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

PHONE = "連絡は078-331-8181へ"
PAGE, IDEAS = f"/admin/t/{STORY}/", "/admin/t/kobe_application/"


@pytest.fixture(scope="module")
def office(story_city: Office) -> Office:
    return story_city


@pytest.fixture
def writer(office: Office) -> Desk:
    return sit_down(office, WRITER)


@pytest.fixture
def approver(office: Office) -> Desk:
    return sit_down(office, APPROVER)


def page_of(desk: Desk, record: object, page: str = "preview", **more: str) -> str:
    return unescape(desk.get(f"{PAGE}{page}/", id=str(record), **more).text)


def status(desk: Desk, record: UUID, wanted: int, *, page: str = "details") -> tuple[int, str]:
    """Change the status with the form of that page; the answer."""
    hidden = hidden_of(page_of(desk, record, page), "status")
    answer = desk.client.post(f"{PAGE}status/", data=hidden | {"statuscode": str(wanted)})
    return answer.status_code, unescape(answer.text)


def framed(text: str) -> str:
    """What is shown of the record, without spaces and tags' places."""
    found = text.partition('id="as_the_world"')[2].partition("</section>")[0]
    return _plain(found.partition("</p>")[2])


def worlds(text: str) -> str:
    main = text.partition("<main")[2].partition("</main>")[0]
    main = main.partition("published-back")[2].partition("</p>")[2]
    main = re.sub(r'<p class="published-offers">.*?</p>', "", main, flags=re.DOTALL)
    return _plain(main.partition("</div>")[0] if "published-told" not in main else main)


def _plain(text: str) -> str:
    text = re.sub(r"<(/?)h[1-6]>", r"<\1h>", text.replace("</div>\n", "</div>"))
    return re.sub(r"\s+", " ", text).strip().removesuffix("</div>").strip()


def test_the_preview_of_a_draft_is_the_page_that_will_be(
    office: Office, writer: Desk, approver: Desk
) -> None:
    record = write(office, kobe_body="一行目\n<b>二行目</b>")
    world = office.app.test_client()
    world.set_cookie("lang", "en")
    before = framed(page_of(writer, record))
    assert "<b>二行目" in before
    go_live(office, STORIES)
    assert world.get(f"/public/{STORIES}/{record}").status_code == 404
    assert status(writer, record, TO_CHECK)[0] == 302
    assert status(approver, record, PUBLIC, page="preview")[0] == 302
    shown = world.get(f"/public/{STORIES}/{record}")
    assert worlds(unescape(shown.text)) == before
    assert "This record is public." in page_of(writer, record)


def test_the_page_says_that_nothing_is_public(office: Office, writer: Desk) -> None:
    end_all(office.engine)
    page = page_of(writer, write(office))
    for said in ("Not public.", "is not published yet", "Publication is one of: Public"):
        assert said in page
    assert 'href="/public/' not in page
    go_live(office, STORIES)
    page = page_of(writer, write(office))
    assert "Not public." in page
    assert "is not published yet" not in page
    assert 'href="/public/' not in page


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_may_not_read_the_record_sees_no_preview(office: Office, role: str) -> None:
    desk, record = sit_down(office, role), write(office)
    assert desk.get(f"{PAGE}preview/", id=str(record)).status_code == 403
    assert office.app.test_client().get(f"{PAGE}preview/?id={record}").status_code == 302


def test_no_other_record_and_no_other_view_is_previewed(office: Office, writer: Desk) -> None:
    record, project = write(office), start(office)
    for path in (
        f"{PAGE}preview/?id={uuid4()}",
        f"{PAGE}preview/?id={project}",
        f"{PAGE}preview/?id=x",
        f"{PAGE}preview/?id={record}&view=kobe_projects",
        f"{PAGE}preview/?id={record}&view=x",
        f"/admin/t/kobe_hearing/preview/?id={record}",
    ):
        assert writer.get(path).status_code == 404, path
    mine = f"/admin/t/{PROJECT}/preview/?id={start(office)}"
    assert "こども食堂の応援" in writer.get(mine).text


def test_a_telephone_number_stands_in_the_way_of_publishing(
    office: Office, writer: Desk, approver: Desk
) -> None:
    record = write(office, status=TO_CHECK, kobe_body=PHONE)
    assert "Text (telephone number)" in page_of(writer, record)
    code, page = status(approver, record, PUBLIC)
    assert code == 409
    assert "Nothing was changed yet." in page
    assert "Text (telephone number)" in page
    assert _status_of(office, record) == TO_CHECK
    again = hidden_of(page, "status")
    assert approver.client.post(f"{PAGE}status/", data=again).status_code == 302
    assert _status_of(office, record) == PUBLIC


def test_who_looked_at_the_preview_is_not_asked_again(office: Office, approver: Desk) -> None:
    record = write(office, status=TO_CHECK, kobe_body=PHONE)
    assert status(approver, record, PUBLIC, page="preview")[0] == 302
    assert _status_of(office, record) == PUBLIC


def test_another_text_is_looked_at_anew(office: Office, writer: Desk, approver: Desk) -> None:
    record = write(office, status=TO_CHECK, kobe_body=PHONE)
    hidden = hidden_of(page_of(approver, record), "status")
    give(office, WRITER, record, kobe_body="連絡は090-1234-5678へ")
    sent = hidden | {"statuscode": str(PUBLIC)}
    assert approver.client.post(f"{PAGE}status/", data=sent).status_code == 409
    now = sent | {"version": hidden_of(page_of(approver, record), "status")["version"]}
    assert approver.client.post(f"{PAGE}status/", data=now).status_code == 409
    assert _status_of(office, record) == TO_CHECK


@pytest.mark.parametrize(("text", "wanted"), [(PHONE, TO_CHECK), ("無事に終わりました。", PUBLIC)])
def test_nothing_stands_in_the_way_where_nothing_is_let_out_or_found(
    office: Office, writer: Desk, approver: Desk, text: str, wanted: int
) -> None:
    record = write(office, status=wanted - 1, kobe_body=text)
    assert status(writer if wanted == TO_CHECK else approver, record, wanted)[0] == 302


def test_a_change_by_the_edit_form_is_warned_of_alike(office: Office, approver: Desk) -> None:
    record = write(office, status=TO_CHECK, kobe_body=PHONE)
    page = page_of(approver, record, "edit")
    sent = hidden_of(page, "edit") | {n: str(v) for n, v in TEXTS.items()}
    sent |= {"kobe_body": PHONE, "statuscode": str(PUBLIC), "kobe_project": ""}
    answer = approver.client.post(f"{PAGE}edit/", data=sent)
    assert answer.status_code == 409
    assert "Look at what will be public" in answer.text
    again = sent | hidden_of(answer.text, "edit")
    assert approver.client.post(f"{PAGE}edit/", data=again).status_code == 302
    assert _status_of(office, record) == PUBLIC


def test_a_new_record_that_is_public_at_once_is_warned_of(office: Office) -> None:
    """Where nobody has to approve it."""
    desk = sit_down(office, "kobe_official")
    sent = {
        **{"kobe_nickname": "花子", "kobe_email": "hanako@example.jp"},
        **{"kobe_phone": "078-331-8181", "kobe_catchphrase": "090-1234-5678"},
        **{"kobe_category": "927000000", "kobe_body": "花を植えます。"},
    }
    answer = desk.post(f"{IDEAS}new/", **sent, statuscode="3")
    assert answer.status_code == 409
    assert "Catchphrase (telephone number" in unescape(answer.text)
    assert desk.post(f"{IDEAS}new/", **sent, statuscode="2").status_code == 302
    record = office.apply(statuscode=3)
    version = hidden_of(desk.get(f"{IDEAS}edit/", id=str(record)).text, "edit")
    changed = desk.post(f"{IDEAS}edit/", **version, **sent, statuscode="3")
    assert changed.status_code == 409, "what is public already does not change unnoticed"


def test_the_offer_is_what_the_person_may_give(
    office: Office, writer: Desk, approver: Desk
) -> None:
    def offered(desk: Desk, record: UUID) -> set[int]:
        form = page_of(desk, record, "details").partition('id="statuscode"')[2]
        return {int(one) for one in re.findall(r'value="(\d+)"', form.partition("</select>")[0])}

    record = write(office, status=TO_CHECK)
    assert offered(writer, record) == {DRAFT, TO_CHECK}
    assert offered(approver, record) == {DRAFT, TO_CHECK, PUBLIC}
    give(office, APPROVER, record, statuscode=PUBLIC)
    assert offered(writer, record) == {DRAFT, PUBLIC, OVER}
    page = page_of(writer, record, "details")
    assert "the record stays as it is" in page
    assert "/edit/" not in page
    new = writer.get(f"{PAGE}new/").text.partition('id="statuscode"')[2].partition("</select>")[0]
    assert f'value="{PUBLIC}"' not in new


def test_a_refused_change_is_explained_on_the_records_page(office: Office, approver: Desk) -> None:
    record = write(office, status=TO_CHECK)
    give(office, APPROVER, record, kobe_title="見出しを直しました")
    code, page = status(approver, record, PUBLIC)
    assert code == 400
    assert "Only another person than those who made or changed the record" in page


def _status_of(office: Office, record: UUID) -> object:
    caller = office.caller(APPROVER)
    return office.engine.run(lambda s: s.retrieve(caller, STORY, record))["statuscode"]


def test_a_story_of_another_business_unit_is_previewed_by_nobody_who_may_not_read_it(
    office: Office, writer: Desk
) -> None:
    official = office.caller("kobe_official")
    batch = [dict(TEXTS)]
    record = office.engine.run(lambda s: s.create_multiple(official, STORY, batch))[0]
    assert writer.get(f"{PAGE}preview/", id=str(record)).status_code == 404
    assert writer.get(f"{PAGE}picture/", id=str(record), attribute="kobe_photo").status_code == 404
    assert sit_down(office, "kobe_official").get(
        f"{PAGE}preview/", id=str(record)
    ).status_code == (200)


def test_the_check_tells_where_pictures_are_told(office: Office) -> None:
    end_all(office.engine)
    page = sit_down(office, "kobe_official").get(f"/admin/publication/{STORIES}/").text
    rows = dict(re.findall(r'data-label="Attribute">([^<]+)</td><td[^>]*>([^<]+)<', page))
    assert rows["Picture"] == "list, record’s page, open data"
    assert rows["Text"] == "record’s page, open data"
