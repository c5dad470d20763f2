"""What the volunteer desk and its head do: a request through its stages to an assignment, and the
requests that look for students out to the public, by two people."""

import re

from playwright.sync_api import expect

from tests.journeys.office_steps import LIST, PATHS
from tests.journeys.staff import APPLICATIONS, Account, Staff
from tests.journeys.student import PERSONAL
from tests.journeys.visitor import Visitor
from tests.support.browser import prove
from tests.support.service import Service

STUDENTS, REQUESTS, ASSIGNMENTS = "学生ボランティア", "学校からの依頼", "活動の割り当て"
STATE, PUBLICATION, OF_THEM = "学生ボランティアの状況", "公開", "本人からの依頼"
NOTES = "対応の記録"
FITTING, VIEW, CHECK = "希望に合う学生", "募集中の活動", "公開前チェック：募集中の活動"
MASKED = ("須•••", "n•••@example.jp")
TITLE = "放課後の宿題の見守り"
REQUEST = {
    "vol_title": TITLE,
    "vol_schoolname": "長田の丘小学校",
    "vol_schoolemail": "nagata.oka@example.jp",
    "vol_begins": "2027-04-14",
    "vol_wanted": "2",
    "vol_times": "10",
    "vol_hourseach": "1.5",
    "vol_text": "毎週水曜日の放課後、図書室で宿題をする児童を見守っていただきます。",
}


def desk_opens(visitor: Visitor, service: Service, number: str) -> Staff:
    """Sees its own office and nothing of Kobe's; the student is met and registered."""
    staff = Staff(visitor)
    staff.sign_in(Account.printed(service, "vol_staff"))
    menu = (STATE, ASSIGNMENTS, REQUESTS, STUDENTS, NOTES, OF_THEM)
    staff.finds_menu("ホーム", *menu, "持ち出し", PUBLICATION, "漏えい等の記録簿")
    staff.is_refused(APPLICATIONS, "/admin/t/kobe_cooperator/", PATHS["監査"])
    visitor.go("/admin/")
    staff.open(STUDENTS)
    for column, text in zip(("氏名", "Eメール"), MASKED, strict=True):
        expect(staff.cell(number, column)).to_have_text(text)
    visitor.follow(number)
    visitor.arrive(number)
    _changes_status(visitor, number, "登録済")
    assert visitor.saw(*PERSONAL) == []
    return staff


def kobes_operator_sees_nothing_of_it(visitor: Visitor, service: Service) -> None:
    operator = Staff(visitor)
    operator.sign_in(Account.printed(service, "kobe_operator"))
    expect(operator.menu.get_by_role("link", name=STUDENTS)).to_have_count(0)
    expect(operator.menu.get_by_role("link", name=LIST, exact=True)).to_have_count(1)
    operator.is_refused(*(f"/admin/t/vol_{name}/" for name in ("volunteer", "request")))
    operator.is_refused("/admin/dashboard/vol_state/")


def desk_enters_a_request(staff: Staff) -> None:
    """What the school said on the telephone; 15 hours follow from it."""
    visitor = staff.visitor
    staff.open(REQUESTS)
    visitor.follow("新規作成")
    visitor.arrive(f"新規作成：{REQUESTS}")
    for name, text in REQUEST.items():
        visitor.control(name).fill(text)
    visitor.control("vol_subject").select_option(label="放課後の学習")
    visitor.control("vol_area").select_option(label="長田区")
    visitor.page.get_by_role("checkbox", name="水曜日").check()
    visitor.press("作成")
    visitor.arrive(TITLE)
    expect(visitor.page.locator("#row-vol_hours dd")).to_have_text(re.compile("15"))


def head_lets_it_out(visitor: Visitor, service: Service) -> Staff:
    """Only the head moves it to 募集中; names stay masked."""
    head = Staff(visitor)
    head.sign_in(Account.printed(service, "vol_leader"))
    head.open(STUDENTS)
    head.open(REQUESTS)
    visitor.follow(TITLE)
    visitor.arrive(TITLE)
    visitor.control("stage").select_option(label="募集中")
    visitor.press("移動する")
    visitor.arrive(TITLE)
    expect(visitor.page.get_by_role("status")).to_have_text("段階を変更しました。")
    return head


def desk_assigns(staff: Staff, number: str) -> None:
    """The page of who fits leads to an assignment, which waits for the student's consent."""
    visitor = staff.visitor
    staff.open(REQUESTS)
    visitor.follow(TITLE)
    visitor.arrive(TITLE)
    visitor.follow(FITTING)
    visitor.arrive(FITTING)
    expect(staff.row(number).locator("strong")).to_have_count(3)  # day, ward and kind of help
    staff.row(number).get_by_role("link", name="提案する").click()
    visitor.arrive(f"新規作成：{ASSIGNMENTS}")
    visitor.press("作成")
    heading = visitor.page.get_by_role("heading", level=1, name=re.compile(r"^A\d{5}$"))
    assignment = heading.inner_text()
    visitor.arrive(assignment)
    visitor.control("statuscode").select_option(label="決定")
    visitor.press("対応状況を変更")
    visitor.arrive(assignment)
    expect(visitor.page.get_by_role("alert")).to_contain_text("本人が承諾した日")
    visitor.follow("編集")
    visitor.arrive(f"編集：{assignment}")
    visitor.control("vol_agreedon").fill("2027-04-01")
    visitor.press("保存")
    visitor.arrive(assignment)
    _changes_status(visitor, assignment, "決定")


def desk_asks_for_publication(staff: Staff, password: str) -> None:
    visitor = staff.visitor
    staff.open(PUBLICATION)
    visitor.follow(VIEW)
    visitor.arrive(CHECK)
    prove(visitor.page, password)
    visitor.press("公開を申請する")
    visitor.arrive(CHECK)
    expect(visitor.page.get_by_role("button", name="公開を承認する")).to_have_count(0)


def head_approves(head: Staff, password: str) -> None:
    approves(head, password, room=PUBLICATION, view=VIEW, check=CHECK)
    assert head.visitor.saw(*PERSONAL) == []


def approves(staff: Staff, password: str, *, room: str, view: str, check: str) -> None:
    """A public view that another person asked for."""
    visitor = staff.visitor
    staff.open(room)
    follows_in_the_page(visitor, view)
    visitor.arrive(check)
    prove(visitor.page, password)
    visitor.press("公開を承認する")
    visitor.arrive(check)
    expect(visitor.page.get_by_text("公開を承認しました。")).to_be_visible()


def _changes_status(visitor: Visitor, heading: str, status: str) -> None:
    visitor.control("statuscode").select_option(label=status)
    visitor.press("対応状況を変更")
    visitor.arrive(heading)
    expect(visitor.page.get_by_role("status")).to_have_text("対応状況を変更しました。")


def follows_in_the_page(visitor: Visitor, name: str) -> None:
    """What the menu calls alike aside."""
    visitor.page.locator("main").get_by_role("link", name=name, exact=True).click()
