"""A new passkey: named by its person, made by an authenticator that verified them."""

from typing import Any

from sqlalchemy import insert, select

from admin_views.identity.changing import change
from admin_views.identity.passkeys import challenges
from admin_views.identity.passkeys.challenges import Purpose
from admin_views.identity.passkeys.storing import MOST, count_of
from extensions import engine
from jobs.letter_texts import PASSKEY_ADDED
from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import Problem
from models.metadata.labels import Label
from models.records.service import RecordService
from models.tables.base import new_id
from models.tables.credentials import Passkey

NAME = AttributeDefinition(
    number=0,
    logical_name="name",
    schema_name="Name",
    type="String",
    display_name=Label("パスキーの名前", "Name of the passkey"),
    max_length=60,
)
LONGEST_ID = 1023
"""Bytes; the longest that WebAuthn allows."""


def problem_of(account: Any, name: str) -> Problem | None:
    """What is wrong with the name of a new passkey, or with having another."""
    label = NAME.display_name
    try:
        if not type_of(NAME).parse(NAME, name):
            return Problem("name", "required", label)
    except InvalidValue as error:
        return Problem("name", error.code, label, error.parameters)
    mine = Passkey.systemuser_id == account.id
    with engine().database.reading() as connection:
        same = select(Passkey.id).where(mine, Passkey.name == name.strip())
        if connection.scalar(same) is not None:
            return Problem("name", "passkey_named", label)
        too_many = count_of(connection, account.id) >= MOST
    return Problem("name", "too_many_passkeys", label, {"maximum": MOST}) if too_many else None


def register(account: Any, name: str, sent: str) -> bool:
    """Keep the passkey an authenticator made for this session's challenge; False if it did not.

    Every other session of the account ends, as with any other change of a factor.
    """
    made = _made(sent)
    if made is None:
        return False
    row = {"id": new_id(), "systemuser_id": account.id, "name": name.strip(), **made}

    def keep(service: RecordService) -> None:
        service.transaction.write(insert(Passkey), row)

    change(account, "register_passkey", keep, letter=PASSKEY_ADDED, passkey=name.strip())
    return True


def _made(sent: str) -> dict[str, Any] | None:
    from admin_views.identity.passkeys.ceremonies import made_passkey

    challenge = challenges.take(Purpose.REGISTER)
    if challenge is None:
        return None
    made = made_passkey(sent, challenge)
    return made if made and len(made["credential_id"]) <= LONGEST_ID else None
