"""Whether a public view is live, and the caller through whom its records are read.

Live is what two people published, and nothing that differs from it by so much as a label: the
fingerprint of what a view lets out stands in their approval. It reads no record.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, select, update

from models.metadata.catalog import Catalog
from models.metadata.definitions import Option
from models.metadata.derivations import derivation
from models.metadata.public_views import PublicViewDefinition
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from models.tables.base import utc_now
from models.tables.publications import APPROVED, CLOSED, OPEN, Publication
from models.tables.requests import FrozenRecord


@dataclass(frozen=True, slots=True)
class Published:
    """A view that is let out, and as whom its records are read."""

    view: PublicViewDefinition
    caller: Caller


def fingerprint(catalog: Catalog, view: PublicViewDefinition) -> str:
    """Of all that is stated of the view, of what its attributes are and follow from, and of what
    its filter's options mean and who gives them."""
    entity = catalog.entity(view.entity)
    attributes = entity.attributes
    shown = {
        name: (
            *(one.type, one.format, one.behaviour, asdict(one.display_name)),
            *derivation(catalog, entity, name),
        )
        for name, one in attributes.items()
        if name in view.attributes | {view.until}
    }
    options = {
        name: [_meaning(one) for one in found.options if one.value in values]
        for name, values in view.records.items()
        if (found := attributes[name].options) is not None
    }
    stated = json.dumps([asdict(view), shown, options], sort_keys=True, default=sorted)
    return hashlib.sha256(stated.encode()).hexdigest()


def _meaning(option: Option) -> Any:
    """What it is called, and who lets a record have it where that is not anybody."""
    guards = (sorted(option.roles), option.approval) if option.roles or option.approval else ()
    return [asdict(option.label), *guards] if guards else asdict(option.label)


def through(view: PublicViewDefinition) -> Published:
    """As the world will see it once it is live; for those who check that."""
    return Published(
        view,
        Caller.public_view(
            view=view.name,
            entity=view.entity,
            attributes=view.attributes,
            records=view.records,
            until=view.until,
        ),
    )


def answering(caller: Caller, lookup: str, subject: Published) -> Caller:
    """Who sends in a form about a record of the view: may point to what anyone may read of it at
    this moment, by that Lookup and to nothing else."""
    [(entity, _)] = caller.privileges
    target, world = subject.view.entity, subject.caller
    points = {(entity, Privilege.APPEND), (target, Privilege.APPEND_TO)}
    return replace(
        caller,
        privileges={**caller.privileges, **dict.fromkeys(points, AccessLevel.GLOBAL)},
        scope={entity: {}, **(world.scope or {})},
        until=world.until,
        kept_from=world.kept_from,
        allowed_attributes=(caller.allowed_attributes or frozenset()) | {lookup},
    )


def published(connection: Connection, catalog: Catalog, name: str) -> Published | None:
    """The view of that name as anyone may see it now; None unless it is live."""
    return next(iter(_live(connection, catalog, [name])), None)


def all_published(connection: Connection, catalog: Catalog) -> list[Published]:
    return _live(connection, catalog, sorted(catalog.public_views))


def close_changed(connection: Connection, catalog: Catalog) -> list[str]:
    """End the publications, asked for or live, of views that are another or gone by now; their
    names. They stay closed although the definition came back."""
    statement = select(Publication.id, Publication.view, Publication.fingerprint)
    closed: dict[Any, str] = {
        row.id: row.view
        for row in connection.execute(statement.where(Publication.state.in_(OPEN)))
        if not _is_of(catalog, row.view, row.fingerprint)
    }
    ended = {"state": CLOSED, "ended_on": utc_now()}
    still_open = and_(Publication.id.in_(closed), Publication.state.in_(OPEN))
    if closed:
        connection.execute(update(Publication).where(still_open).values(**ended))
    return sorted(set(closed.values()))


def _live(connection: Connection, catalog: Catalog, names: Sequence[str]) -> list[Published]:
    views = [catalog.public_views[name] for name in names if name in catalog.public_views]
    approved = _approved(connection, (view.name for view in views)) if views else {}
    live = [one for one in views if approved.get(one.name) == fingerprint(catalog, one)]
    return _without_suspended(connection, live)


def _without_suspended(
    connection: Connection, views: Sequence[PublicViewDefinition]
) -> list[Published]:
    """A record whose use is suspended is kept from the world, too."""
    if not views:
        return []
    suspended = select(FrozenRecord.record_id).where(
        FrozenRecord.entity.in_({view.entity for view in views})
    )
    kept = frozenset(connection.scalars(suspended))
    found = map(through, views)
    return [replace(one, caller=replace(one.caller, kept_from=kept)) for one in found]


def _approved(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    statement = select(Publication.view, Publication.fingerprint).where(
        Publication.view.in_(list(names)), Publication.state == APPROVED
    )
    return {row.view: row.fingerprint for row in connection.execute(statement)}


def _is_of(catalog: Catalog, name: str, known: str) -> bool:
    view = catalog.public_views.get(name)
    return view is not None and fingerprint(catalog, view) == known
