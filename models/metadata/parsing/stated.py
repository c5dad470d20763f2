"""A mapping as somebody wrote it: typed look-ups that say where a mistake stands.

It does not know what the keys mean; `finish` refuses the ones nobody asked for.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from models.metadata.errors import DefinitionError
from models.metadata.labels import Label

Choice = TypeVar("Choice", bound=StrEnum)
_MISSING: Any = object()


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
            raise DefinitionError(f"{key!r} is missing", where=self.where)
        return found

    def text(self, key: str, default: Any = _MISSING) -> str:
        found = self.value(key, default)
        if isinstance(found, bool | Mapping | list):
            raise self._wrong(key, "a text")
        return str(found)

    def label(self, key: str, default: Any = _MISSING) -> Label:
        found = self.value(key, default)
        return found if isinstance(found, Label) else Label.of(found)

    def integer(self, key: str, default: Any = _MISSING) -> int:
        found = self.value(key, default)
        if isinstance(found, bool) or not isinstance(found, int):
            raise self._wrong(key, "a whole number")
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
        found = self.value(key, [])
        if not isinstance(found, list):
            raise self._wrong(key, "a list")
        return tuple(str(one) for one in found)

    def items(self, key: str) -> Iterator["Stated"]:
        """The members of a list of mappings."""
        found = self.value(key, [])
        if not isinstance(found, list):
            raise self._wrong(key, "a list")
        for position, one in enumerate(found, start=1):
            yield Stated(one, f"{self.where} › {key}[{position}]")

    def members(self, key: str) -> Iterator[tuple[str, "Stated"]]:
        """The named members of a mapping of mappings."""
        found = self.value(key, {})
        if not isinstance(found, Mapping):
            raise self._wrong(key, "a mapping")
        for name, one in found.items():
            yield str(name), Stated({} if one is None else one, f"{self.where} › {name}")

    def part(self, key: str) -> "Stated | None":
        found = self.value(key, None)
        return None if found is None else Stated(found, f"{self.where} › {key}")

    def finish(self) -> None:
        unknown = set(map(str, self.mapping)) - self._asked
        if unknown:
            names = ", ".join(sorted(unknown))
            raise DefinitionError(f"nothing is known by the name {names}", where=self.where)

    def _wrong(self, key: str, expected: str) -> DefinitionError:
        return DefinitionError(f"{key!r} must be {expected}", where=self.where)
