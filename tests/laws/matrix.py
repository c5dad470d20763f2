"""Role × route × secured attribute: what is asked everywhere, and what an answer gives away."""

from uuid import UUID, uuid4

from forms.confirmations import issue
from models.metadata.definitions import AttributeDefinition
from models.tables.base import utc_now
from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import (
    HANA,
    NOBODY,
    Asker,
    Place,
    guesses,
    learned,
    places,
    question,
    secured,
    told,
    value_of,
)

FOR_ANYONE = {"static", "security.static", "admin.static", "home", "form_pages", "captcha"}
FOR_ANYONE |= {"confirmation", "security.login", "passkeys.sign_in_options"}
FOR_ANYONE |= {"federation.back", "federation.signed_out", "federation.ended"}
"""Endpoints, or blueprints, that answer a visitor. Every other one must refuse."""
NOT_ASKED = {"security.logout", "security.two_factor_token_validation", "account.end_others"}
"""They end the session that asks."""
NOT_ASKED |= {"federation.begin"}
"""Leads to the identity provider, which has an address of its own; see tests/federation."""
NOT_ASKED |= {"captcha.sound", "captcha.image", "static", "security.static", "admin.static"}
"""Six digits, and files of the program."""
SPENT = {"confirmation.complete"}
"""Answers a question once, and says so the second time."""
WRONG = {"Email": "daremoinai@example.jp", "Phone": "080-2222-3333"}


def everywhere(house: Office, record: UUID) -> list[Place]:
    form = house.engine.catalog.forms[ENTITY]
    arguments = {
        "entity": ENTITY,
        "name": ENTITY,
        "job": uuid4(),
        "filename": "public/public.css",
        "token": house.engine.database.run(
            lambda t: issue(t, form=form, record_id=record, language="ja", on=utc_now())
        ),
    }
    return [one for one in places(house.app, arguments) if one.endpoint not in NOT_ASKED]


def hidden_from(who: Asker, place: Place) -> list[AttributeDefinition]:
    """What they must not learn there. Revealing is for who may ask for the value."""
    reveals = place.endpoint == "records.reveal_view"
    return [
        attribute
        for attribute in secured(who.house)
        if not who.may_know(attribute) and not (reveals and who.may_ask_for(attribute))
    ]


def leaks(who: Asker, place: Place, record: UUID) -> list[object]:
    """Everything `who` learns here of what they may not know."""
    found: list[object] = []
    for attribute in hidden_from(who, place):
        answer = who.ask(place, **question(attribute, record))
        found += learned(answer) + ([answer.status] if answer.status_code >= 500 else [])
    return found


def tells(who: Asker, place: Place, record: UUID) -> list[object]:
    """How a right guess is answered otherwise than a wrong one, or with more than was guessed."""
    found: list[object] = []
    for attribute in hidden_from(who, place):
        if place.endpoint == "records.search_view" and who.may_ask_for(attribute):
            continue
        if who.is_staff and is_public(place):
            continue  # nobody is signed in there, so it answers as it answers a visitor
        right, wrong = value_of(HANA, attribute), WRONG[attribute.format]
        pairs = zip(*(guesses(attribute, record, value) for value in (right, wrong)), strict=True)
        for guess, other in pairs:
            answer, reply = who.ask(place, **guess), who.ask(place, **other)
            found += learned(answer, right)
            if place.endpoint not in SPENT and told(answer, right) != told(reply, wrong):
                found.append(guess)
    return found


def open_doors(house: Office, record: UUID) -> list[str]:
    """What answers a visitor, and ought not to."""
    who = Asker(house, NOBODY)
    found = []
    for place in everywhere(house, record):
        if is_public(place):
            continue
        answer = who.ask(place)
        to_sign_in = answer.headers.get("Location", "").startswith(("/login", "/account/password"))
        if not (answer.status_code in {401, 404} or (answer.status_code == 302 and to_sign_in)):
            found.append(place.endpoint)
    return found


def is_public(place: Place) -> bool:
    return bool({place.endpoint, place.endpoint.split(".")[0]} & FOR_ANYONE)
