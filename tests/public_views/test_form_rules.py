"""Business rules on the public's form: in Chromium while it is filled in, and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from packager.installing import install
from tests.packager.folders import copy_of_kobe, say
from tests.public_views.citizens import FORM_PATH, Citizen
from tests.public_views.intake import Intake, build_intake
from tests.support.answering import answered
from tests.support.browser import axe
from tests.support.databases import sqlite_file

KODOMO, CHIIKI = 927000001, 927000005


def rule(when: object, *then: dict[str, object]) -> dict[str, object]:
    return {"entity": "kobe_application", "display_name": "規則", "when": when, "then": list(then)}


def asked(attribute: str, operator: str, value: object = None) -> list[dict[str, object]]:
    stated = {"attribute": attribute, "operator": operator}
    return [stated if value is None else {**stated, "value": value}]


RULES = {
    "kobe_site_of_groups": rule(
        asked("kobe_organizationname", "not-null"), {"show": "kobe_websiteurl"}
    ),
    "kobe_site_of_npos": rule(
        asked("kobe_organizationname", "begins-with", "NPO"), {"require": "kobe_websiteurl"}
    ),
    "kobe_no_jobs": rule(
        asked("kobe_catchphrase", "contains", "求人"),
        {
            "error": "kobe_catchphrase",
            "message": {"ja": "求人は受け付けていません。", "en": "No jobs."},
        },
    ),
    "kobe_body_of_shops": rule(
        asked("kobe_organizationname", "begins-with", "店"),
        {
            "error": "kobe_body",
            "message": {"ja": "お店の名前で応募できません。", "en": "No shops."},
        },
    ),
    "kobe_parks": rule(
        asked("kobe_catchphrase", "contains", "公園"),
        {
            "recommend": "kobe_category",
            "value": CHIIKI,
            "message": {"ja": "「地域の応援」もご検討ください。", "en": "Consider “Community”."},
        },
    ),
    "kobe_children": rule(
        asked("kobe_category", "eq", KODOMO),
        {"set": "kobe_twitteraccount", "value": "@kobe_kodomo"},
    ),
}


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = tmp_path_factory.mktemp("ruled")
    running = build_intake(folder, sqlite_file(folder))
    solution = copy_of_kobe(folder)
    say(solution, "business_rules.yaml", RULES)
    install(running.engine.database, solution)
    yield running
    running.close()


@pytest.fixture(scope="module")
def address(intake: Intake) -> Iterator[str]:
    with answered(intake.app) as address:
        yield address


def fill(page: Page, name: str, value: str) -> None:
    page.fill(f"[name={name}]", value)


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (1280, "ja")])
def test_a_form_follows_what_is_entered(
    address: str, context: BrowserContext, width: int, language: str
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}{FORM_PATH}?lang={language}")
    site = page.locator("[name=kobe_websiteurl]")
    need = page.locator(".control", has=site).locator(".need")
    expect(site).to_be_hidden()
    fill(page, "kobe_organizationname", "花の会")
    expect(site).to_be_visible()
    expect(need).to_have_text("任意" if language == "ja" else "Optional")
    fill(page, "kobe_organizationname", "npo花の会")
    expect(need).to_have_text("必須" if language == "ja" else "Required")
    expect(site).to_have_attribute("aria-required", "true")
    page.select_option("[name=kobe_category]", str(KODOMO))
    expect(page.locator("[name=kobe_twitteraccount]")).to_have_value("@kobe_kodomo")
    fill(page, "kobe_catchphrase", "公園の求人")
    catchphrase = page.locator(".control", has=page.locator("[name=kobe_catchphrase]"))
    words = "求人は受け付けていません。" if language == "ja" else "No jobs."
    expect(catchphrase.get_by_role("status")).to_have_text(words)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    take = "この内容にする" if language == "ja" else "Choose this"
    page.get_by_role("button", name=take).click()
    expect(page.locator("[name=kobe_category]")).to_have_value(str(CHIIKI))
    expect(page.get_by_role("button", name=take)).to_have_count(0)
    fill(page, "kobe_catchphrase", "花を植える")
    expect(catchphrase.get_by_role("status")).to_have_text("")


def test_what_nobody_is_asked_is_not_kept(intake: Intake) -> None:
    citizen = Citizen(intake).begin()
    sent = citizen.enter(kobe_organizationname="", kobe_websiteurl="not even an address")
    assert sent.status_code == 303
    assert "not even" not in citizen.get("/check").text


def test_what_a_rule_requires_is_required_without_a_script(intake: Intake) -> None:
    citizen = Citizen(intake).begin()
    page = citizen.refused(kobe_organizationname="NPO花の会", kobe_websiteurl="")
    assert "WebサイトURLを入力してください。" in page.text
    assert citizen.enter(kobe_organizationname="NPO花の会").status_code == 303


def test_what_a_rule_calls_wrong_is_refused_with_its_words(intake: Intake) -> None:
    page = Citizen(intake).begin().refused(kobe_catchphrase="スタッフ求人")
    assert page.text.count("求人は受け付けていません。") == 2  # above the form and at the control


def test_an_error_is_told_beside_the_control_the_rule_names(intake: Intake) -> None:
    page = Citizen(intake).begin().refused(kobe_organizationname="店の会")
    assert page.errors == {"kobe_body": "お店の名前で応募できません。"}


def test_what_a_rule_sets_and_advises_is_seen_before_it_is_sent(intake: Intake) -> None:
    citizen = Citizen(intake).begin()
    citizen.enter(kobe_category=str(KODOMO), kobe_twitteraccount="@other")
    page = citizen.get("/check").text
    assert "@kobe_kodomo" in page
    assert "@other" not in page
    assert "「地域の応援」もご検討ください。" in page
    assert citizen.send().headers["Location"].endswith("/sent")


def test_rules_that_came_after_the_check_hold_too(intake: Intake, tmp_path: Path) -> None:
    """The service judges the draft again: the citizen is back at the form, with every word."""
    citizen = Citizen(intake).begin()
    assert citizen.enter().status_code == 303
    stricter = copy_of_kobe(tmp_path)
    forbids = {"error": "kobe_catchphrase", "message": "いまは受け付けていません。"}
    say(stricter, "business_rules.yaml", RULES | {
        "kobe_never": rule(asked("kobe_catchphrase", "not-null"), forbids),
    })  # fmt: skip
    install(intake.engine.database, stricter)
    before = intake.count()
    assert citizen.send().headers["Location"].endswith(f"{FORM_PATH}?notice=stricter")
    assert intake.count() == before
    looser = copy_of_kobe(tmp_path / "again")
    say(looser, "business_rules.yaml", RULES)
    install(intake.engine.database, looser)
