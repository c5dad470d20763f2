"""A solution's part of the public's first page from what was stated under `home`."""

from collections.abc import Iterable

from models.metadata.homes import CounterDefinition, HomeDefinition, HomeStep
from models.metadata.parsing.stated import Stated


def parse_home(
    name: str, stated: Stated, *, forms: Iterable[str], public_views: Iterable[str]
) -> HomeDefinition:
    """`forms` and `public_views` are the solution's own."""
    home = HomeDefinition(
        name=name,
        title=stated.label("title"),
        introduction=stated.label("introduction", None),
        steps=tuple(_step(part) for part in stated.items("steps")),
        counters=tuple(_counter(part) for part in stated.items("counters")),
        forms=tuple(forms),
        public_views=tuple(public_views),
    )
    stated.finish()
    return home


def _step(stated: Stated) -> HomeStep:
    step = HomeStep(
        title=stated.label("title"),
        text=stated.label("text", None),
        forms=stated.texts("forms"),
        public_views=stated.texts("public_views"),
    )
    stated.finish()
    return step


def _counter(stated: Stated) -> CounterDefinition:
    counter = CounterDefinition(
        public_view=stated.text("public_view"),
        label=stated.label("label"),
        total_of=stated.text("total_of", ""),
    )
    stated.finish()
    return counter
