"""The export page: for those who may, with purpose and recipient, as a download.

Of columns that are not personal; those that another person has to approve are in
test_asking_for_extracts.
"""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from admin_views.extraction.export_progress import Progress, ProgressNote, read_progress
from exchange.exporting import Export
from exchange.orders import ExportOrder
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, Office, application
from tests.admin_views.test_publishing import memo, republish

VIEW = f"{ENTITY}_received"


def send(desk: Desk, **changes: object) -> TestResponse:
    form = {
        "view": VIEW,
        "columns": ["kobe_nickname", "kobe_catchphrase"],
        "purpose": "10月のイベントの連絡",
        "recipient": "つなぐラボ 職員",
        "format": "csv",
        "job": str(uuid4()),
        "proof": PASSWORD,
    }
    return desk.post("/admin/export/", **form | changes)


@pytest.fixture
def official(own_office: Office) -> Desk:
    for _ in range(3):
        own_office.apply()
    return sit_down(own_office, "kobe_official")


def test_streams_a_file(official: Desk) -> None:
    job = uuid4()
    response = send(official, job=str(job))
    assert response.status_code == 200
    lines = response.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[1:] == ['"神戸 花子","子どもたちに本を届けたい"'] * 3
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="{ENTITY}_')
    assert "filename*=UTF-8''" in disposition
    assert response.headers["Cache-Control"] == "no-store"
    progress = official.get(f"/admin/export/progress/{job}/").get_json()
    assert progress == {"rows": 3, "total": 3, "status": "SUCCEEDED", "replaced": 0, "places": []}


def test_one_page_exports_more_than_once(official: Desk) -> None:
    job = str(uuid4())
    assert [send(official, job=job).data.count(b"\r\n") for _ in range(2)] == [4, 4]
    progress = official.get(f"/admin/export/progress/{job}/").get_json()
    assert (progress["rows"], progress["status"]) == (3, "SUCCEEDED")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purpose", " "),
        ("recipient", ""),
        ("columns", []),
        ("format", "csv-7"),
        ("keep_until", "tomorrow"),
        ("keep_until", "2020-04-01"),
    ],
)
def test_asks_for_what_is_missing(official: Desk, name: str, value: object) -> None:
    response = send(official, **{name: value})
    assert response.status_code == 400
    assert f'href="#{name}"' in response.text
    assert "10月のイベントの連絡" in response.text or name == "purpose", "what was typed is kept"


def test_columns_are_those_offered(official: Desk) -> None:
    response = send(official, columns=["kobe_nickname", "kobe_nothing", "password"])
    assert response.data.decode("utf-8-sig").splitlines()[0].count(",") == 0


@pytest.mark.parametrize("view", ["kobe_nothing", "systemuser"])
def test_unknown_views_are_not_found(official: Desk, view: str) -> None:
    assert send(official, view=view).status_code == 404


@pytest.mark.parametrize("role", ["kobe_operator", "auditor", "administrator"])
def test_others_may_not(own_office: Office, role: str) -> None:
    own_office.apply()
    desk = sit_down(own_office, role)
    assert send(desk).status_code == 403
    assert desk.get("/admin/export/").status_code == 403
    assert desk.get(f"/admin/export/progress/{UUID(int=7)}/").status_code == 403


def test_an_order_that_the_caller_may_not_use_is_left_out(own_office: Office) -> None:
    republish(own_office, memo(secured=True), order=["kobe_memo", "kobe_nickname desc"])
    for nickname in ("い", "う", "あ"):
        own_office.apply(kobe_nickname=nickname)
    official = sit_down(own_office, "kobe_official")
    assert official.records().status_code == 200
    response = send(official, columns=["kobe_nickname"])
    assert response.status_code == 200
    assert response.data.decode("utf-8-sig").splitlines()[1:] == ['"う"', '"い"', '"あ"']


def test_a_long_text_orders_an_export(own_office: Office) -> None:
    """A list it does not: see `LONGEST_SORTED`."""
    republish(own_office, memo(max_length=4000), order=["kobe_memo desc"])
    caller = own_office.caller("kobe_official")
    batch = [application(kobe_memo=text * 4000) for text in ("い", "う", "あ")]
    own_office.engine.run(lambda service: service.create_multiple(caller, ENTITY, batch))
    official = sit_down(own_office, "kobe_official")
    assert "sort=kobe_memo" not in official.records().text
    response = send(official, columns=["kobe_memo"])
    lines = response.data.decode("utf-8-sig").splitlines()[1:]
    assert [line[1] for line in lines] == [
        "う",
        "い",
        "あ",
    ]


def test_is_audited(own_office: Office, official: Desk) -> None:
    assert send(official).data
    page = sit_down(own_office, "auditor").get("/admin/audit/", action="export").text
    assert "10月のイベントの連絡" in page
    assert "つなぐラボ 職員" in page


def test_an_export_broken_off_is_shown_as_such(own_office: Office, official: Desk) -> None:
    """The reader goes away after the first piece."""
    engine, job = own_office.engine, UUID(int=8)
    query = replace(engine.catalog.views[VIEW].query, columns=("kobe_nickname",))
    order = ExportOrder(query=query, purpose="試験", recipient="試験")
    caller = own_office.caller("kobe_official")
    note = ProgressNote(engine, caller, id=job, total=3)
    note.start(ENTITY)
    pieces = note.watched(Export(engine, caller, order))
    assert next(pieces).startswith(b"\xef\xbb\xbf")
    pieces.close()  # type: ignore[attr-defined]
    assert read_progress(engine, caller, job) == Progress(0, 3, "CANCELED")


def test_what_shift_jis_cannot_say_is_told(own_office: Office) -> None:
    own_office.apply(kobe_nickname="神戸 𠮷子😀")
    official = sit_down(own_office, "kobe_official")
    job = uuid4()
    response = send(official, job=str(job), format="csv_cp932", columns=["kobe_nickname"])
    assert "神戸 〓子〓" in response.data.decode("cp932")
    progress = official.get(f"/admin/export/progress/{job}/").get_json()
    assert progress["replaced"] == 2


def test_unknown_progress_is_not_found(official: Desk) -> None:
    assert official.get(f"/admin/export/progress/{uuid4()}/").status_code == 404
