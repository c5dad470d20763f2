"""The job kind fetch_answers: mails that answer the office's are filed to their records, as
activities; all other mails stay as they are. Each mail is looked at once.

To which record a mail belongs, its token says (`answer_tokens`): never its subject, its sender or
what it tells. What was filed is marked as read in the mailbox, and that is all that is changed.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from config.mailbox import Mailbox
from jobs import answer_tokens, incoming
from jobs.answer_tokens import Thread
from jobs.incoming import Incoming
from jobs.mail import Mailer
from jobs.mailbox import OpenMailbox, Vanished, opened
from jobs.queue import ClaimedJob
from models.metadata.activities import INCOMING, MAIL, activity_attribute
from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import ValidationFailed
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.incoming import FiledMail, LookedThrough
from models.tables.matching import MergedRecord
from models.tables.session import Transaction

FETCH_ANSWERS = "fetch_answers"
FILER = Caller.system("filing an answer from the mailbox")
LARGEST = 10 * 1024 * 1024
MOST = 500
"""Mails of one run; the rest are the next one's."""
FILED, KNOWN, STRANGE, FORGED = "filed", "known", "strange", "forged"
AUTOMATIC, TOO_LARGE, UNREADABLE, GONE = "automatic", "too_large", "unreadable", "gone"
"""What becomes of a mail; but for the first two it is left alone."""


def fetch_answers(engine: RecordEngine, mailer: Mailer, _job: ClaimedJob) -> None:
    """Nothing where the settings name no mailbox."""
    mailbox = mailer.settings.mailbox
    if mailbox is None:
        return
    ours = frozenset({mailbox.address.lower(), mailer.settings.mail_sender.lower()})
    with opened(mailbox) as box:
        found = _Fetching(engine, box, _name(mailbox), ours).all()
    if found:
        counts: dict[str, Any] = {outcome: found[outcome] for outcome in sorted(found)}
        engine.run(lambda service: service.audit(FILER, FETCH_ANSWERS, **counts))


@dataclass(frozen=True, slots=True)
class _Fetching:
    engine: RecordEngine
    box: OpenMailbox
    name: bytes
    ours: frozenset[str]
    """Addresses from which only we ourselves write."""
    counts: Counter[str] = field(default_factory=Counter)

    def all(self) -> Counter[str]:
        """How many mails met which end."""
        validity = self.box.validity
        last = self.engine.run(lambda s: _last(s.transaction, self.name, validity))
        for number in self.box.after(last)[:MOST]:
            self.counts[self._one(number)] += 1
            remember = partial(_remember, name=self.name, validity=validity, last=number)
            self.engine.database.run(remember)
        return self.counts

    def _one(self, number: int) -> str:
        try:
            return self._looked_at(number)
        except Vanished:
            return GONE
        except ValidationFailed:
            return UNREADABLE

    def _looked_at(self, number: int) -> str:
        size, raw = self.box.head(number)
        header = incoming.header_of(raw)
        found = answer_tokens.find(self.engine.keyring, incoming.tells_thread(header))
        if found.thread is None:
            return FORGED if found.is_forged else STRANGE
        if incoming.is_automatic(header, ours=self.ours):
            return AUTOMATIC
        if size > LARGEST:
            return TOO_LARGE
        mail = _read(self.box.whole(number))
        if mail is None:
            return UNREADABLE
        thread = found.thread
        outcome = self.engine.run(lambda service: file(service, thread, mail))
        if outcome in (FILED, KNOWN):
            self.box.mark_read(number)
        return outcome


def file(service: RecordService, thread: Thread, mail: Incoming) -> str:
    """An activity of the record, once; owned by who owns the record."""
    about = _entity(service, thread.entity)
    record_id = _master(service.transaction, thread.record_id)
    if about is None or not about.has_activities:
        return GONE
    row = service.unit.store.locked(FILER, Privilege.READ, about, [record_id]).get(record_id)
    if row is None:
        return GONE
    if _is_filed(service.transaction, record_id, mail.digest):
        return KNOWN
    activity = service.catalog.entity(about.activity_entity)
    values = _values(activity, record_id, mail)
    service.create_multiple(_owning(activity, row), activity.logical_name, [values])
    service.transaction.write(insert(FiledMail), {"record_id": record_id, "digest": mail.digest})
    return FILED


def _read(raw: bytes) -> Incoming | None:
    """None for what the library cannot make sense of: that is the sender's doing, and one such
    mail must not keep all others from being filed."""
    try:
        return incoming.read(raw)
    except incoming.NOT_TO_BE_READ:
        return None


def _values(activity: EntityDefinition, record_id: UUID, mail: Incoming) -> Mapping[str, object]:
    """Open: somebody has yet to read it."""
    stated = {
        "regarding": record_id,
        "kind": MAIL,
        "direction": INCOMING,
        "subject": mail.subject,
        "description": mail.text,
        "startson": mail.sent_on,
        "sender": mail.sender,
    }
    named = {activity_attribute(activity.logical_name, part): one for part, one in stated.items()}
    sender = activity.attributes.get(activity_attribute(activity.logical_name, "sender"))
    if sender is None or not mail.sender:
        named.pop(activity_attribute(activity.logical_name, "sender"))
        return named
    try:
        type_of(sender).parse(sender, mail.sender)
    except InvalidValue:
        named.pop(sender.logical_name)
    return named


def _owning(activity: EntityDefinition, row: StoredRow) -> Caller:
    if not activity.is_user_owned:
        return FILER
    owner, unit = row.values.get("ownerid"), row.values.get("owningbusinessunit")
    return replace(FILER, owner=owner, business_unit=unit)


def _entity(service: RecordService, number: int) -> EntityDefinition | None:
    entities = service.catalog.entities.values()
    return next((one for one in entities if one.number == number), None)


def _master(transaction: Transaction, record_id: UUID) -> UUID:
    """The record that it was merged into, if it was; what it was kept about went there, too."""
    for _ in range(10):
        master = select(MergedRecord.master_id).where(MergedRecord.record_id == record_id)
        found = transaction.read(master).scalar()
        if found is None:
            break
        record_id = found
    return record_id


def _is_filed(transaction: Transaction, record_id: UUID, digest: bytes) -> bool:
    these = FiledMail.record_id == record_id, FiledMail.digest == digest
    return transaction.read(select(FiledMail.record_id).where(*these)).first() is not None


def _name(mailbox: Mailbox) -> bytes:
    told = "\0".join((mailbox.server, str(mailbox.port), mailbox.user, mailbox.folder))
    return hashlib.sha256(told.encode()).digest()


def _last(transaction: Transaction, name: bytes, validity: int) -> int:
    """0 where nothing was looked at yet, or where the numbers mean other mails now."""
    statement = select(LookedThrough.validity, LookedThrough.last)
    row = transaction.read(statement.where(LookedThrough.mailbox == name)).first()
    return row.last if row is not None and row.validity == validity else 0


def _remember(transaction: Transaction, *, name: bytes, validity: int, last: int) -> None:
    this = update(LookedThrough).where(LookedThrough.mailbox == name)
    values = {"validity": validity, "last": last}
    if not transaction.write(this.values(**values)).rowcount:
        transaction.write(insert(LookedThrough), {"mailbox": name, **values})
