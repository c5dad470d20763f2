"""The platform's own mails to accounts: put in the outbox with what they tell, in one transaction.

What they say is in `letter_texts`. They hold no link, so that none of them trains anybody to
follow one (but the reminder of what is due, which asks for nothing); each is in the language of
the account it goes to. It does not know why one is sent.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from config.mail_addresses import Undeliverable, deliverable
from crypto.keyring import Keyring
from jobs.letter_texts import SERVICE, SUBJECT, Letter
from jobs.outbox import OutgoingMail, enqueue_mails
from jobs.wording import spoken
from models.metadata.labels import LANGUAGES, Label
from models.metadata.templates import fill, fill_line
from models.tables.base import table_of
from models.tables.principals import SystemUser
from models.tables.session import Transaction

ACCOUNTS = table_of(SystemUser).name
Texts = Mapping[str, str | Label | datetime]
"""What goes into a letter's places; a moment is told by the office's clock."""


def post(
    transaction: Transaction,
    keyring: Keyring,
    letter: Letter,
    *,
    to: Collection[UUID],
    texts: Texts,
) -> None:
    """One mail to each of the accounts that is active and has an address mail can be sent to."""
    statement = (
        select(SystemUser.id, SystemUser.email, SystemUser.full_name, SystemUser.language)
        .where(SystemUser.id.in_(to), SystemUser.active)
        .order_by(SystemUser.email)
    )
    readers = [row for row in transaction.read(statement) if _can_be_reached(row.email)]
    enqueue_mails(transaction, keyring, [_mail(letter, reader, texts) for reader in readers])


def _mail(letter: Letter, reader: Any, texts: Texts) -> OutgoingMail:
    language = reader.language or LANGUAGES[0]
    said = {name: _said(text, language) for name, text in texts.items()}
    service, title = SERVICE.text(language), letter.title.text(language)
    frame = {
        "reader": reader.full_name or reader.email,
        "body": fill(letter.body.text(language), said),
        "advice": fill(letter.advice.text(language), said),
        "service": service,
    }
    return OutgoingMail(
        entity=ACCOUNTS,
        record_id=reader.id,
        key_id=None,
        template=letter.name,
        to=reader.email,
        subject=fill_line(SUBJECT[language], {"service": service, "title": title}),
        body=fill(letter.frame.text(language), frame),
        sender_name=service,
    )


def _said(text: str | Label | datetime, language: str) -> str:
    if isinstance(text, datetime):
        return spoken(text, language)
    return text.text(language) if isinstance(text, Label) else text


def _can_be_reached(address: str) -> bool:
    """Accounts may have names that are no addresses outside of the office."""
    try:
        deliverable(address)
    except Undeliverable:
        return False
    return True
