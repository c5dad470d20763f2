"""Where in a solution's files the thing stands that an error speaks of: file and line.

An error says the thing by kind and name, and the way to what is wrong in it; the rest it tells by
naming values. The nearest mark counts: of the value or key, else of what holds it. It knows how
YAML is nested and what things are called, nothing of what they mean.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import yaml

from models.metadata.errors import DefinitionError
from packager.folder import HEAD

PLACED = re.compile(r".+\.yaml:\d+")
NUMBERED = re.compile(r"(.*)\[(\d+)\]")
BY_VALUE = re.compile(r"(\w+) (-?\d+)")
QUOTED = re.compile(r"'([^']*)'")
NAME_OR_NUMBER = re.compile(r"\w+(?:[_-]\w+)+|-?\d+")
WORD = re.compile(r"[a-z_]+")


class Spot(NamedTuple):
    """A thing in a file: what it is called by there (itself, in a list), and what it is."""

    mark: yaml.Node
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.mark.start_mark.line) + 1


class Marks:
    """Of one folder, whose files are looked at only if there is a mistake. `kinds` says for each
    file which of its keys hold which kind of thing, "" being the file itself."""

    def __init__(
        self,
        files: Callable[[], Mapping[str, yaml.Node]],
        kinds: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._files, self._kinds = files, kinds
        self._sources: dict[str, str] = {}

    def note(self, thing: str, *, follows: str) -> None:
        """What a thing that is not stated as one follows from: its way, as errors have it."""
        self._sources.setdefault(thing, follows)

    def known(self, error: DefinitionError) -> DefinitionError:
        """The same error, with file and line for its place."""
        things = dict(_things(self._files(), self._kinds))
        is_unread = error.where.endswith(".yaml") and error.where not in things
        if is_unread or PLACED.fullmatch(error.where):
            return error
        named, *rest = error.where.split(" › ")
        thing, *way = [named]
        if named not in things:
            thing, *way = self._sources.get(named, HEAD).split(" › ")
        file_name, spot = things[thing]
        for step in (*way, *rest):
            spot = _below(spot, step) or spot
        told = str(error).removeprefix(named).removeprefix(" › ").removeprefix(": ")
        return DefinitionError(
            told if named == file_name else str(error),
            where=f"{file_name}:{_wrong(spot, error).line}",
        )


def _things(
    files: Mapping[str, yaml.Node], kinds: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, tuple[str, Spot]]]:
    """By kind and name, and files by their names: in which file, and where."""
    for file_name, node in files.items():
        spot = Spot(node, node)
        yield file_name, (file_name, spot)
        folder = f"{file_name.partition('/')[0]}/"
        for key, kind in kinds.get(file_name, kinds.get(folder, {})).items():
            holder = _member(spot, key) if key else spot
            for name, thing in _members(holder):
                yield f"{kind} {name}", (file_name, thing)


def _below(spot: Spot, step: str) -> Spot | None:
    """One step of an error's way: a key, a member of a list, or what a key in between holds."""
    numbered, by_value = NUMBERED.fullmatch(step), BY_VALUE.fullmatch(step)
    if numbered:
        holder = _below(spot, numbered[1]) or spot
        return next(islice(_items(holder), int(numbered[2]) - 1, None), holder)
    if by_value:
        items = _items(_member(spot, f"{by_value[1]}s"))
        return next((one for one in items if _nearest(one, by_value[2], set())), None)
    inner = (_member(one, step) for _, one in _members(spot))
    return _member(spot, step) or next(filter(None, inner), None)


def _wrong(spot: Spot, error: DefinitionError) -> Spot:
    if error.key:
        return _member(spot, error.key) or spot
    names = [*QUOTED.findall(error.message), *NAME_OR_NUMBER.findall(error.message)]
    found = (_nearest(spot, name, set(names)) for name in names)
    keys = (_member(spot, word) for word in WORD.findall(error.message))
    return next(filter(None, found), None) or next(filter(None, keys), None) or spot


def _nearest(spot: Spot, name: str, names: set[str]) -> Spot | None:
    """Of what is called `name` in the thing or below: beside most of the other names, and of these
    the uppermost."""
    best, most = None, 0
    waiting = deque([spot])
    while waiting:
        holder = waiting.popleft()
        inner = [*_members(holder), *(("", one) for one in _items(holder))]
        waiting.extend(one for _, one in inner)
        for key, one in inner:
            if name in (key, _text(one)):
                beside = 1 + len(names & {text for _, other in inner if (text := _text(other))})
                best, most = (one, beside) if beside > most else (best, most)
    return best


def _member(spot: Spot | None, key: str) -> Spot | None:
    return next((one for name, one in _members(spot) if name == key), None)


def _members(spot: Spot | None) -> Iterator[tuple[str, Spot]]:
    if spot is not None and isinstance(spot.node, yaml.MappingNode):
        for key, value in spot.node.value:
            yield str(key.value), Spot(key, value)


def _items(spot: Spot | None) -> list[Spot]:
    is_list = spot is not None and isinstance(spot.node, yaml.SequenceNode)
    return [Spot(one, one) for one in spot.node.value] if spot and is_list else []


def _text(spot: Spot) -> str | None:
    return str(spot.node.value) if isinstance(spot.node, yaml.ScalarNode) else None
