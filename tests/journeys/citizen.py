"""What a citizen does: fills in the form, checks, sends, opens the mail's link."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from time import monotonic, sleep
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from cli.development.inbox import Mail
from tests.journeys.visitor import Visitor
from tests.support.post_office import PostOffice
from tests.support.service import CAPTCHA_CODE, Service

FORM = "/forms/kobe_application"
CHOSEN = "kobe_category"
READING_SECONDS = 3.2
"""A form sent sooner than the form definition's `least_seconds` was read by no person."""
CONSENT, CAPTCHA = "privacy_confirmed", "captcha"
LINK = re.compile(r"http://\S+/confirm/\S+")
TITLES = {
    "home": {"ja": "受付", "en": "Applications"},
    "form": {"ja": "応援したいことの応募", "en": "Tell us how you would like to help"},
    "check": {"ja": "入力内容の確認", "en": "Check your answers"},
    "sent": {"ja": "確認メールをお送りしました", "en": "We have sent you a confirmation e-mail"},
    "confirm": {"ja": "登録完了手続き", "en": "Complete your registration"},
    "received": {"ja": "受付が完了しました", "en": "It is complete: we have received it"},
    "used": {"ja": "このURLは利用できません", "en": "This URL cannot be used"},
}
BUTTONS = {
    "check": {"ja": "入力内容を確認する", "en": "Check what you entered"},
    "send": {"ja": "この内容で送信する", "en": "Send the application"},
    "confirm": {"ja": "登録を完了する", "en": "Complete registration"},
}


@dataclass
class Citizen:
    """A visitor on the public's side."""

    visitor: Visitor
    opened_at: float = 0.0

    def arrive(self, at: str) -> None:
        self.visitor.arrive(TITLES[at][self.visitor.language])

    def press(self, button: str) -> None:
        self.visitor.press(BUTTONS[button][self.visitor.language])

    def open_form(self) -> None:
        self.visitor.go(FORM)
        self.opened_at = monotonic()
        self.arrive("form")

    def find_form(self) -> None:
        """From the first page on."""
        self.visitor.go("/")
        self.arrive("home")
        self.visitor.page.locator(f"a[href='{FORM}']").click()
        self.arrive("form")
        self.opened_at = monotonic()

    def read_it(self) -> None:
        """Take the time a person takes at least."""
        sleep(max(0, self.opened_at + READING_SECONDS - monotonic()))

    def fill_in(self, answers: Mapping[str, str]) -> None:
        for name, text in answers.items():
            control = self.visitor.control(name)
            if name == CHOSEN:
                control.select_option(label=text)
            else:
                control.fill(text)

    def consent_and_pass(self) -> None:
        self.visitor.control(CONSENT).check()
        self.visitor.control(CAPTCHA).fill(CAPTCHA_CODE)

    def finds_entered(self, answers: Mapping[str, str]) -> None:
        """The form's controls hold these answers."""
        for name, text in answers.items():
            control = self.visitor.control(name)
            if name == CHOSEN:
                expect(control.locator("option:checked")).to_have_text(text)
            else:
                expect(control).to_have_value(text)

    def finds_problems(self, messages: Mapping[str, str]) -> None:
        """Each message is in the summary, leading to its control, and at the control; no other."""
        page = self.visitor.page
        expect(page.get_by_role("alert").get_by_role("link")).to_have_text([*messages.values()])
        for name, message in messages.items():
            link = page.get_by_role("alert").get_by_role("link", name=message, exact=True)
            assert link.get_attribute("href") == f"#{name}"
            expect(self.visitor.control(name)).to_have_attribute("aria-invalid", "true")
            expect(self.visitor.control(name)).to_have_accessible_description(
                re.compile(re.escape(message))
            )
        expect(page.locator("[aria-invalid=true]")).to_have_count(len(messages))

    def finds_answers(self, answers: Mapping[str, str]) -> None:
        """The page of answers to check shows these."""
        for name, text in answers.items():
            expect(self.visitor.page.locator(self._answer(name)).first).to_have_text(text)

    def change(self, name: str) -> None:
        """Follow the link beside an answer back to its control."""
        self.visitor.page.locator(f"{self._answer(name)} a").click()

    def apply(self, answers: Mapping[str, str]) -> None:
        """All of it without a mistake, until the mail is on its way."""
        self.open_form()
        self.fill_in(answers)
        self.consent_and_pass()
        self.read_it()
        self.press("check")
        self.arrive("check")
        self.press("send")
        self.arrive("sent")

    def open_mail(self, post_office: PostOffice, email: str) -> None:
        self.visitor.page.goto(link_in(mail_to(post_office, email)))

    def completes(self) -> str:
        """Press the button of the page that the mail's link opened; the receipt number."""
        self.arrive("confirm")
        self.press("confirm")
        self.arrive("received")
        return self.visitor.page.locator(".number").inner_text()

    def _answer(self, name: str) -> str:
        return f".answers > div:has(a[href$='#{name}']) dd"


def mail_to(post_office: PostOffice, email: str, *, word: str = "/confirm/") -> Mail:
    """The mail to that address with that word in it, as soon as it comes."""
    return post_office.wait_for(lambda mail: mail.recipients == (email,) and word in mail.text)


def link_in(mail: Mail) -> str:
    [link] = LINK.findall(mail.text)
    return str(link)


def open_as_scanners_do(link: str) -> None:
    """A mail filter looks at the link before the person: twice, and once with HEAD."""
    for method in ("GET", "HEAD", "GET"):
        urlopen(Request(link, method=method), timeout=30).close()


def status_of(service: Service, catchphrase: str) -> int:
    """The status reason of the one application so headed, as it stands in the database."""
    address = f"file:{service.instance}/uketsuke.db?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        question = "SELECT statuscode FROM kobe_application WHERE kobe_catchphrase = ?"
        [[status]] = database.execute(question, (catchphrase,))
    return int(status)
