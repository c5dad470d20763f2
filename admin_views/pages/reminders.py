"""What the start page reminds of: terms that run out, work that is overdue."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from admin_views.audit.inspections.reading import waiting
from admin_views.contractors.reading import contracts_ending
from admin_views.incidents.reading import waiting as incidents_waiting
from admin_views.incidents.rights import may_keep
from admin_views.language import language
from admin_views.papers.reading import files_to_register, may_read
from admin_views.people.duties import read_standing
from admin_views.queues.reading import count_waiting
from admin_views.reviews.reading import read_reviews
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Miscellaneous

NAMED = 3
"""Months that are named one by one."""


@dataclass(frozen=True, slots=True)
class Reminder:
    text: str
    url: str = ""
    link: str = ""


def reminders(service: RecordService, caller: Caller) -> list[Reminder]:
    found = [
        *_of_training(service, caller),
        *_of_withheld(caller),
        *_of_queues(service, caller),
    ]
    if caller.may(Miscellaneous.MANAGE_USERS):
        found += [*_of_contracts(service), *_of_reviews(service)]
    if caller.may(Miscellaneous.READ_AUDIT):
        found += _of_inspections(service)
    if may_keep(caller):
        found += _of_incidents(service)
    if may_read(caller):
        found += _of_files(service)
    return found


def _of_training(service: RecordService, caller: Caller) -> Iterator[Reminder]:
    """Before it runs out; afterwards every page says so."""
    if caller.id is None or caller.supporter is not None:
        return
    standing = read_standing(service, caller.id)
    if standing.runs_out:
        yield Reminder(
            gettext(
                "Your training counts until %(day)s. After that personal data cannot be shown: "
                "take the next training, and ask your system administrator to enter its day.",
                day=standing.valid_until,
            )
        )


def _of_withheld(caller: Caller) -> Iterator[Reminder]:
    if caller.withheld:
        yield Reminder(
            gettext(
                "Your role includes rights that accounts of contractors cannot use: managing "
                "users, customizing, reading the audit, acting on behalf of others."
            )
        )


def _of_queues(service: RecordService, caller: Caller) -> Iterator[Reminder]:
    count = count_waiting(service, caller)
    if count:
        text = gettext("Waiting in your teams’ queues: %(count)s", count=f"{count:,}")
        yield Reminder(text, url_for("queues.index"), gettext("Open the queues"))


def _of_reviews(service: RecordService) -> Iterator[Reminder]:
    for review in read_reviews(service.transaction):
        if not review.is_open:
            continue
        stated = {"quarter": review.quarter.text(language()), "day": review.due_on}
        text = gettext("A review of accounts is open: %(quarter)s, due by %(day)s.", **stated)
        if review.is_overdue:
            text = gettext(
                "A review of accounts is overdue: %(quarter)s, due by %(day)s.", **stated
            )
        yield Reminder(text, url_for("reviews.review", id=review.id), gettext("Open the review"))


def _of_inspections(service: RecordService) -> Iterator[Reminder]:
    """The months that wait, each by its name while they are few."""
    waits = [month.text(language()) for month in waiting(service.transaction)]
    if waits:
        named = _listed(waits[:NAMED])
        text = gettext("The audit log’s inspection waits: %(months)s", months=named)
        if len(waits) > NAMED:
            text = gettext(
                "The audit log’s inspection waits: %(months)s and %(count)s months more",
                months=named,
                count=len(waits) - NAMED,
            )
        yield Reminder(text, url_for("inspections.index"), gettext("Monthly inspections"))


def _of_incidents(service: RecordService) -> Iterator[Reminder]:
    for one in incidents_waiting(service.transaction):
        stated = {"number": one.number(language()), "day": one.next_due}
        text = gettext("A report of an incident is due: %(number)s, by %(day)s.", **stated)
        if one.is_overdue:
            text = gettext(
                "A report of an incident is overdue: %(number)s, due by %(day)s.", **stated
            )
        url = url_for("incidents.show", id=one.row.id)
        yield Reminder(text, url, gettext("Open the incident"))


def _of_files(service: RecordService) -> Iterator[Reminder]:
    for watched in files_to_register(service, language()):
        text = gettext("%(name)s: %(warning)s", name=watched.title, warning=watched.text)
        yield Reminder(text, url_for("papers.index"), gettext("Papers on personal data"))


def _of_contracts(service: RecordService) -> Iterator[Reminder]:
    ending = contracts_ending(service.transaction)
    if ending:
        yield Reminder(
            gettext("Contracts that end within 30 days: %(names)s", names=_listed(ending)),
            url_for("contractors.index"),
            gettext("Contractors"),
        )


def _listed(names: list[str]) -> str:
    return gettext(", ").join(names)
