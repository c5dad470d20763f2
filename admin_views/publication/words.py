"""What publications, their states and their acts are called."""

from flask_babel import gettext

from exchange.publication.pictures import images_of
from models.metadata.definitions import EntityDefinition
from models.metadata.public_views import PublicViewDefinition
from models.tables.publications import APPROVED, CLOSED, REQUESTED, RETURNED, WITHDRAWN


def acts() -> dict[str, str]:
    return {
        "request_publication": gettext("Request a publication"),
        "approve_publication": gettext("Approve a publication"),
        "return_publication": gettext("Return a request for publication"),
        "withdraw_publication": gettext("Withdraw a publication"),
        "close_publication": gettext("Publication closed by an import"),
    }


def details() -> dict[str, str]:
    return {"fingerprint": gettext("Fingerprint of what is let out")}


def states() -> dict[str, str]:
    return {
        REQUESTED: gettext("Waiting for approval"),
        APPROVED: gettext("Public"),
        RETURNED: gettext("Returned"),
        WITHDRAWN: gettext("Withdrawn"),
        CLOSED: gettext("Closed: the definition changed"),
    }


def kinds() -> dict[str, str]:
    """What a free text looks like."""
    return {
        "phone": gettext("telephone number"),
        "email": gettext("e-mail address"),
        "address": gettext("postal address"),
    }


def places(view: PublicViewDefinition, entity: EntityDefinition) -> dict[str, tuple[str, ...]]:
    """Where each attribute is told. Of pictures the list shows the first there is."""
    pictures = (name for one in images_of(view, entity) for name in (one.logical_name, one.alt))
    told = {
        gettext("title"): (view.title,),
        gettext("list"): (*view.columns, *pictures),
        gettext("record’s page"): view.detail,
        gettext("categories"): (view.by,),
        gettext("date in the feed"): (view.date,) if view.atom else (),
        gettext("open data"): tuple(view.attributes) if view.json else (),
    }
    return {
        name: tuple(place for place, names in told.items() if name in names)
        for name in view.attributes
    }
