"""YAML as text: what is read is what stands there, and every trick is refused with its line."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from models.metadata.errors import DefinitionError
from packager.yaml_reading import DEEPEST, LARGEST_FILE, read_yaml

PLAIN: list[tuple[str, object]] = [
    ("2026-04-01", "2026-04-01"),
    ("078-000-0000", "078-000-0000"),
    ("0110000000", "0110000000"),
    ("9:00", "9:00"),
    ("no", "no"),
    ("on", "on"),
    ("NPO", "NPO"),
    ("true", True),
    ("12", 12),
    ("-3", -3),
    ("1_000", "1_000"),
    ("0x1F", "0x1F"),
    ("1.5", 1.5),
    (".inf", ".inf"),
    ("1e999", "1e999"),
    ("9" * 5000, "9" * 5000),
    ("~", None),
    ("", None),
    ('"12"', "12"),
    ("受付番号　12", "受付番号　12"),
]
"""How a value is written, and what it is: YAML 1.1 would make other things of many."""
LAUGHS = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: [*a, *a]\n" for n in range(9))
REFUSED = {
    "an alias": ("a: &x 1\nb: *x", 2, "aliases"),
    "a billion laughs": (LAUGHS, 2, "aliases"),
    "itself inside": ("a: &x [*x]", 1, "aliases"),
    "a Python object": ("a: 1\nb: !!python/object/apply:os.system [id]", 2, "tags"),
    "a Python name": ("a: !!python/name:os.system", 1, "tags"),
    "a tag of ours": ("a: !include /etc/passwd", 1, "tags"),
    "a standard tag": ("a: !!binary aGVsbG8=", 1, "tags"),
    "a key twice": ("a: 1\nb: 2\na: 3", 3, "'a' stands twice"),
    "a key twice, deep": ("a:\n  b: 1\n  b: 2", 3, "'b' stands twice"),
    "a key that is a list": ("? [a, b]\n: 1", 1, "a key must be a text"),
    "a key that is a number": ("a:\n  927000000: 1", 2, "a key must be a text"),
    "a bracket left open": ("a: [1, 2", 1, "expected ',' or ']'"),
    "a tab": ("a:\n\tb: 1", 2, "cannot start any token"),
    "a second document": ("a: 1\n---\nb: 2", 2, "another document"),
    "a depth nobody reads": ("a: " + "[" * 100_000, 1, "nested too deep"),
    "a half character": ('a: 1\nb: "\\ud800"', 2, "cannot be printed"),
    "a null character": ('a: "\\0"', 1, "cannot be printed"),
    "no such character": ('a: "\\U00110000"', None, "not in range"),
    "a control character": ("a: \x07", None, "not allowed"),
    "a list": ("- a", 1, "a mapping is expected"),
    "a text": ("受付", 1, "a mapping is expected"),
    "nothing": ("", 1, "a mapping is expected"),
    "too much": ("#" * (LARGEST_FILE + 1), None, "too large"),
}

plain_texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=20
)
documents: st.SearchStrategy[Any] = st.dictionaries(
    plain_texts,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | plain_texts,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(plain_texts, inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "views.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(("text", "value"), PLAIN, ids=[text[:20] for text, _ in PLAIN])
def test_a_plain_value_is_what_it_looks_like(tmp_path: Path, text: str, value: object) -> None:
    assert read_yaml(written(tmp_path, f"a: {text}")) == {"a": value}


@pytest.mark.parametrize("trick", REFUSED)
def test_a_trick_is_refused_with_its_line(tmp_path: Path, trick: str) -> None:
    text, line, reason = REFUSED[trick]
    with pytest.raises(DefinitionError, match=".") as refused:
        read_yaml(written(tmp_path, text))
    place = f"views.yaml:{line}" if line else "views.yaml"
    assert refused.value.where == place
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_other_encodings_are_refused_and_a_byte_order_mark_is_not(tmp_path: Path) -> None:
    for encoding in ("cp932", "utf-16", "euc_jp"):
        with pytest.raises(DefinitionError, match=r"views\.yaml"):
            read_yaml(written(tmp_path, "a: 応援".encode(encoding)))
    assert read_yaml(written(tmp_path, "a: 応援".encode("utf-8-sig"))) == {"a": "応援"}


@given(document=documents)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]
) -> None:
    quoted = yaml.dump(document, Dumper=_Quoting, allow_unicode=True)
    path = written(tmp_path_factory.getbasetemp(), quoted)
    assert read_yaml(path) == document


class _Quoting(yaml.SafeDumper):
    """Texts in quotes, so that none is taken for a number; the rest plain."""

    def ignore_aliases(self, data: object) -> bool:
        return True


_Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


@given(depth=st.integers(1, 2 * DEEPEST))
def test_the_depth_has_a_limit(tmp_path_factory: pytest.TempPathFactory, depth: int) -> None:
    path = written(tmp_path_factory.getbasetemp(), "a: " + "[" * depth + "]" * depth)
    if depth < DEEPEST:
        assert list(read_yaml(path)) == ["a"]
    else:
        with pytest.raises(DefinitionError, match="nested too deep"):
            read_yaml(path)
