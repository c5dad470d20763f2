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


def read_yaml(path: Path, *, called: str = "") -> dict[str, Any]:
    """The mapping in a file, which may be called by more than its name; DefinitionError with file
    and line for anything else."""
    name = called or path.name
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DefinitionError("the file is too large", where=name)
        node = _composed(path.read_text(encoding="utf-8"))
        found = None if node is None else _StrictLoader("").construct_document(node)
    except OSError as error:
        raise DefinitionError(f"it cannot be read: {error.strerror}", where=name) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DefinitionError(_said(error), where=_place(name, error)) from error
    if not isinstance(found, dict):
        line = node.start_mark.line + 1 if node else 1
        raise DefinitionError("a mapping is expected", where=f"{name}:{line}")
    return found


def node_of(path: Path) -> Any:
    """What a file holds, with the lines it stands in; nothing if that cannot be read."""
    try:
        return _composed(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, ValueError):
        return None


@lru_cache(maxsize=64)
def _composed(text: str) -> Any:
    """The nodes of a text: asked for its values, for the lines, and at a check before an import;
    reading it is most of what these take."""
    return yaml.compose(text, Loader=_StrictLoader)


def _refuse(problem: str, thing: Any) -> NoReturn:
    raise yaml.MarkedYAMLError(problem=problem, problem_mark=thing.start_mark)


def _said(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).partition("\n")[0]


def _place(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{name}:{mark.line + 1}" if mark else name
