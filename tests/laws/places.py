"""The application's own map of routes, with something to fill in for every argument."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")
UNNAMED = {"HEAD", "OPTIONS"}
"""Methods that Flask adds to a rule."""
WITHOUT_A_BODY = {"GET", "HEAD", "OPTIONS", "TRACE"}


@dataclass(frozen=True)
class Place:
    """One rule of the map with its arguments filled in, and one of its methods."""

    endpoint: str
    method: str
    path: str


def places(app: Flask, arguments: Mapping[str, object]) -> list[Place]:
    """Every rule of the application's map. A rule with an argument of a new name fails here: say
    what to fill in for it."""
    return [
        Place(rule.endpoint, method, _path(app, rule, arguments))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - UNNAMED)
    ]


def other_places(app: Flask, arguments: Mapping[str, object]) -> list[Place]:
    """Every path of the map with every method that its rules do not name."""
    named: dict[str, Place] = {}
    taken: dict[str, set[str]] = defaultdict(set)
    for place in places(app, arguments):
        named.setdefault(place.path, place)
        taken[place.path].add(place.method)
    return [
        replace(place, method=method)
        for path, place in named.items()
        for method in METHODS
        if method not in taken[path]
    ]


def _path(app: Flask, rule: Any, arguments: Mapping[str, object]) -> str:
    unknown = set(rule.arguments) - set(arguments)
    assert not unknown, f"{rule.rule}: what is {unknown}?"
    filled = {name: arguments[name] for name in rule.arguments}
    method = min((rule.methods or set()) - UNNAMED)
    return app.url_map.bind("localhost").build(rule.endpoint, filled, method)
