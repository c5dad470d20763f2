"""Role × route × secured attribute: what is asked everywhere, and what an answer gives away."""

from collections.abc import Sequence
from uuid import UUID, uuid4
from zlib import crc32

from werkzeug.test import TestResponse

from forms.confirmations import issue
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import AttributeDefinition
from models.tables.base import utc_now
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.laws.asking import (
    EVERYBODY,
    HANA,
    NOBODY,
    Asker,
    guesses,
    learned,
    question,
    secured,
    told,
    value_of,
)
from tests.laws.contracted import contractor_of
from tests.laws.doors import OF_THE_PROGRAM, is_public
from tests.laws.extracted import extract_of
from tests.laws.places import Place, other_places, places
from tests.laws.publicly import PUBLIC_VIEW
from tests.laws.statements import counted
from tests.laws.words import words

ENDS_THE_SESSION = {
    "security.logout",
    "security.two_factor_token_validation",
    "account.end_others",
}
LEADS_AWAY = {"federation.begin"}
"""To the identity provider, which has an address of its own; see tests/federation."""
NOT_ASKED = ENDS_THE_SESSION | LEADS_AWAY | {"captcha.sound", "captcha.image"} | OF_THE_PROGRAM
"""Six digits, and files of the program."""
SPENT = {"confirmation.complete"}
"""Answers a question once, and says so the second time."""
TRIES = 3
NOBODYS_TOKEN = "a" * 43
"""Whoever has an applicant's link may see that application (tests/applicants); nobody has one."""
Question = dict[str, str]
WRONG = {"Email": "daremoinai@example.jp", "Phone": "080-2222-3333"}


def everywhere(house: Office, record: UUID) -> list[Place]:
    asked = places(house.app, arguments(house, record))
    return [one for one in asked if one.endpoint not in NOT_ASKED]


def other_methods(house: Office, record: UUID) -> list[Place]:
    """The same paths by every method that is not theirs."""
    asked = other_places(house.app, arguments(house, record))
    return [one for one in asked if one.endpoint not in ENDS_THE_SESSION]


def everything(house: Office, record: UUID) -> dict[str, object]:
    """What a page could want for a change: the record's id, its version, an owner, a consent."""
    attribute = secured(house)[0]
    meant: dict[str, object] = dict.fromkeys(words() - {"lang", "next"}, "1")
    meant |= question(attribute, record)
    return meant | {
        "confirmed": "yes",
        "owner": str(house.users["kobe_official"]),
        "statuscode": "3",
        "role": "administrator",
        "password": PASSWORD,
        "kobe_nickname": "changed",
    }


def posts(house: Office, record: UUID) -> list[Place]:
    return [place for place in everywhere(house, record) if place.method == "POST"]


def refusals(place: Place) -> set[int]:
    """How a POST without its token is answered there; a form of the public is shown again."""
    return {400, 401, 404} | ({303, 403, 422} if is_public(place.endpoint) else set())


def arguments(house: Office, record: UUID) -> dict[str, object]:
    """What to fill in for the arguments of rules, by name."""
    form = house.engine.catalog.forms[ENTITY]
    return {
        "entity": ENTITY,
        "name": ENTITY,
        "dashboard": "kobe_support_state",
        "job": uuid4(),
        "extract": extract_of(house, record),
        "contractor": contractor_of(house),
        "record": record,
        "view": PUBLIC_VIEW,
        "picture": "kobe_photo",
        "size": "full",
        "paper": "files",
        "month": utc_now().astimezone(LOCAL_ZONE).strftime("%Y-%m"),
        "filename": "public/public.css",
        "link": NOBODYS_TOKEN,
        "change": NOBODYS_TOKEN,
        "token": house.engine.database.run(
            lambda t: issue(t, form=form, record_id=record, language="ja", on=utc_now())
        ),
    }


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


def tells(
    who: Asker, place: Place, record: UUID, *, of: Sequence[AttributeDefinition] | None = None
) -> list[object]:
    """How a right guess is answered otherwise than a wrong one, or with more than was guessed; of
    all that is hidden there, or `of` these."""
    found: list[object] = []
    for attribute in hidden_from(who, place) if of is None else of:
        if place.endpoint == "records.search_view" and who.may_ask_for(attribute):
            continue
        if who.is_staff and is_public(place.endpoint):
            continue  # nobody is signed in there, so it answers as it answers a visitor
        right, wrong = value_of(HANA, attribute), WRONG[attribute.format]
        pairs = zip(*(guesses(attribute, record, value) for value in (right, wrong)), strict=True)
        for guess, other in pairs:
            (answer, reply), took = _asked(who, place, guess, other)
            found += learned(answer, right)
            differs = told(answer, right) != told(reply, wrong) and place.endpoint not in SPENT
            if differs and differs_again(who, place, (guess, right), (other, wrong)):
                found.append(guess)
            if took[0] != took[1] and takes_longer(who, place, guess, other):
                found.append(("statements", guess))
    return found


def has_turn(who: Asker, place: Place, *, of: int) -> bool:
    """Whether a question that costs much and is alike for everybody is this person's to ask there:
    each place is asked by nobody in particular, and by every `of`-th of the others."""
    turn = crc32(f"{place.method} {place.path} {place.endpoint}".encode())
    return who.role == NOBODY or (turn + EVERYBODY.index(who.role)) % of == 0


def by_turns(who: Asker, place: Place) -> list[AttributeDefinition]:
    """One of those hidden there: another for another person or place, so that each is guessed at
    everywhere by somebody. All by all would be an hour's half."""
    hidden = sorted(hidden_from(who, place), key=lambda one: one.logical_name)
    return hidden and [hidden[crc32(f"{who.role} {place.endpoint}".encode()) % len(hidden)]]


def differs_again(
    who: Asker, place: Place, guess: tuple[Question, str], other: tuple[Question, str]
) -> bool:
    """Whether each time: once, a message of before may stand on one of them, or a minute end."""
    return all(
        told(who.ask(place, **guess[0]), guess[1]) != told(who.ask(place, **other[0]), other[1])
        for _ in range(TRIES)
    )


def takes_longer(who: Asker, place: Place, guess: Question, other: Question) -> bool:
    """Whether one of two questions takes more statements than the other, each time. Once it may:
    a key is fetched again each minute, a session noted as seen."""
    return all(len(set(_asked(who, place, guess, other)[1])) > 1 for _ in range(TRIES))


def _asked(who: Asker, place: Place, *asked: Question) -> tuple[list[TestResponse], list[int]]:
    """The answers, and how many statements each took."""
    answers, took = [], []
    for one in asked:
        with counted() as seen:
            answers.append(who.ask(place, **one))
        took.append(len(seen))
    return answers, took


def open_doors(who: Asker, record: UUID) -> list[str]:
    """What answers somebody who is not to be let in, and ought not to."""
    found = []
    for place in everywhere(who.house, record):
        if is_public(place.endpoint):
            continue
        answer = who.ask(place)
        to_sign_in = answer.headers.get("Location", "").startswith(("/login", "/account/password"))
        is_shut = answer.status_code in {401, 404} or (answer.status_code == 302 and to_sign_in)
        if not is_shut and not (answer.status_code == 403 and who.is_staff):
            found.append(place.endpoint)
    return found
