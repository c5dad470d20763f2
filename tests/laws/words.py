"""Every word a page of ours may listen to: the names of controls in templates and form classes,
the names that code asks a request for, the attributes of the solution.

Read from the source, so that what a page listens to tomorrow is asked tomorrow.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from models.metadata.catalog import Catalog

ROOT = Path(__file__).parents[2]
DOORS = ("admin_views", "public_views", "forms", "exchange/publication")
CONTROL = re.compile(r'\bname="([\w-]+)"')
WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
ASKS = {"get", "getlist", "pop"}
KEPT_BY_LIBRARIES = {"remember", "next", "identity", "code", "username", "password_confirm"}
"""Controls of the sign-in library's own forms."""
NOT_ASKED = {"csrf_token", "form_token"}
"""A wrong one is asked for on purpose, in tests of its own."""


@cache
def words() -> frozenset[str]:
    found = set(KEPT_BY_LIBRARIES)
    for path in (ROOT / "templates").rglob("*.html"):
        found |= set(CONTROL.findall(path.read_text("utf-8")))
    for door in DOORS:
        for path in (ROOT / door).rglob("*.py"):
            found |= set(_asked_for(ast.parse(path.read_text("utf-8"))))
    return frozenset(found - NOT_ASKED)


def words_of(catalog: Catalog) -> frozenset[str]:
    """With the attributes of every entity, which forms, filters and lists go by."""
    entities = catalog.entities.values()
    return words() | {name for entity in entities for name in entity.attributes}


def _asked_for(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value=str(word)), *_]):
                found = [word] if name in ASKS else []
            case ast.Subscript(slice=ast.Constant(value=str(word))):
                found = [word]
            case ast.Compare(left=ast.Constant(value=str(word)), ops=[ast.In()]):
                found = [word]
            case ast.Assign(targets=[ast.Name(id=word)], value=ast.Call(func=ast.Name(id=kind))):
                found = [word] if kind.endswith("Field") else []
            case ast.Assign(targets=[target], value=value) if ast.unparse(target).isupper():
                found = [one.value for one in ast.walk(value) if isinstance(one, ast.Constant)]
            case _:
                continue
        yield from (word for word in found if isinstance(word, str) and WORD.fullmatch(word))
