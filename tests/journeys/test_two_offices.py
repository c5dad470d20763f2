"""The other office's whole way, beside Kobe's: a student registers on a telephone, the volunteer
desk brings the student and a school together, both are written to, and what is still wanted is
made public by two people.

The solution is solutions/student_volunteers/, made of YAML alone, as docs/tutorial.md writes it.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.citizen import Citizen, mail_to
from tests.journeys.desk_steps import (
    REQUEST,
    TITLE,
    desk_asks_for_publication,
    desk_assigns,
    desk_enters_a_request,
    desk_opens,
    head_approves,
    head_lets_it_out,
    kobes_operator_sees_nothing_of_it,
)
from tests.journeys.staff import Account
from tests.journeys.student import PERSONAL, TEXTS, follows, registers
from tests.journeys.visitor import Enter, Visitor
from tests.support.post_office import PostOffice
from tests.support.service import Service

pytestmark = pytest.mark.slow
PUBLIC = "/public/vol_requests"


def test_a_student_and_a_school_are_brought_together(
    enter: Enter, service: Service, post_office: PostOffice
) -> None:
    student = Citizen(enter(width=320))
    number = registers(student, post_office)
    follows(student.visitor, post_office, state="受け付けました", number=number)
    desk = desk_opens(enter(), service, number)
    kobes_operator_sees_nothing_of_it(enter(), service)
    desk_enters_a_request(desk)
    head = head_lets_it_out(enter(), service)
    desk_assigns(desk, number)
    both_are_written_to(post_office)
    world = enter(language="en", width=320)
    world.go(PUBLIC, status=404)
    desk_asks_for_publication(desk, Account.printed(service, "vol_staff").password)
    head_approves(head, Account.printed(service, "vol_leader").password)
    the_world_reads(world)
    desk.open("学生ボランティアの状況")
    follows(student.visitor, post_office, state="登録されています", number=number)


def both_are_written_to(post_office: PostOffice) -> None:
    """By Lookups: the student learns of the school, the school of the student, once settled."""
    to_student = mail_to(post_office, TEXTS["vol_email"], word=TITLE)
    assert REQUEST["vol_schoolname"] in to_student.text
    to_school = mail_to(post_office, REQUEST["vol_schoolemail"], word=TITLE)
    assert TEXTS["vol_fullname"] in to_school.text
    assert TEXTS["vol_email"] not in to_school.text


def the_world_reads(world: Visitor) -> None:
    """One is still wanted of two; nothing of the student, nor of how to reach the school."""
    world.go("/")
    world.arrive("Applications")
    expect(world.page.locator(".office-counters").last).to_contain_text("Students wanted")
    world.page.locator(f"a[href='{PUBLIC}']").click()
    world.arrive("Where students are wanted")
    world.page.get_by_role("link", name=TITLE).click()
    world.arrive(TITLE)
    expect(world.page.locator("main")).to_contain_text("Still wanted")
    assert world.saw(*PERSONAL, REQUEST["vol_schoolemail"]) == []
