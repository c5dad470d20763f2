"""The public's first page: of each solution what it says of itself, its open forms, what of it is
published, numbers of that, and what is new.

Everything is read as the public views' own callers; what is not live is not named, not counted.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from exchange.publication.reading import Asked, Entry, read_page
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.catalog import Catalog
from models.metadata.components import FormDefinition
from models.metadata.homes import CounterDefinition, HomeDefinition, HomeStep
from models.metadata.public_views import PublicViewDefinition
from models.metadata.query import Query
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.caller import Caller
from models.security.publications import Published, all_published

NEWS = 5


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: HomeStep
    forms: tuple[FormDefinition, ...]
    views: tuple[PublicViewDefinition, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class News:
    """A record of a feed; `day` is its date as the view tells it."""

    view: PublicViewDefinition
    entry: Entry
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A solution; `forms` and `views` are those that no step leads to."""

    home: HomeDefinition
    steps: tuple[ShownStep, ...]
    forms: tuple[FormDefinition, ...]
    views: tuple[PublicViewDefinition, ...]
    counters: tuple[Counted, ...]
    news: tuple[News, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to go to: no form to fill in, and nothing published."""
        return not (self.forms or self.views or any(s.forms or s.views for s in self.steps))


def read_home(
    service: RecordService, *, language: str, of_caller: Callable[[Caller], Caller]
) -> list[Office]:
    """Solutions with something to do or to read, by name."""
    catalog = service.catalog
    live = {
        one.view.name: Published(one.view, of_caller(one.caller))
        for one in all_published(service.transaction.connection, catalog)
    }
    offices = (
        _office(service, home, live, language=language)
        for _, home in sorted(catalog.homes.items())
    )
    return [office for office in offices if not office.is_empty]


def _office(
    service: RecordService, home: HomeDefinition, live: dict[str, Published], *, language: str
) -> Office:
    own = [live[name] for name in home.public_views if name in live]
    steps = tuple(_step(service.catalog, one, live) for one in home.steps)
    led_to = {name for one in home.steps for name in (*one.forms, *one.public_views)}
    return Office(
        home=home,
        steps=steps,
        forms=tuple(_forms(service.catalog, (n for n in home.forms if n not in led_to))),
        views=tuple(one.view for one in own if one.view.name not in led_to),
        counters=tuple(
            Counted(counter.label.text(language), _number(service, counter, live))
            for counter in home.counters
            if counter.public_view in live
        ),
        news=tuple(_news(service, own, language=language)),
    )


def _step(catalog: Catalog, step: HomeStep, live: dict[str, Published]) -> ShownStep:
    views = tuple(live[name].view for name in step.public_views if name in live)
    return ShownStep(step, tuple(_forms(catalog, step.forms)), views)


def _forms(catalog: Catalog, names: Iterable[str]) -> Iterator[FormDefinition]:
    return (form for name in names if (form := catalog.public_form(name)) is not None)


def _number(service: RecordService, counter: CounterDefinition, live: dict[str, Published]) -> str:
    published = live[counter.public_view]
    query = Query(entity=published.view.entity, columns=(published.view.title,), page_size=1)
    if not counter.total_of:
        counted = Query(entity=query.entity, columns=query.columns, page_size=1, count=True)
        return f"{service.retrieve_multiple(published.caller, counted).count or 0:,}"
    totals = service.tally(published.caller, Tally(query=query, total_of=counter.total_of))
    return f"{next(iter(totals.values()), 0):,}"


def _news(service: RecordService, views: Sequence[Published], *, language: str) -> Iterator[News]:
    """The newest of what has a feed, by the dates that the feeds tell."""
    found = []
    for one in views:
        if one.view.atom:
            page = read_page(service, one, Asked(size=NEWS, newest=True), language=language)
            found += [News(one.view, e, e.texts[one.view.date]) for e in page.entries]
    dated = [one for one in found if one.entry.values[one.view.date] is not None]
    return iter(sorted(dated, key=_when, reverse=True)[:NEWS])


def _when(news: News) -> str:
    value = news.entry.values[news.view.date]
    return str(value.astimezone(LOCAL_ZONE) if isinstance(value, datetime) else value)
