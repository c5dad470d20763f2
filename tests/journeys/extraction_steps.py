"""An extract's way through the office: an official asks, the manager approves, a worker builds;
the official fetches the file once and confirms its deletion.

The official's window stays open meanwhile: a code of the second factor is good once.
"""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from models.security.contracts import today
from tests.journeys.office_steps import (
    ABOUT_THEM,
    AUDIT,
    ENQUIRIES,
    EXPORT,
    EXTRACTION,
    JOBS,
    JOINING,
    LEDGER,
    LIST,
    METADATA,
    OF_THEM,
    PATHS,
    PERSONAL,
    PERSONS,
    PUBLICATION,
    PURPOSE,
    QUEUES,
    RECIPIENT,
    REQUESTS,
    STATE,
    TOLD,
    USE,
    USERS,
    Registered,
)
from tests.journeys.staff import Account, Staff
from tests.journeys.visitor import Visitor
from tests.support.service import Service

VIEW = "応援したいこと: すべての応援したいこと"


def official_asks(visitor: Visitor, service: Service, application: Registered) -> Staff:
    """An official reads all, finds an address exactly, and asks for a file, which is not theirs
    to take."""
    official = Staff(visitor)
    official.sign_in(Account.printed(service, "kobe_official"))
    official.finds_menu(
        "ホーム", QUEUES, STATE, LIST, *ABOUT_THEM, PERSONS, EXTRACTION, PUBLICATION, PERSONAL
    )
    official.open(LIST)
    phone = official.cell(application.heading, "電話番号")
    expect(phone).to_have_text(re.compile("^•••-••••-[0-9]{4}$"))
    assert visitor.saw(application.email) == []
    official.states_purpose(USE)
    expect(phone).to_have_text(application.phone)
    official.search("Eメール（完全一致）", "himawari@example.jp")
    expect(official.results).to_have_text("Eメールによる検索: 0件")
    official.search("Eメール（完全一致）", application.email.upper())
    expect(official.results).to_have_text("Eメールによる検索: 1件")
    expect(official.cell(application.heading, "受付番号")).to_have_text(application.number)
    assert not [page for page in visitor.seen if application.email in page.split("\n")[0].lower()]
    official.open(EXTRACTION, heading=EXPORT)
    visitor.control("view").first.select_option(label=VIEW)
    visitor.press("このビューを選択")
    visitor.arrive(EXPORT)
    visitor.press("出力する")
    visitor.arrive(EXPORT)
    expect(visitor.page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["利用目的を入力してください。", "提供先を入力してください。"]
    )
    visitor.page.get_by_label("X（旧Twitter）アカウント名").check()
    visitor.control("purpose").fill(PURPOSE)
    visitor.control("recipient").fill(RECIPIENT)
    visitor.press("出力する")
    visitor.arrive(EXPORT)
    expect(visitor.page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["利用期限を入力してください。"]
    )
    visitor.control("keep_until").fill((today() + timedelta(days=14)).isoformat())
    visitor.press("出力する")
    visitor.arrive("持ち出し申請の内容確認")
    expect(row_of(visitor, "個人情報の列")).to_have_text(re.compile("Eメール.*電話番号"))
    visitor.press("承認を申請する")
    visitor.arrive(VIEW)
    expect(row_of(visitor, "状態")).to_have_text("承認待ち")
    return official


def manager_approves(visitor: Visitor, service: Service, application: Registered) -> None:
    """Sees masks, what is asked for and by whom; can neither export nor fetch."""
    manager = Staff(visitor)
    manager.sign_in(Account.printed(service, "kobe_manager"))
    manager.finds_menu(
        *("ホーム", STATE, LIST, *JOINING, ENQUIRIES, *TOLD, OF_THEM),
        *(EXTRACTION, PUBLICATION, PERSONAL),
    )
    expect(visitor.page.get_by_role("link", name="承認又は却下する申請：1")).to_be_visible()
    manager.open(LIST)
    expect(manager.cell(application.heading, "電話番号")).to_have_text("•••-••••-8181")
    manager.open(EXTRACTION, heading=REQUESTS)
    visitor.follow(VIEW)
    visitor.arrive(VIEW)
    for label, text in (("利用目的", PURPOSE), ("提供先", RECIPIENT), ("申請者", "職員 太郎")):
        expect(row_of(visitor, label)).to_contain_text(text)
    visitor.press("承認する")
    visitor.arrive(VIEW)
    expect(row_of(visitor, "承認者")).to_contain_text("管理者 五郎")
    manager.is_refused(*(PATHS[name] for name in (EXPORT, AUDIT, JOBS, USERS, METADATA)))
    assert visitor.saw(*application.personal) == []
    manager.sign_out()


def official_fetches(official: Staff, application: Registered) -> None:
    """The worker has built the file; it is there once; then its deletion is confirmed."""
    visitor = official.visitor
    expect_ready(visitor)
    with visitor.page.expect_download() as download:
        visitor.press("ダウンロードする")
    assert re.fullmatch(r"応援したいこと.*\.csv", download.value.suggested_filename)
    reads_file(download.value.path(), application)
    visitor.press("ダウンロードする")
    visitor.arrive(VIEW)
    expect(visitor.page.get_by_role("status")).to_have_text(
        "すでに別の状態になっているため、何も変更していません。"
    )
    expect(row_of(visitor, "状態")).to_have_text("ダウンロード済み")
    visitor.press("消去を確認する")
    visitor.arrive(VIEW)
    expect(visitor.page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["消去の方法を入力してください。"]
    )
    visitor.control("deleted_how").fill("共有フォルダーから消去し、ごみ箱を空にした")
    visitor.press("消去を確認する")
    visitor.arrive(VIEW)
    expect(row_of(visitor, "状態")).to_have_text("消去確認済み")
    official.is_refused(*(PATHS[name] for name in (AUDIT, JOBS, USERS, METADATA, LEDGER)))
    official.sign_out()


def expect_ready(visitor: Visitor) -> None:
    """A worker takes the job within a second; the page is opened again until then."""
    path = urlsplit(visitor.page.url).path
    for _ in range(60):
        visitor.go(path)
        if row_of(visitor, "状態").inner_text() == "ダウンロード可":
            break
        visitor.page.wait_for_timeout(500)
    visitor.arrive(VIEW)
    expect(row_of(visitor, "状態")).to_have_text("ダウンロード可")


def row_of(visitor: Visitor, label: str) -> Locator:
    """What stands beside a label."""
    rows = visitor.page.locator(".record-row")
    named = visitor.page.locator("dt").get_by_text(label, exact=True)
    return rows.filter(has=named).locator("dd")


def reads_file(file: Path, application: Registered) -> None:
    """Every cell quoted, CRLF, UTF-8 with a mark; and in it what the citizen wrote."""
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    again = io.StringIO(newline="")
    csv.writer(again, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    assert text == again.getvalue()
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    [found] = [record for record in records if record["受付番号"] == application.number]
    answers = application.answers
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found.pop("受付日時"))
    assert found == {
        "受付番号": application.number,
        "団体名": answers["kobe_organizationname"],
        "連絡用ニックネーム": answers["kobe_nickname"],
        "Eメール": application.email,
        "電話番号": application.phone,
        "X（旧Twitter）アカウント名": f"'{answers['kobe_twitteraccount']}",
        "キャッチフレーズ": application.heading,
        "カテゴリ": answers["kobe_category"],
        "応援内容": answers["kobe_body"],
        "対応状況": "対応中",
    }
