"""Papers say what the definitions say, of every personal attribute, and no value of a record."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select

from exchange.formats import FORMATS, format_named
from exchange.papers.all_papers import PAPERS, read_paper, written
from exchange.papers.paper import TO_FILL_IN, Paper
from models.security.caller import Caller
from models.tables.record_data import AuditEntry
from packager.installing import install, install_audited
from tests.admin_views.contracted import employ, put_under_contract
from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, PERSONAL, SOLUTION, Office, build_office
from tests.packager.folders import copy_of_kobe, edit

ROOM = "/admin/papers/"
LANGUAGES = ["ja", "en"]
VOLUNTEERS = SOLUTION.parent / "student_volunteers"


def paper(office: Office, name: str, language: str = "ja") -> Paper:
    return office.engine.run(lambda service: read_paper(service, name, language=language))


def text_of(found: Paper) -> str:
    return "\n".join((found.title, found.introduction, *(c for line in found.lines for c in line)))


def section(found: Paper, title: str) -> dict[str, tuple[str, ...]]:
    """Its rows by their first cell."""
    [rows] = [one.rows for one in found.sections if one.title == title]
    return {row[0]: row[1:] for row in rows}


def test_the_items_are_those_of_the_source_document(any_office: Office) -> None:
    """電子計算機処理する情報項目: メールアドレス、電話番号."""
    rows = section(paper(any_office, "items"), "応援したいこと")
    assert list(rows) == ["Eメール", "電話番号"]
    kind, collected, kept, seen = rows["Eメール"]
    assert kind == "個人情報"
    assert "公開フォーム「応援したいことの応募」" in collected
    assert "AES-256-GCM" in kept
    assert "レコードごとの鍵" in kept
    told = {one.partition("：")[0]: one.partition("：")[2] for one in seen.split("\n")}
    assert told == {
        "個人情報保護管理者": "閲覧（伏せた値のみ）",
        "職員": "閲覧（値をそのまま表示）",
        "事務局": "閲覧（伏せた値を1件ずつ表示可）",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_personal_or_sealed_attribute_is_an_item_and_no_other(
    any_office: Office, language: str
) -> None:
    found = paper(any_office, "items", language)
    told = [(one.title, row[0]) for one in found.sections for row in one.rows]
    assert sorted(told) == sorted(
        (entity.display_collection_name.text(language), attribute.display_name.text(language))
        for entity in any_office.engine.catalog.entities.values()
        for attribute in entity.attributes.values()
        if attribute.personal or attribute.sealed
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_paper_tells_a_value(any_office: Office, language: str) -> None:
    any_office.apply()
    for name in PAPERS:
        told = text_of(paper(any_office, name, language))
        assert not any(value in told for value in PERSONAL.values()), name
        assert "{" not in told, name


def test_the_register_has_what_the_solution_states(any_office: Office) -> None:
    rows = section(paper(any_office, "files"), "KOBE応援プラットフォーム応募者ファイル")
    assert rows["行政機関等の名称"] == ("神戸市長",)
    assert rows["要配慮個人情報の有無"] == ("含まない",)
    assert "市政情報室" in rows["開示請求等を受理する組織の名称及び所在地"][0]
    assert rows["個人情報ファイルの利用目的"][0].startswith("入力いただいたメールアドレス")
    assert "3 Eメール" in rows["記録項目"][0].split("\n")
    assert rows["行政機関等匿名加工情報の提案の募集"] == (TO_FILL_IN.ja,)


def test_what_nobody_states_is_to_be_filled_in(tmp_path: Path) -> None:
    office = build_office(tmp_path)
    install(office.engine.database, VOLUNTEERS)
    found = paper(office, "files")
    title = next(one.title for one in found.sections if "KOBE" not in one.title)
    rows = section(found, title)
    for item in ("行政機関等の名称", "要配慮個人情報の有無"):
        assert rows[item] == (TO_FILL_IN.ja,), item


def test_the_flow_leads_in_and_out(any_office: Office) -> None:
    flows = {one.title[0]: one for one in paper(any_office, "flows").sections}
    assert [row[0] for row in flows["1"].rows][:2] == [
        "公開フォーム（Web）",
        "バックオフィス（Web）",
    ]
    out = {row[0]: row[2] for row in flows["5"].rows}
    assert "メール「受付完了のお知らせ」（宛先：Eメール" in out["応援したいこと"]
    assert "別の者の承認が必要" in out["応援したいこと"]


def test_retention_is_that_of_the_rules(any_office: Office) -> None:
    rows = section(paper(any_office, "processing"), "KOBE応援プラットフォーム応募者ファイル")
    assert rows["保存期間"] == (
        "完結した応援したいこと：「完結日時」の翌年度4月1日から5年。満了後に消去（承認が必要）",
    )


def test_contractors_are_told_with_their_data(tmp_path: Path) -> None:
    office = build_office(tmp_path)
    operator = office.users["kobe_operator"]
    put_under_contract(office.engine.database, operator, scope={ENTITY: {}}, name="受託株式会社")
    rows = section(paper(office, "processing"), "KOBE応援プラットフォーム応募者ファイル")
    assert rows["委託先"] == ("受託株式会社",)


@pytest.mark.parametrize("format", list(FORMATS))
def test_a_paper_as_a_file_has_every_row(any_office: Office, format: str) -> None:
    found = paper(any_office, "items")
    content = written(found, format_named(format), language="ja")
    if format == "xlsx":
        assert content.startswith(b"PK")
        return
    encoding = "utf-8-sig" if format == "csv" else "cp932"
    lines = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
    assert lines[0] == ["区分", *found.columns]
    assert len(lines) == 1 + sum(len(one.rows) for one in found.sections)


def test_who_answers_for_personal_data_reads_them(any_office: Office) -> None:
    for role in ("kobe_manager", "auditor", "administrator"):
        desk = sit_down(any_office, role)
        assert "Register of files of personal data" in desk.get(ROOM).text
        for name in PAPERS:
            assert desk.get(f"{ROOM}{name}/").status_code == 200, (role, name)
    for role in ("kobe_operator", "kobe_official"):
        desk = sit_down(any_office, role)
        for place in (ROOM, f"{ROOM}items/"):
            assert desk.get(place).status_code == 403, role
        assert desk.post(f"{ROOM}items/file/", format="csv").status_code == 403


def test_no_account_of_a_contractor_reads_them(any_office: Office) -> None:
    account, database = any_office.users["kobe_manager"], any_office.engine.database
    put_under_contract(database, account, scope={ENTITY: {}})
    try:
        assert sit_down(any_office, "kobe_manager").get(ROOM).status_code == 403
    finally:
        employ(database, account, None)


def test_a_file_is_audited_and_another_paper_is_none(any_office: Office) -> None:
    desk = sit_down(any_office, "auditor")
    answer = desk.post(f"{ROOM}flows/file/", format="csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    statement = select(AuditEntry.body).where(AuditEntry.action == "write_paper")
    with any_office.engine.database.reading() as connection:
        [body] = connection.scalars(statement)
    assert '"paper":"flows"' in body
    assert desk.post(f"{ROOM}flows/file/", format="exe").status_code == 404
    assert desk.get(f"{ROOM}nothing/").status_code == 404


def test_the_number_of_persons_is_watched(tmp_path: Path) -> None:
    office, folder = build_office(tmp_path), copy_of_kobe(tmp_path / "copy")
    office.apply(statuscode=1)  # waits for its confirmation: nobody yet
    count = {"register_from": 3, "warn_from": 2}
    edit(folder, "solution.yaml", lambda said: said["privacy"].update(persons=count))
    install_audited(office.engine, Caller.system("tests"), folder)
    manager = sit_down(office, "kobe_manager")
    for applications, warned in ((1, ""), (2, "2 persons are reached"), (3, "3 persons are")):
        office.apply()
        start = manager.get("/admin/").text
        assert ("has to be made and published" in start) == bool(warned), applications
        assert warned in start
    assert "has to be made" not in sit_down(office, "kobe_official").get("/admin/").text
