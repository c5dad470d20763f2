"""What each member of staff does with one application, as chapters of the journey.

Each is checked for what they see, what they are refused, and what no page of theirs may hold.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.staff import APPLICATIONS, Account, Staff
from tests.journeys.visitor import Visitor
from tests.support.service import Service

LIST, EXPORT, AUDIT = "応援したいこと", "CSV出力", "監査ログ"
JOBS, USERS, METADATA = "システム ジョブ", "ユーザーとロール", "メタデータ"
SYSTEM, PEOPLE = "システム", "利用者と権限"
PATHS = {
    EXPORT: "/admin/export/",
    AUDIT: "/admin/audit/",
    JOBS: "/admin/jobs/",
    USERS: "/admin/users/",
    METADATA: "/admin/metadata/",
}
REASON = "この記録についてご本人に連絡するため"
PURPOSE, RECIPIENT = "読み聞かせの会場との日程調整", "企画調整局つなぐラボ 担当 山本"


@dataclass(frozen=True)
class Registered:
    """An application the office has: its number, its answers as they are shown."""

    number: str
    answers: Mapping[str, str]

    @property
    def heading(self) -> str:
        return self.answers["kobe_catchphrase"]

    @property
    def email(self) -> str:
        return self.answers["kobe_email"]

    @property
    def phone(self) -> str:
        return self.answers["kobe_phone"]

    @property
    def personal(self) -> tuple[str, ...]:
        """The personal values in every form they may be written in."""
        digits = self.phone.replace("-", "")
        return (self.email, self.phone, digits, f"+81{digits[1:]}")

    @property
    def content(self) -> tuple[str, ...]:
        """Everything the citizen wrote."""
        lines = self.answers["kobe_body"].splitlines()
        return (*self.personal, self.heading, self.answers["kobe_nickname"], *lines)


def operator_reveals(visitor: Visitor, service: Service, application: Registered) -> str:
    """The secretariat sees masks, and one value of one record for a reason; its page's address."""
    operator = Staff(visitor)
    operator.mistypes_password(Account.printed(service, "kobe_operator"))
    operator.sign_in(Account.printed(service, "kobe_operator"))
    operator.finds_menu("ホーム", LIST)
    operator.open(LIST)
    expect(operator.cell(application.heading, "Eメール")).to_have_text("h•••@example.jp")
    expect(operator.cell(application.heading, "電話番号")).to_have_text("•••-••••-8181")
    operator.search("電話番号（完全一致）", application.phone)  # as the caller said it
    expect(operator.cell(application.heading, "Eメール")).to_have_text("h•••@example.jp")
    visitor.page.get_by_role("link", name=application.heading, exact=True).click()
    visitor.arrive(application.heading)
    details = visitor.page.url
    operator.reveal("kobe_phone", reason=REASON)
    visitor.arrive(application.heading)
    expect(visitor.page.locator("#row-kobe_phone a")).to_have_text(application.phone)
    visitor.page.goto(details)
    visitor.arrive(application.heading)
    expect(visitor.page.locator("#row-kobe_phone .masked")).to_have_text("•••-••••-8181")
    visitor.control("statuscode").select_option(label="対応中")
    visitor.press("対応状況を変更")
    visitor.arrive(application.heading)
    expect(visitor.page.get_by_role("status")).to_have_text("対応状況を変更しました。")
    assert visitor.saw(application.email) == []
    operator.is_refused(*PATHS.values())
    operator.sign_out()
    parts = urlsplit(details)
    return f"{parts.path}?{parts.query}"


def official_exports(visitor: Visitor, service: Service, application: Registered) -> None:
    """An official reads all, finds an address exactly, and takes a file away for a purpose."""
    official = Staff(visitor)
    official.sign_in(Account.printed(service, "kobe_official"))
    official.finds_menu("ホーム", LIST, EXPORT)
    official.open(LIST)
    expect(official.cell(application.heading, "電話番号")).to_have_text(application.phone)
    official.search("Eメール（完全一致）", "himawari@example.jp")
    expect(official.results).to_have_text("Eメールによる検索: 0件")
    official.search("Eメール（完全一致）", application.email.upper())
    expect(official.results).to_have_text("Eメールによる検索: 1件")
    expect(official.cell(application.heading, "受付番号")).to_have_text(application.number)
    assert not [page for page in visitor.seen if application.email in page.split("\n")[0].lower()]
    official.open(EXPORT)
    visitor.control("view").first.select_option(label="応援したいこと: すべての応援したいこと")
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
    with visitor.page.expect_download() as download:
        visitor.press("出力する")
    expect(visitor.page.get_by_text("件の出力が完了しました")).to_be_visible()
    assert re.fullmatch(r"応援したいこと.*\.csv", download.value.suggested_filename)
    reads_file(download.value.path(), application)
    official.is_refused(*(PATHS[name] for name in (AUDIT, JOBS, USERS, METADATA)))
    official.sign_out()


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


def auditor_inspects(
    visitor: Visitor, service: Service, application: Registered, *, details: str
) -> None:
    """The auditor sees who did what and why, and nothing of what the citizen wrote."""
    auditor = Staff(visitor)
    auditor.sign_in(Account.printed(service, "auditor"))
    auditor.finds_menu("ホーム", AUDIT)
    auditor.open(AUDIT)
    auditor.narrow_down("伏せた値の表示")
    shown = auditor.row("operator@example.jp").first
    expect(shown).to_contain_text("電話番号")
    expect(shown).to_contain_text(f"利用目的：{REASON}")
    auditor.narrow_down("CSV出力")
    taken = auditor.row("official@example.jp").first
    for text in ("完了", f"利用目的：{PURPOSE}", f"提供先：{RECIPIENT}", "件数：", "列："):
        expect(taken).to_contain_text(text)
    auditor.narrow_down("個人情報による検索")
    expect(auditor.row("official@example.jp").first).to_contain_text("Eメール")
    auditor.is_refused(APPLICATIONS, details, PATHS[EXPORT], PATHS[USERS], PATHS[JOBS])
    assert visitor.saw(*application.content) == []
    auditor.sign_out()


def administrator_manages(
    visitor: Visitor, service: Service, application: Registered, *, details: str
) -> None:
    """The administrator has users, jobs and metadata, and nothing of what the citizen wrote."""
    administrator = Staff(visitor)
    administrator.sign_in(Account.printed(service, "administrator"))
    administrator.finds_menu("ホーム", PEOPLE, SYSTEM)
    administrator.open(SYSTEM, heading=JOBS)
    expect(administrator.row("メール送信").first).to_be_visible()
    administrator.open(PEOPLE, heading=USERS)
    administrator.open(SYSTEM, heading=JOBS)
    administrator.turns_to(METADATA)
    visitor.follow(LIST)
    visitor.arrive(f"{LIST} kobe_application")
    administrator.is_refused(APPLICATIONS, details, PATHS[EXPORT], PATHS[AUDIT])
    assert visitor.saw(*application.content) == []
    administrator.sign_out()
