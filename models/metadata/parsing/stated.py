"""A mapping as somebody wrote it: typed look-ups that say where a mistake stands.

It does not know what the keys mean; `finish` refuses the ones nobody asked for.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from models.metadata.errors import DefinitionError
from models.metadata.labels import LANGUAGES, Label

Choice = TypeVar("Choice", bound=StrEnum)
_MISSING: Any = object()
STORABLE = range(-(2**31), 2**31)
"""Whole numbers that every database keeps."""


class Stated:
    def __init__(self, mapping: object, where: str) -> None:
        if not isinstance(mapping, Mapping):
            raise DefinitionError("a mapping is expected here", where=where)
        self.mapping = mapping
        self.where = where
        self._asked: set[str] = set()

    def value(self, key: str, default: Any = _MISSING) -> Any:
        self._asked.add(key)
        found = self.mapping.get(key, default)
        if found is _MISSING:
            raise DefinitionError(f"{key!r} is missing", where=self.where, key=key)
        return found

    def text(self, key: str, default: Any = _MISSING) -> str:
        """What must be stated must say something."""
        found = self.value(key, default)
        if not _is_text(found) or (found == "" and default is _MISSING):
            raise self._wrong(key, "a text")
        return str(found)

    def label(self, key: str, default: Any = _MISSING) -> Label:
        found = self.value(key, default)
        if isinstance(found, Label) or (found is None and default is None):
            return found or Label("")
        return self._label(key, found)

    def labels(self, key: str) -> tuple[Label, ...]:
        return tuple(self._label(key, one) for one in self._list(key))

    def integer(self, key: str, default: Any = _MISSING, *, among: range = STORABLE) -> int:
        found = self.value(key, default)
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._wrong(key, "a whole number")
        if found not in among:
            raise self._wrong(key, f"a number from {among.start} to {among.stop - 1}")
        return found

    def number(self, key: str) -> float | None:
        found = self.value(key, None)
        if found is not None and (isinstance(found, bool) or not isinstance(found, int | float)):
            raise self._wrong(key, "a number")
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        found = self.value(key, default)
        if not isinstance(found, bool):
            raise self._wrong(key, "true or false")
        return found

    def choice(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        found = self.value(key, default)
        try:
            return kind(found)
        except ValueError as error:
            raise self._wrong(key, "one of " + ", ".join(kind)) from error

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._list(key)
        if not all(_is_text(one) for one in found):
            raise self._wrong(key, "a list of texts")
        if len(set(found)) < len(found):
            raise self._wrong(key, "a list in which nothing stands twice")
        return tuple(str(one) for one in found)

    def integers(self, key: str) -> tuple[int, ...]:
        found = self._list(key)
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in found):
            raise self._wrong(key, "a list of whole numbers")
        if len(set(found)) < len(found):
            raise self._wrong(key, "a list in which nothing stands twice")
        return tuple(found)

    def items(self, key: str) -> Iterator["Stated"]:
        """The members of a list of mappings."""
        for position, one in enumerate(self._list(key), start=1):
            yield Stated(one, f"{self.where} › {key}[{position}]")

    def members(self, key: str, *, called: str = "") -> Iterator[tuple[str, "Stated"]]:
        """The named members of a mapping of mappings; `called` goes before each name in its place,
        rather than this mapping's own."""
        found = self.value(key, {})
        if not isinstance(found, Mapping | None):
            raise self._wrong(key, "a mapping")
        for name, one in (found or {}).items():
            where = f"{called or f'{self.where} ›'} {name}"
            yield str(name), Stated({} if one is None else one, where)

    def part(self, key: str) -> "Stated | None":
        found = self.value(key, None)
        return None if found is None else Stated(found, f"{self.where} › {key}")

    def finish(self) -> None:
        unknown = set(map(str, self.mapping)) - self._asked
        if unknown:
            names = ", ".join(sorted(unknown))
            message = f"nothing is known by the name {names}"
            raise DefinitionError(message, where=self.where, key=min(unknown))

    def _list(self, key: str) -> list[Any]:
        found = self.value(key, [])
        if not isinstance(found, list):
            raise self._wrong(key, "a list")
        return found

    def _label(self, key: str, found: object) -> Label:
        texts = list(found.values()) if isinstance(found, Mapping) else [found]
        languages = set(found) if isinstance(found, Mapping) else set()
        if not texts or languages - set(LANGUAGES) or not all(_is_text(one, 1) for one in texts):
            raise self._wrong(key, "a text, or one for each of ja and en")
        return Label.of(found)  # type: ignore[arg-type]  # it is one of the two that it takes

    def _wrong(self, key: str, expected: str) -> DefinitionError:
        return DefinitionError(f"{key!r} must be {expected}", where=self.where, key=key)


def _is_text(found: object, least: int = 0) -> bool:
    """A number is a text too: `version: 1`."""
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return is_number or (isinstance(found, str) and len(found.strip()) >= least)
