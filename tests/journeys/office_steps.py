"""What each member of staff does with one application, as chapters of the journey.

Each is checked for what they see, what they are refused, and what no page of theirs may hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.staff import APPLICATIONS, Account, Staff
from tests.journeys.visitor import Visitor
from tests.support.service import Service

QUEUES, STATE, TOLD = "受付箱", "ダッシュボード", ("プロジェクト", "参加の記録", "活動報告")
JOINING = ("協力者の募集", "協力者")
ENQUIRIES, REPORTS = "お問い合わせ", "委託業務点検報告書"
ABOUT_THEM = (*JOINING, ENQUIRIES, "聞き取り", "マッチング", *TOLD, "対応の記録")
PUBLICATION, OF_THEM = "公開", "本人からの依頼"
PERSONS, PERSONAL = "本人からの請求", "個人情報の保護"
LIST, EXPORT, AUDIT = "応援したいこと", "データ出力", "監査"
EXTRACTION, REQUESTS, LEDGER = "持ち出し", "持ち出しの申請", "持ち出し台帳"
JOBS, USERS, METADATA = "システム ジョブ", "ユーザーとロール", "メタデータ"
SYSTEM, PEOPLE = "システム", "利用者と権限"
PATHS = {
    EXPORT: "/admin/export/",
    AUDIT: "/admin/audit/",
    JOBS: "/admin/jobs/",
    USERS: "/admin/users/",
    METADATA: "/admin/metadata/",
    LEDGER: "/admin/ledger/",
}
REASON = "この記録についてご本人に連絡するため"
PURPOSE, RECIPIENT = "読み聞かせの会場との日程調整", "企画調整局つなぐラボ 担当 山本"
USE = "申込みの受付と日程の連絡"
"""What the official uses personal data for."""


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
    operator.finds_menu("ホーム", QUEUES, STATE, LIST, *ABOUT_THEM, OF_THEM)
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


def auditor_inspects(
    visitor: Visitor, service: Service, application: Registered, *, details: str
) -> None:
    """The auditor sees who did what and why, and nothing of what the citizen wrote."""
    auditor = Staff(visitor)
    auditor.sign_in(Account.printed(service, "auditor"))
    auditor.finds_menu("ホーム", LEDGER, PERSONAL, AUDIT)
    auditor.open(AUDIT, heading="監査ログ")
    auditor.narrow_down("伏せた値の表示")
    shown = auditor.row("operator@example.jp").first
    expect(shown).to_contain_text("電話番号")
    expect(shown).to_contain_text(REASON)
    auditor.narrow_down("持ち出しファイルのダウンロード")
    taken = auditor.row("official@example.jp").first
    for text in ("完了", PURPOSE, f"提供先：{RECIPIENT}", "件数：", "うち個人情報："):
        expect(taken).to_contain_text(text)
    auditor.narrow_down("持ち出しの承認")
    expect(auditor.row("manager@example.jp").first).to_contain_text("official@example.jp")
    auditor.narrow_down("個人情報による検索")
    for text in ("Eメール", USE):
        expect(auditor.row("official@example.jp").first).to_contain_text(text)
    auditor.open(LEDGER)
    entry = auditor.row("職員 太郎").first
    for text in ("管理者 五郎", PURPOSE, RECIPIENT, "消去確認済み", "共有フォルダーから消去"):
        expect(entry).to_contain_text(text)
    auditor.is_refused(APPLICATIONS, details, PATHS[EXPORT], PATHS[USERS], PATHS[JOBS])
    assert visitor.saw(*application.content) == []
    auditor.sign_out()


def administrator_manages(
    visitor: Visitor, service: Service, application: Registered, *, details: str
) -> None:
    """The administrator has users, jobs and metadata, and nothing of what the citizen wrote."""
    administrator = Staff(visitor)
    administrator.sign_in(Account.printed(service, "administrator"))
    administrator.finds_menu("ホーム", PERSONAL, REPORTS, PEOPLE, SYSTEM)
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
