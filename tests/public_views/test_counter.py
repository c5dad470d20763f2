"""The live counter counts as the server does: code points, after line ends and composition.

The line of the page's script that counts is run in a real browser beside the server's own rule.
"""

import re
import unicodedata
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from models.metadata.attribute_types.base import InvalidValue
from models.metadata.attribute_types.texts import tidy
from tests.public_views.citizens import Citizen

SCRIPT = Path(__file__).parents[2] / "static" / "public" / "form.js"
COUNTS = re.compile(r"const length = (\(text\) => .+);")
SIGNS = [
    "𠮷",
    "🌸",
    "👨‍👩‍👧",
    "か\u3099",
    "\r\n",
    "\n",
    "\r",
    "e\u0301",
    "葛\U000e0100",
    "한",
    "ﬀ",
    "Å",
]


def composes_alike(text: str) -> bool:
    """Neither side knows how to compose characters newer than itself."""
    return all(unicodedata.category(sign) != "Cn" for sign in text)


texts = st.lists(
    st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cs", "Cn"]), max_size=40
).map("".join)


def counted_by_server(text: str) -> int | None:
    """None for a text the server refuses whatever its length."""
    try:
        return len(tidy(text))
    except InvalidValue:
        return None


def test_both_sides_count_alike(browser: Browser) -> None:
    [counting] = COUNTS.findall(SCRIPT.read_text("utf-8"))
    page = browser.new_page()

    @settings(max_examples=300)
    @given(texts.filter(composes_alike))
    def law(text: str) -> None:
        counted = counted_by_server(text)
        assert counted is None or in_browser(page, counting, text) == counted

    law()
    page.close()


def in_browser(page: Page, counting: str, text: str) -> int:
    return int(page.evaluate(f"(text) => ({counting})(text)", text))


def test_the_counter_is_told_the_limit_of_the_definition(citizen: Citizen) -> None:
    entity = citizen.intake.engine.catalog.entity("kobe_application")
    body = citizen.page().element("kobe_body")
    assert int(body["data-counter"]) == entity.attributes["kobe_body"].max_length == 8000
    assert "kobe_body-counter" in body["aria-describedby"]
    assert "maxlength" not in body  # browsers count it otherwise, and cut what is pasted
