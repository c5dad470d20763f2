"""A report in words: sections of lines, the same for the page and for the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext

from admin_views.audit import words
from admin_views.language import language, local_time
from admin_views.reports.handling import Handling
from admin_views.reports.standing import Reviewed, Standing
from admin_views.reports.work import Work
from models.metadata.activities import activity_attribute
from models.metadata.catalog import Catalog

PERSONAL = ("read", "reveal", "search")
TAKEN_OUT = ("request_extract", "download_extract", "export", "statistics")
AT_THE_DOOR = ("sign_in", "sign_in_failed", "lock_account", "turned_away")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    value: str
    is_part: bool = False
    """One of what the line before it counts."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""


def of_work(catalog: Catalog, work: Work) -> Section:
    title = work.entity.display_collection_name.text(language())
    note = "" if work.is_open else gettext("Your role does not read these records.")
    return Section(title, tuple(_of_work(catalog, work)), note)


def of_handling(handling: Handling | None) -> Section:
    title = gettext("Handling of personal data")
    if handling is None:
        return Section(title, note=gettext("Your role does not read the audit log."))
    return Section(title, tuple(_of_handling(handling)))


def of_standing(standing: Standing, handling: Handling | None) -> Section:
    lines = [
        _line(gettext("Accounts"), standing.accounts),
        _part(gettext("Can sign in"), standing.let_in),
        _part(gettext("Dormant"), standing.dormant),
        _part(gettext("Ended"), standing.ended),
        _line(gettext("Made in the month"), standing.new),
    ]
    if handling is not None:
        lines.append(_line(gettext("Ended in the month"), handling.ended))
    lines += [
        _line(gettext("Without the present pledge"), standing.unpledged),
        _line(gettext("Without a training that counts"), standing.untrained),
    ]
    return Section(gettext("Accounts, pledge and training"), tuple(lines))


def of_incidents(count: int) -> Section:
    lines = (_line(gettext("Incidents that became known in the month"), count),)
    return Section(gettext("Incidents"), lines)


def of_review(reviewed: Reviewed | None) -> Section:
    title = gettext("Review of accounts")
    if reviewed is None:
        return Section(title, note=gettext("There was no review in this quarter."))
    review = reviewed.review
    signed = NOTHING
    if review.signed_off_on is not None:
        signed = f"{local_time(review.signed_off_on)} {review.signed_off_by}"
    lines = (
        Line(gettext("Quarter"), review.quarter.text(language())),
        _line(gettext("Accounts of the contractor in it"), reviewed.accounts),
        _part(gettext("Not decided yet"), reviewed.undecided),
        _part(gettext("To be ended"), reviewed.to_end),
        Line(gettext("Due by"), review.due_on.isoformat()),
        Line(gettext("Signed off"), signed),
    )
    return Section(title, lines)


def _of_work(catalog: Catalog, work: Work) -> Iterator[Line]:
    if work.is_open:
        yield _line(gettext("Received in the month"), sum(work.received.values()))
        yield from _by_status(work)
    if work.answered is not None:
        yield _line(gettext("First answered in the month"), work.answered)
        hours = NOTHING if work.hours is None else f"{work.hours:,.1f}"
        yield Line(gettext("Average hours until the first answer"), hours)
    if work.overdue is not None:
        yield _line(gettext("Overdue in their stage at this moment"), work.overdue)
    yield from _by_kind(catalog, work)


def _by_status(work: Work) -> Iterator[Line]:
    options = work.entity.attributes["statuscode"].options
    for option in options.options if options else ():
        if option.value in work.received:
            yield _part(option.label.text(language()), work.received[option.value])


def _by_kind(catalog: Catalog, work: Work) -> Iterator[Line]:
    name = work.entity.activity_entity
    if not name or not work.activities:
        return
    told = gettext("Activities entered by the contractor’s accounts")
    yield _line(told, sum(work.activities.values()))
    options = catalog.entity(name).attributes[activity_attribute(name, "kind")].options
    for option in options.options if options else ():
        if option.value in work.activities:
            yield _part(option.label.text(language()), work.activities[option.value])


def _of_handling(handling: Handling) -> Iterator[Line]:
    named = words.acts()
    for act in (*PERSONAL, *TAKEN_OUT):
        yield _line(named[act], handling.of((act,), "ok"))
    for act in AT_THE_DOOR:
        yield _line(named[act], handling.of((act,)))
    yield _line(gettext("Refused"), handling.of((), "refused"))
    yield _line(gettext("By accounts, outside office hours"), handling.outside_hours)


def _line(label: str, number: int) -> Line:
    return Line(label, f"{number:,}")


def _part(label: str, number: int) -> Line:
    return Line(label, f"{number:,}", is_part=True)
