"""What waits for a person because of extracts, for the start page: decisions, files, deletions."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from exchange.extracts.ledger import waiting_for
from models.records.service import RecordService
from models.security.caller import Caller


@dataclass(frozen=True, slots=True)
class Waits:
    text: str
    url: str
    is_urgent: bool = False


def what_waits(service: RecordService, caller: Caller) -> list[Waits]:
    found, url = waiting_for(service, caller), url_for("extracts.index")
    texts = (
        (found.to_decide, gettext("Requests to decide on"), False),
        (found.to_fetch, gettext("Files ready to download"), False),
        (found.to_confirm, gettext("Files whose deletion is to be confirmed"), False),
        (found.overdue, gettext("Of these, overdue"), True),
    )
    return [
        Waits(text + gettext(": ") + str(count), url, is_urgent)
        for count, text, is_urgent in texts
        if count
    ]
