"""What the secretariat and the city make of an idea: heard, brought together with a cooperator,
carried out, told of on the web."""

import re

from playwright.sync_api import FilePayload, Locator, expect

from models.security.contracts import today
from tests.journeys.citizen import Citizen
from tests.journeys.desk_steps import follows_in_the_page
from tests.journeys.office_steps import LIST
from tests.journeys.staff import Staff
from tests.journeys.visitor import Visitor
from tests.support.browser import prove
from tests.support.pictures import photo
from tests.support.post_office import PostOffice
from tests.support.service import CAPTCHA_CODE

COOPERATOR_TITLE = "協力者の登録"
COOPERATOR = {
    "kobe_name": "みなと町の本屋",
    "kobe_email": "honya@example.jp",
    "kobe_phone": "078-371-0000",
}
TICKED = ("子どもの応援", "中央区", "物品")
HEARING, MATCH, PROJECT, STORY = (
    *("初回の聞き取り", "絵本の提供"),
    *("みなと町の読み聞かせ", "読み聞かせの会を開きました"),
)
PARTICIPATIONS, PARTICIPATION = "参加の記録", "第1回の読み聞かせ"
MATCHES, PROJECTS, STORIES, PUBLICATION = "マッチング", "プロジェクト", "活動報告", "公開"
FITTING, PREVIEW, CHECK = "協力者の候補", "公開ページのプレビュー", "公開前チェック："
CALLS, CALL = "協力者の募集", "絵本を譲ってくださる方"
TODAY = today().isoformat()


def calls_for_cooperators(staff: Staff, idea: str) -> None:
    """What is looked for, and nothing of who looks for it."""
    visitor = opened(staff, LIST, idea)
    moves(visitor, idea, "協力者募集")
    visitor.page.locator("section[aria-labelledby=grid-kobe_call-kobe_application] a").click()
    visitor.arrive(f"新規作成：{CALLS}")
    visitor.control("kobe_title").fill(CALL)
    visitor.control("kobe_category").select_option(label=TICKED[0])
    visitor.control("kobe_area").select_option(label=TICKED[1])
    visitor.page.get_by_role("checkbox", name=TICKED[2], exact=True).check()
    visitor.control("kobe_text").fill(
        "読み聞かせの会のために、絵本を譲ってくださる方を探しています。"
    )
    visitor.control("kobe_until").fill(TODAY)
    visitor.press("作成")
    visitor.arrive(CALL)
    gives_status(visitor, CALL, "確認待ち")


def cooperator_registers(citizen: Citizen, post_office: PostOffice) -> str:
    """From the call for cooperators to the second mail; the registration number."""
    visitor = citizen.visitor
    visitor.go("/public/kobe_calls")
    visitor.arrive(CALLS)
    visitor.follow(CALL)
    visitor.arrive(CALL)
    visitor.follow(COOPERATOR_TITLE)
    visitor.arrive(COOPERATOR_TITLE)
    expect(visitor.page.get_by_role("link", name=CALL)).to_be_visible()
    for name, text in COOPERATOR.items():
        visitor.control(name).fill(text)
    for label in TICKED:
        visitor.page.get_by_role("checkbox", name=label, exact=True).check()
    visitor.control("privacy_confirmed").check()
    visitor.control("captcha").fill(CAPTCHA_CODE)
    visitor.page.wait_for_timeout(3200)  # nobody reads it sooner
    citizen.press("check")
    citizen.arrive("check")
    citizen.press("send")
    citizen.arrive("sent")
    citizen.open_mail(post_office, COOPERATOR["kobe_email"])
    return citizen.completes()


def hears(staff: Staff, idea: str) -> None:
    """On from the reception, with what was heard, and what it needs others for."""
    visitor = opened(staff, LIST, idea)
    moves(visitor, idea, "聞き取り")
    visitor.page.locator("section[aria-labelledby=grid-kobe_hearing-kobe_application] a").click()
    visitor.arrive("新規作成：聞き取り")
    visitor.control("kobe_subject").fill(HEARING)
    visitor.control("kobe_heardon").fill(TODAY)
    visitor.control("kobe_means").select_option(label="電話")
    visitor.control("kobe_details").fill("第2土曜日に開きたい。絵本が足りない。")
    visitor.press("作成")
    visitor.arrive(HEARING)
    opened(staff, LIST, idea)
    visitor.follow("編集")
    visitor.arrive(f"編集：{idea}")
    visitor.page.get_by_role("checkbox", name="中央区", exact=True).check()
    visitor.page.get_by_role("checkbox", name="物品", exact=True).check()
    visitor.press("保存")
    visitor.arrive(idea)


