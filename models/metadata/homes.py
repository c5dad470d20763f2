"""A solution on the public's first page, as data: what the office is about, the steps of what it
does, and what is counted.

Only what is public by itself is led to and counted here: whether it is, others know.
"""

from dataclasses import dataclass

from models.metadata.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeStep:
    title: Label
    text: Label = Label("")
    forms: tuple[str, ...] = ()
    public_views: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterDefinition:
    """A number of records that a public view lists, or what an attribute it tells adds up to in
    them: nobody learns from it what the view does not tell."""

    public_view: str
    label: Label
    total_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDefinition:
    name: str
    """The solution's."""
    title: Label
    introduction: Label = Label("")
    steps: tuple[HomeStep, ...] = ()
    counters: tuple[CounterDefinition, ...] = ()
    forms: tuple[str, ...] = ()
    """The solution's forms, by name."""
    public_views: tuple[str, ...] = ()
    """The solution's public views, by name."""
