"""A public view's pages as values for their templates: the same for the world and for those who
check what it will see. Where the pages are is told to it."""

from dataclasses import dataclass, replace

from exchange.publication.addresses import Addresses
from exchange.publication.open_data import LICENCE, LICENCE_ADDRESS
from exchange.publication.pictures import FULL, SMALL
from exchange.publication.reading import Entry, EntryPage, categories
from models.metadata.definitions import EntityDefinition
from models.metadata.public_views import PublicViewDefinition
from models.security.publications import Published

LONGEST_DESCRIPTION = 120


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    address: str
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What both pages say of themselves, also to those who link to them."""

    name: str
    title: str = ""
    description: str = ""
    address: str = ""
    kind: str = "website"
    attribution: str = ""
    licence: str = LICENCE
    licence_address: str = LICENCE_ADDRESS
    atom: str = ""
    json: str = ""
    image: "ShownPicture | None" = None
    """With its address from elsewhere."""
    forms: tuple[Link, ...] = ()
    """By which anybody answers what is told."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    address: str
    alt: str
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    entry: Entry
    address: str
    """Of its page; "" where records have none."""
    picture: ShownPicture | None
    """The first, small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownList:
    head: Head
    introduction: str
    entries: tuple[ShownEntry, ...]
    categories: tuple[Link, ...]
    category: str
    back: str
    """All categories."""
    next: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    head: Head
    entry: Entry
    back: str
    pictures: tuple[ShownPicture, ...]


def shown_list(
    entity: EntityDefinition,
    published: Published,
    page: EntryPage,
    *,
    language: str,
    addresses: Addresses,
) -> ShownList:
    view, category = published.view, page.category
    kept = {"category": str(category.value)} if category else {}
    introduction = view.introduction.text(language)
    chosen = category.label.text(language) if category else ""
    head = _head(view, addresses, language, entry=None)
    return ShownList(
        head=replace(
            head,
            title=f"{head.name}: {chosen}" if chosen else head.name,
            description=_shortened(introduction),
            address=addresses.outside(addresses.page(kept)),
        ),
        introduction=introduction,
        entries=tuple(
            ShownEntry(
                one,
                addresses.record(one) if view.detail else "",
                next(iter(_pictures(one, addresses, SMALL)), None),
            )
            for one in page.entries
        ),
        categories=tuple(
            Link(
                option.label.text(language),
                addresses.page({"category": str(option.value)}),
                is_here=option == category,
            )
            for option in categories(entity, published)
        ),
        category=chosen,
        back=addresses.page({}),
        next=addresses.page(kept | {"after": page.next}) if page.next else "",
        previous=(
            addresses.page(kept | {"after": page.previous, "back": "1"}) if page.previous else ""
        ),
    )


def shown_record(
    published: Published, entry: Entry, *, language: str, addresses: Addresses
) -> ShownRecord:
    pictures = tuple(_pictures(entry, addresses, FULL))
    told = next((one.text for one in entry.detail if one.text), "")
    head = replace(
        _head(published.view, addresses, language, entry=entry),
        title=entry.title,
        description=_shortened(told),
        address=addresses.outside(addresses.record(entry)),
        kind="article",
        image=(
            replace(pictures[0], address=addresses.outside(pictures[0].address))
            if pictures
            else None
        ),
    )
    return ShownRecord(head=head, entry=entry, back=addresses.page({}), pictures=pictures)


def _pictures(entry: Entry, addresses: Addresses, size: str) -> list[ShownPicture]:
    return [
        ShownPicture(addresses.picture(entry, one, size), one.alt, one.size)
        for one in entry.pictures
    ]


def _head(
    view: PublicViewDefinition, addresses: Addresses, language: str, *, entry: Entry | None
) -> Head:
    return Head(
        name=view.display_name.text(language),
        attribution=view.attribution.text(language) if view.json else "",
        atom=addresses.atom if view.atom else "",
        json=addresses.json if view.json else "",
        forms=tuple(Link(one.text(language), to) for one, to in addresses.forms(entry)),
    )


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    is_short = len(plain) <= LONGEST_DESCRIPTION
    return plain if is_short else f"{plain[: LONGEST_DESCRIPTION - 1]}…"
