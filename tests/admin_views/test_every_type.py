"""An entity of every attribute type, without a view or a main form: the pages are still whole."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from models.metadata.attribute_types import FileValue
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.principals import Role, RolePrivilege
from models.tables.session import Transaction
from packager.installing import install
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import Office, build_office

SOLUTION = Path(__file__).parents[1] / "solutions" / "office_of_tests"
THING, FOLDER, RULE = "tst_thing", "tst_folder", "tst_rule"
SYSTEM = Caller.system("test")
PLAIN = {
    "tst_name": "いろいろなもの",
    "tst_code": "A-1",
    "tst_memo": "一行目\n二行目",
    "tst_integer": "42",
    "tst_decimal": "3.1415",
    "tst_money": "1200",
    "tst_boolean": "1",
    "tst_date": "2026-04-01",
    "tst_time": "2026-04-01T13:30",
    "tst_choice": "2",
    "tst_choices": ["1", "3"],
    "tst_url": "https://example.jp/",
    "tst_secret_integer": "7",
    "tst_secret_date": "2026-05-01",
    "tst_secret_choices": ["2"],
}
SHOWN = ["いろいろなもの", "3.1415", "Yes", "2026-04-01 13:30", "Blue", "Red, Green", "2026-05-01"]


def grant(office: Office, role: str, entities: Mapping[str, AccessLevel]) -> None:
    def work(transaction: Transaction) -> None:
        role_id = transaction.read(select(Role.id).where(Role.name == role)).scalar_one()
        rows = [
            {"role_id": role_id, "entity": name, "privilege": privilege, "access_level": level}
            for name, level in entities.items()
            for privilege in Privilege
        ]
        transaction.lock().execute(insert(RolePrivilege), rows)

    office.engine.database.run(work)


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    office = build_office(tmp_path_factory.mktemp("every_type"))
    install(office.engine.database, SOLUTION)
    reached = AccessLevel.GLOBAL
    grant(office, "kobe_official", {THING: reached, FOLDER: reached, RULE: reached})
    return sit_down(office, "kobe_official")


def create(clerk: Desk, entity: str, **values: object) -> UUID:
    response = clerk.post(f"/admin/t/{entity}/new/", **values)
    assert response.status_code == 302, response.text
    return UUID(response.headers["Location"].split("id=")[1])


def stored(clerk: Desk, entity: str, record_id: UUID) -> dict[str, object]:
    return clerk.office.engine.run(lambda s: s.retrieve(SYSTEM, entity, record_id))


def test_every_type_is_entered_shown_and_kept(clerk: Desk) -> None:
    record_id = create(clerk, THING, **PLAIN)
    page = clerk.get(f"/admin/t/{THING}/details/", id=str(record_id)).text
    assert [text for text in SHOWN if text not in page] == []
    before = stored(clerk, THING, record_id)
    edit = clerk.get(f"/admin/t/{THING}/edit/", id=str(record_id)).text
    form = hidden_of(edit, "edit") | PLAIN
    assert clerk.client.post(f"/admin/t/{THING}/edit/", data=form).status_code == 302
    after = stored(clerk, THING, record_id)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"modifiedon", "modifiedby", "versionnumber"}


def test_a_new_form_begins_with_defaults(clerk: Desk) -> None:
    page = clerk.get("/admin/t/kobe_match/new/").text
    for name in ("kobe_applicantsays", "kobe_cooperatorsays"):
        select = page[page.index(f'name="{name}"') :].split("</select>")[0]
        assert '<option selected value="1">' in select


def test_a_key_that_is_taken_is_explained_and_the_input_kept(clerk: Desk) -> None:
    create(clerk, FOLDER, tst_title="一つ目")
    create(clerk, THING, tst_name="先のもの", tst_code="K-1")
    sent = {"tst_name": "後のもの", "tst_code": "K-1"}
    response = clerk.post(f"/admin/t/{THING}/new/", **sent)
    assert response.status_code == 400
    assert 'value="後のもの"' in response.text


def test_a_list_without_a_view_shows_all(clerk: Desk) -> None:
    create(clerk, THING, tst_name="一覧に出るもの")
    page = clerk.get(f"/admin/t/{THING}/").text
    assert "一覧に出るもの" in page
    assert "添付" not in page[page.index("<thead>") : page.index("</thead>")]


def test_sealed_values_are_never_sorted_or_filtered(clerk: Desk) -> None:
    page = clerk.get(f"/admin/t/{THING}/").text
    assert 'name="tst_choice"' in page
    assert 'name="tst_secret_boolean"' not in page
    assert "sort=tst_secret" not in page
    assert clerk.get(f"/admin/t/{THING}/", sort="tst_secret_integer").status_code == 200


def test_personal_attributes_without_a_profile_are_nowhere(clerk: Desk) -> None:
    record_id = create(clerk, THING, tst_name="個人情報のあるもの")
    for path in (f"details/?id={record_id}", f"edit/?id={record_id}", "new/", ""):
        page = clerk.get(f"/admin/t/{THING}/{path}").text
        assert "tst_email" not in page, path
        assert "秘密</" not in page, path


def test_a_lookup_offers_and_names_records(clerk: Desk) -> None:
    folder = create(clerk, FOLDER, tst_title="資料の箱")
    record_id = create(clerk, THING, tst_name="箱の中", tst_parent=str(folder))
    assert stored(clerk, THING, record_id)["tst_parent"] == folder
    assert "資料の箱" in clerk.get(f"/admin/t/{THING}/details/", id=str(record_id)).text
    edit = clerk.get(f"/admin/t/{THING}/edit/", id=str(record_id)).text
    assert f'<option selected value="{folder}">資料の箱</option>' in edit


def test_a_lookup_to_nowhere_is_explained(clerk: Desk) -> None:
    sent = {"tst_name": "迷子", "tst_parent": str(UUID(int=7))}
    response = clerk.post(f"/admin/t/{THING}/new/", **sent)
    assert response.status_code == 400
    assert 'href="#tst_parent"' in response.text


def test_a_file_goes_in_and_comes_out_as_a_download(clerk: Desk) -> None:
    upload = (BytesIO("<script>内容</script>".encode()), "見積 書.html", "text/html")
    record_id = create(clerk, THING, tst_name="添付つき", tst_file=upload)
    value = stored(clerk, THING, record_id)["tst_file"]
    assert isinstance(value, FileValue)
    path = f"/admin/t/{THING}/file/"
    response = clerk.get(path, id=str(record_id), attribute="tst_file")
    assert response.data == value.content
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    for attribute in ("tst_name", "tst_none", ""):
        other = clerk.get(path, id=str(record_id), attribute=attribute)
        assert other.status_code == 404, attribute


def test_organization_owned_records_are_not_assigned(clerk: Desk) -> None:
    record_id = create(clerk, RULE, tst_text="規則")
    page = clerk.get(f"/admin/t/{RULE}/details/", id=str(record_id)).text
    assert "/assign/" not in page
    assert clerk.get(f"/admin/t/{RULE}/assign/", id=str(record_id)).status_code == 403


def test_an_erased_value_is_shown_as_such(clerk: Desk) -> None:
    """A record whose key was destroyed, in a backup say: its sealed values say so."""
    record_id = create(clerk, THING, **PLAIN | {"tst_code": "B-1"})
    engine = clerk.office.engine
    table = engine.catalog.tables.entities[THING]
    with engine.database.engine.connect() as connection:
        key_id = connection.scalar(select(table.c.data_key_id).where(table.c.id == record_id))
    engine.keyring.destroy({key_id})
    page = clerk.get(f"/admin/t/{THING}/details/", id=str(record_id))
    assert page.status_code == 200
    assert "いろいろなもの" in page.text
    assert "2026-05-01" not in page.text


def test_the_menu_grows_with_the_solution(clerk: Desk) -> None:
    page = clerk.get("/admin/").text
    assert {"Thing", "Folder", "Rule"} <= {part.split("<")[0] for part in page.split('/">')[1:]}
