"""What waits for records that are gone, or nobody's: mails and links. It knows neither a mail's
text nor a form."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, update

from models.tables.base import utc_now
from models.tables.intake import ConfirmationToken
from models.tables.record_data import SystemJob
from models.tables.session import Transaction


def forget(transaction: Transaction, record_ids: Sequence[UUID]) -> None:
    """Take back mails, and links, which expire at once.

    An expired link is kept for a while (see purging), to be answered as one.
    """
    transaction.write(delete(SystemJob).where(SystemJob.record_id.in_(record_ids)))
    now = utc_now()
    still_good = ConfirmationToken.expires_on > now
    transaction.write(
        update(ConfirmationToken)
        .where(ConfirmationToken.record_id.in_(record_ids), still_good)
        .values(expires_on=now)
    )
