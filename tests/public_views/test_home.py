"""The first page, and the language of pages: asked for, remembered, or as the browser likes."""

import pytest

from tests.public_views.citizens import FORM_PATH, Citizen
from tests.public_views.intake import Intake
from tests.public_views.reading import read


@pytest.mark.parametrize(
    ("language", "title"),
    [("ja", "応援したいことの応募"), ("en", "Tell us how you would like to help")],
)
def test_the_first_page_leads_to_the_public_forms_only(
    intake: Intake, language: str, title: str
) -> None:
    page = read(Citizen(intake, language).client.get("/").text)
    assert title in page.text
    forms = intake.engine.catalog.forms.values()
    led_to = {link for link in page.links if link.startswith("/forms/")}
    assert FORM_PATH in led_to
    assert led_to == {f"/forms/{form.name}" for form in forms if form.kind == "public"}


PREFERENCES = [
    ("", "ja"),
    ("de", "ja"),
    ("en", "en"),
    ("en-GB,en;q=0.9", "en"),
    ("ja-JP", "ja"),
    ("de,en;q=0.5,ja;q=0.3", "en"),
    ("zh-TW,ja;q=0.8,en;q=0.7", "ja"),
]


@pytest.mark.parametrize(("preferred", "spoken"), PREFERENCES)
def test_a_page_speaks_as_the_browser_likes(intake: Intake, preferred: str, spoken: str) -> None:
    assert Citizen(intake, preferred).page().language == spoken


def test_what_was_asked_for_is_remembered(intake: Intake) -> None:
    citizen = Citizen(intake, "ja")
    assert citizen.page(lang="en").language == "en"
    assert citizen.page().language == "en"
    assert read(citizen.client.get("/nowhere").text).language == "en"
    assert citizen.page(lang="ja").language == "ja"
    assert citizen.page().language == "ja"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/confirm/unknown", FORM_PATH])
def test_every_page_offers_the_other_language(intake: Intake, path: str) -> None:
    page = read(Citizen(intake).client.get(path).text)
    ways = page.links + [button.get("formaction", "") for button in page.buttons]
    assert [way for way in ways if way.endswith("lang=en")]
    assert "English" in page.text


def test_a_page_names_its_step_and_its_title(citizen: Citizen) -> None:
    citizen.enter()
    titles = [citizen.page(path).title for path in ("", "/check")]
    citizen.send()
    titles.append(citizen.page("/sent").title)
    assert len(set(titles)) == 3
    assert all("応援したいことの応募" in title and "受付" in title for title in titles)
