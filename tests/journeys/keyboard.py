"""Someone who has a keyboard and no mouse, and must see where they are."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_STEPS = 60
HAS_FOCUS = "element => element === document.activeElement"
IS_MARKED = """
() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}
"""


@dataclass
class Keyboard:
    page: Page

    def tab_to(self, element: Locator) -> None:
        """Go on with the Tab key to the element; each stop on the way can be seen."""
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(IS_MARKED), self.page.evaluate(
                "document.activeElement.outerHTML.slice(0, 200)"
            )
            if element.evaluate(HAS_FOCUS):
                return
        raise AssertionError(f"the Tab key does not reach {element}")

    def write(self, element: Locator, text: str) -> None:
        self.tab_to(element)
        self.page.keyboard.insert_text(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
