"""A masked value is there and hidden: no rule makes it look like nothing."""

import pytest

from models.metadata.components import MaskingRule
from models.security.masking import HIDDEN, masker
from tests.support.attributes import attribute


@pytest.mark.parametrize(
    ("pattern", "replacement", "shown"),
    [(".*", "", HIDDEN), (r"\d", "", "--"), (r"\d(?=.*-)", "＊", "＊＊＊-＊＊＊-8181")],
)
def test_what_a_rule_leaves_is_shown_and_never_nothing(
    pattern: str, replacement: str, shown: str
) -> None:
    rules = {"tst_rule": MaskingRule(name="tst_rule", pattern=pattern, replacement=replacement)}
    assert masker(attribute("String", masking="tst_rule"), rules)("078-331-8181") == shown
