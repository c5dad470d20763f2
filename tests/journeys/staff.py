"""What a member of staff does: signs in as “make run” printed it, goes by the menu, signs out."""

import base64
import hashlib
import hmac
import re
import struct
import time
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor
from tests.support.service import Service

APPLICATIONS = "/admin/t/kobe_application/"
PRINTED = re.compile(
    r"^ +(?P<email>\S+@\S+) +(?P<role>\S+) +password: (?P<password>\S+)"
    r"(?: +second factor \(TOTP secret\): (?P<secret>\S+))?$",
    re.MULTILINE,
)
REFUSED = "この操作は許可されていません"
HOME, SIGN_IN = "ホーム", "サインイン"


@dataclass(frozen=True)
class Account:
    email: str
    password: str
    secret: str

    @classmethod
    def printed(cls, service: Service, role: str) -> "Account":
        """The demo account of that role, as the service's start printed it."""
        [found] = [one for one in PRINTED.finditer(service.output) if one["role"] == role]
        return cls(found["email"], found["password"], found["secret"] or "")


@dataclass
class Staff:
    """A visitor in the back office."""

    visitor: Visitor

    def sign_in(self, account: Account) -> None:
        self.visitor.go("/admin/")  # which sends who is not signed in to the sign-in
        self.visitor.arrive(SIGN_IN)
        self.enter_password(account.email, account.password)
        if account.secret:
            self.visitor.arrive("確認コードの入力")
            self.visitor.control("code").fill(code_of(account.secret, at=time.time()))
            self.visitor.press("次へ")
        self.visitor.arrive(HOME)

    def mistypes_password(self, account: Account) -> None:
        self.visitor.go("/login")
        self.visitor.arrive(SIGN_IN)
        self.enter_password(account.email, account.password + "x")
        self.visitor.arrive(SIGN_IN)
        expect(self.visitor.page.get_by_role("alert")).to_be_visible()

    def enter_password(self, email: str, password: str) -> None:
        self.visitor.control("email").fill(email)
        self.visitor.control("password").fill(password)
        self.visitor.press(SIGN_IN)

    def open(self, item: str, *, heading: str = "") -> None:
        """Choose from the menu."""
        self.menu.get_by_role("link", name=item, exact=True).click()
        self.visitor.arrive(heading or item)

    def turns_to(self, item: str) -> None:
        """Choose from the pages of the section that is open."""
        beside = self.visitor.page.get_by_role("navigation", name="この区分のページ")
        beside.get_by_role("link", name=item, exact=True).click()
        self.visitor.arrive(item)

    def finds_menu(self, *items: str) -> None:
        """The menu has these and nothing else."""
        expect(self.menu.get_by_role("link")).to_have_text(list(items))

    def is_refused(self, *paths: str) -> None:
        for path in paths:
            self.visitor.go(path, status=403)
            self.visitor.arrive(REFUSED)

    def sign_out(self) -> None:
        """And nothing of it comes back by going back."""
        was = self.visitor.page.url
        self.visitor.press("サインアウト")
        self.visitor.arrive(SIGN_IN)
        self.visitor.page.goto(was)
        self.visitor.arrive(SIGN_IN)

    def search(self, by: str, value: str) -> None:
        self.visitor.control("attribute").select_option(label=by)
        self.visitor.control("value").fill(value)
        self.visitor.press("検索")
        self.visitor.arrive("応援したいこと")

    def reveal(self, attribute: str, *, reason: str) -> None:
        """Ask for one masked value of the open record."""
        row = self.visitor.page.locator(f"#row-{attribute}")
        row.locator("summary").click()
        row.locator("select").select_option(label=reason)
        row.get_by_role("button").click()

    def states_purpose(self, purpose: str) -> None:
        """What personal data is used for, at the strip above the records."""
        strip = self.visitor.page.locator(".purpose-strip")
        strip.locator("summary").click()
        strip.locator("[name=purpose_text]").fill(purpose)
        strip.get_by_role("button", name="個人情報を表示する").click()
        expect(strip).to_contain_text(f"利用目的：{purpose}")

    def narrow_down(self, act: str) -> None:
        """To the audit log's entries of one act."""
        self.visitor.control("action").select_option(label=act)
        self.visitor.press("絞り込む")
        self.visitor.arrive("監査ログ")

    @property
    def results(self) -> Locator:
        """The line above a list that says how many there are."""
        return self.visitor.page.locator("#result")

    @property
    def menu(self) -> Locator:
        return self.visitor.page.get_by_role("navigation", name="メインメニュー", exact=True)

    def row(self, text: str) -> Locator:
        """The row of the list that has this text in one of its cells."""
        return self.visitor.page.locator("tbody tr").filter(has_text=text)

    def cell(self, text: str, column: str) -> Locator:
        return self.row(text).locator(f"td[data-label='{column}']")


def code_of(secret: str, *, at: float) -> str:
    """The six digits an authenticator shows for a base32 secret (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at) // 30), hashlib.sha1)
    start = digest[-1] & 0xF
    [number] = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"