def brings_together(staff: Staff, idea: str) -> None:
    """Who fits is proposed; nobody is introduced before both agreed."""
    visitor = opened(staff, LIST, idea)
    moves(visitor, idea, MATCHES)
    visitor.follow(FITTING)
    visitor.arrive(FITTING)
    row = staff.row(COOPERATOR["kobe_name"])
    expect(row.locator("strong")).to_have_count(3)
    row.get_by_role("link", name="提案する").click()
    visitor.arrive(f"新規作成：{MATCHES}")
    visitor.control("kobe_subject").fill(MATCH)
    visitor.press("作成")
    visitor.arrive(MATCH)
    gives_status(visitor, MATCH, "意向確認中")
    visitor.control("statuscode").select_option(label="双方同意")
    visitor.press("対応状況を変更")
    visitor.arrive(MATCH)
    expect(visitor.page.get_by_role("alert")).to_contain_text("双方の同意を記録してから")
    visitor.follow("編集")
    visitor.arrive(f"編集：{MATCH}")
    for who in ("applicant", "cooperator"):
        visitor.control(f"kobe_{who}says").select_option(label="同意")
        visitor.control(f"kobe_{who}saidon").fill(TODAY)
    visitor.press("保存")
    visitor.arrive(MATCH)
    gives_status(visitor, MATCH, "双方同意")
    gives_status(visitor, MATCH, "紹介済")


def begins_a_project(staff: Staff, idea: str) -> None:
    visitor = opened(staff, LIST, idea)
    moves(visitor, idea, "支援の実施")
    visitor.page.locator("section[aria-labelledby=grid-kobe_project-kobe_application] a").click()
    visitor.arrive(f"新規作成：{PROJECTS}")
    visitor.control("kobe_projectname").fill(PROJECT)
    visitor.control("kobe_category").select_option(label="子どもの応援")
    visitor.control("kobe_area").select_option(label="中央区")
    visitor.press("作成")
    visitor.arrive(PROJECT)
    gives_status(visitor, PROJECT, "確認待ち")
    moves(opened(staff, LIST, idea), idea, "情報発信")


def tells_who_took_part(staff: Staff) -> None:
    """Of one day, how many organisations; it waits for another person's look."""
    visitor = opened(staff, PROJECTS, PROJECT)
    visitor.page.locator(
        "section[aria-labelledby=grid-kobe_projectparticipation-kobe_project] a"
    ).click()
    visitor.arrive(f"新規作成：{PARTICIPATIONS}")
    visitor.control("kobe_subject").fill(PARTICIPATION)
    visitor.control("kobe_day").fill(TODAY)
    visitor.control("kobe_organizations").fill("2")
    visitor.press("作成")
    visitor.arrive(PARTICIPATION)
    expect(taking_part(opened(staff, PROJECTS, PROJECT))).to_have_text("0")


def checks_who_took_part(staff: Staff) -> None:
    """Then it counts."""
    gives_status(opened(staff, PARTICIPATIONS, PARTICIPATION), PARTICIPATION, "確認済")
    expect(taking_part(opened(staff, PROJECTS, PROJECT))).to_have_text("2")


def taking_part(visitor: Visitor) -> Locator:
    """The project's 延べ団体数."""
    return visitor.page.locator("dt", has_text="延べ団体数").locator("+ dd")


def writes_a_story(staff: Staff) -> None:
    """Looks at it as the world will see it; cannot let it out alone."""
    visitor = staff.visitor
    staff.open(STORIES)
    visitor.follow("新規作成")
    visitor.arrive(f"新規作成：{STORIES}")
    visitor.control("kobe_title").fill(STORY)
    visitor.control("kobe_project").select_option(label=PROJECT)
    visitor.control("kobe_category").select_option(label="子どもの応援")
    visitor.control("kobe_area").select_option(label="中央区")
    visitor.control("kobe_day").fill(TODAY)
    visitor.control("kobe_summary").fill("第2土曜日に、図書館で絵本の会を開いています。")
    visitor.control("kobe_body").fill("町の本屋さんから絵本をいただき、30組の親子が集まりました。")
    visitor.control("kobe_photo").set_input_files(
        FilePayload(name="ehon.jpg", mimeType="image/jpeg", buffer=photo())
    )
    visitor.control("kobe_photoalt").fill("棚に並んだ絵本")
    visitor.press("作成")
    visitor.arrive(STORY)
    visitor.follow(PREVIEW)
    visitor.arrive(f"プレビュー：{STORY}")
    visitor.page.go_back()
    visitor.arrive(STORY)
    gives_status(visitor, STORY, "確認待ち")
    may_let_out = visitor.page.locator("#statuscode option", has_text=re.compile("^公開$"))
    expect(may_let_out).to_have_count(0)


def lets_it_out(staff: Staff, password: str, *, view: str, name: str, status: str) -> None:
    """Another person's yes to the record; and the request that such be public at all."""
    visitor, check = opened(staff, view, name), f"{CHECK}{view}"
    gives_status(visitor, name, status)
    staff.open(PUBLICATION)
    follows_in_the_page(visitor, view)
    visitor.arrive(check)
    prove(visitor.page, password)
    visitor.press("公開を申請する")
    visitor.arrive(check)


def opened(staff: Staff, menu: str, name: str) -> Visitor:
    staff.open(menu)
    staff.visitor.follow(name)
    staff.visitor.arrive(name)
    return staff.visitor


def moves(visitor: Visitor, name: str, stage: str) -> None:
    visitor.control("stage").select_option(label=stage)
    visitor.press("移動する")
    visitor.arrive(name)
    expect(visitor.page.get_by_role("status")).to_have_text("段階を変更しました。")


def gives_status(visitor: Visitor, name: str, status: str) -> None:
    visitor.control("statuscode").select_option(label=status)
    visitor.press("対応状況を変更")
    visitor.arrive(name)
    expect(visitor.page.get_by_role("status")).to_have_text("対応状況を変更しました。")
