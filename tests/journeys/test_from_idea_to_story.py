"""An idea becomes a project that is told of: by a citizen, a cooperator, three people of the
office and the world, each in a browser of their own; the mails are real.

Neither citizen nor cooperator learns how to reach the other before both agreed; the web learns of
neither.
"""

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.journeys.citizen import Citizen, mail_to
from tests.journeys.desk_steps import approves
from tests.journeys.staff import Account, Staff
from tests.journeys.support_steps import (
    CALL,
    CALLS,
    CHECK,
    COOPERATOR,
    PUBLICATION,
    STORIES,
    STORY,
    begins_a_project,
    brings_together,
    calls_for_cooperators,
    checks_who_took_part,
    cooperator_registers,
    hears,
    lets_it_out,
    tells_who_took_part,
    writes_a_story,
)
from tests.journeys.visitor import Enter, Visitor
from tests.support.post_office import PostOffice
from tests.support.service import Service

pytestmark = pytest.mark.slow
IDEA = "町の図書館で、読み聞かせの会を開きたい"
APPLICATION = {
    "kobe_nickname": "読み聞かせのヤマネコ",
    "kobe_email": "yamaneko@example.jp",
    "kobe_phone": "078-321-0000",
    "kobe_catchphrase": IDEA,
    "kobe_category": "子どもの応援",
    "kobe_body": "月に一度、図書館で絵本を読む会を開きたいです。",
}
PERSONAL = tuple(
    {**APPLICATION, **COOPERATOR}[name] for name in ("kobe_nickname", "kobe_email", "kobe_phone")
) + (APPLICATION["kobe_email"], APPLICATION["kobe_phone"])


def test_an_idea_becomes_a_story(enter: Enter, service: Service, post_office: PostOffice) -> None:
    citizen = Citizen(enter(width=320))
    citizen.apply(APPLICATION)
    citizen.open_mail(post_office, APPLICATION["kobe_email"])
    citizen.completes()
    operator = signed_in(enter(), service, "kobe_operator")
    hears(operator, IDEA)
    calls_for_cooperators(operator, IDEA)
    official = signed_in(enter(), service, "kobe_official")
    manager = signed_in(enter(), service, "kobe_manager")
    is_let_out(official, manager, service, view=CALLS, name=CALL, status="募集中")
    cooperator_registers(Citizen(enter()), post_office)
    brings_together(operator, IDEA)
    both_are_introduced(post_office)
    begins_a_project(operator, IDEA)
    tells_who_took_part(operator)
    checks_who_took_part(official)
    writes_a_story(operator)
    world = enter(width=320)
    world.go("/public/kobe_stories", status=404)
    is_let_out(official, manager, service, view=STORIES, name=STORY, status="公開")
    the_world_reads(world)


def is_let_out(
    official: Staff, manager: Staff, service: Service, *, view: str, name: str, status: str
) -> None:
    """By one who asks for it and another who approves."""
    password = Account.printed(service, "kobe_official").password
    lets_it_out(official, password, view=view, name=name, status=status)
    password = Account.printed(service, "kobe_manager").password
    approves(manager, password, room=PUBLICATION, view=view, check=f"{CHECK}{view}")


def signed_in(visitor: Visitor, service: Service, role: str) -> Staff:
    staff = Staff(visitor)
    staff.sign_in(Account.printed(service, role))
    return staff


def both_are_introduced(post_office: PostOffice) -> None:
    to_citizen = mail_to(post_office, APPLICATION["kobe_email"], word=COOPERATOR["kobe_name"])
    assert COOPERATOR["kobe_email"] in to_citizen.text
    to_cooperator = mail_to(post_office, COOPERATOR["kobe_email"], word=IDEA)
    assert APPLICATION["kobe_phone"] in to_cooperator.text


def the_world_reads(world: Visitor) -> None:
    """On the first page, in the list with its picture, in feed and open data: of nobody's."""
    world.go("/")
    world.page.get_by_role("link", name=STORIES).first.click()
    world.arrive(STORIES)
    world.follow(STORY)
    world.arrive(STORY)
    expect(world.page.get_by_role("img", name="棚に並んだ絵本")).to_be_visible()
    texts = [
        urlopen(f"{world.address}/public/kobe_stories/{name}", timeout=30).read().decode()
        for name in ("feed.atom", "records.json")
    ]
    assert STORY in texts[0]
    assert json.loads(texts[1])["records"][0]["kobe_title"] == STORY
    assert world.saw(*PERSONAL) == []
    assert not [one for one in PERSONAL for text in texts if one in text]
