"""YAML as the house takes it: mappings, lists, texts, numbers, true and false; UTF-8.

No tags, no aliases, no key twice, no depth that nobody reads. YAML 1.2's plain values: a date, a
clock time or `no` is a text, since YAML 1.1 made other things of them without a word.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import yaml

from models.metadata.errors import DefinitionError

LARGEST_FILE = 1024 * 1024
DEEPEST = 20
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
PLAIN_VALUES = {
    "tag:yaml.org,2002:null": ("|~|null", ["", "~", "n"]),
    "tag:yaml.org,2002:bool": ("true|false", list("tf")),
    "tag:yaml.org,2002:int": ("[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    "tag:yaml.org,2002:float": (r"[-+]?[0-9]{1,15}\.[0-9]{1,15}", list("-+0123456789")),
}


class _StrictLoader(yaml.SafeLoader):
    """A SafeLoader that knows nothing but plain values, and each key once."""

    yaml_implicit_resolvers: dict[str, Any] = {}
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            _refuse("aliases are not allowed", event)
        if getattr(event, "tag", None) is not None:
            _refuse("tags are not allowed", event)
        if UNPRINTABLE.search(getattr(event, "value", "")):
            _refuse("there is a character that cannot be printed", event)
        if self.depth == DEEPEST:
            _refuse("this is nested too deep", event)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the library's signature
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                _refuse("a key must be a text", key)
            if key.value in seen:
                _refuse(f"{key.value!r} stands twice", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


for _tag, (_pattern, _first) in PLAIN_VALUES.items():
    _StrictLoader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _first)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a file; DefinitionError with file and line for anything else."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DefinitionError("the file is too large", where=path.name)
        text = path.read_text(encoding="utf-8")
        found = _constructed(_composed(text))
    except OSError as error:
        raise DefinitionError(f"it cannot be read: {error.strerror}", where=path.name) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DefinitionError(_said(error), where=_place(path, error)) from error
    if not isinstance(found, dict):
        raise DefinitionError("a mapping is expected", where=path.name)
    return found


def lines_of(path: Path) -> dict[str, int]:
    """In which line of a file that was read each name of its two upper levels stands first."""
    node = _composed(path.read_text(encoding="utf-8"))
    found: dict[str, int] = {}
    for key, value in getattr(node, "value", []):
        inner = value.value if isinstance(value, yaml.MappingNode) else []
        for one in (key, *(below for below, _ in inner)):
            found.setdefault(str(one.value), one.start_mark.line + 1)
    return found


def lines_below(path: Path, key: str) -> dict[tuple[str, str], int]:
    """In which line of a file that was read the names stand that things have below `key`, by the
    thing's name and theirs."""
    node = _composed(path.read_text(encoding="utf-8"))
    return {
        (thing.value, name.value): name.start_mark.line + 1
        for thing, inner in _members(node)
        for inner_key, below in _members(inner)
        if inner_key.value == key
        for name, _ in _members(below)
    }


@lru_cache(maxsize=64)
def _composed(text: str) -> Any:
    """The nodes of a text: asked for its values, for each name in it, and at a check before an
    import; reading it is most of what these take."""
    return yaml.compose(text, Loader=_StrictLoader)


def _constructed(node: Any) -> Any:
    """Values of their own, whoever changes them."""
    return None if node is None else _StrictLoader("").construct_document(node)


def _members(node: Any) -> Any:
    return node.value if isinstance(node, yaml.MappingNode) else ()


def _refuse(problem: str, thing: Any) -> NoReturn:
    raise yaml.MarkedYAMLError(problem=problem, problem_mark=thing.start_mark)


def _said(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).partition("\n")[0]


def _place(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{path.name}:{mark.line + 1}" if mark else path.name
