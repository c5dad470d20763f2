"""A contractor's report of a month, read as the person who asks for it, and the file of it."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from admin_views.contractors.reading import Contract, read_contract
from admin_views.incidents.reading import count_known
from admin_views.language import language
from admin_views.reports import lines
from admin_views.reports.handling import read_handling
from admin_views.reports.lines import Section
from admin_views.reports.standing import read_reviewed, read_standing
from admin_views.reports.subject import Subject, may_read, read_subject
from admin_views.reports.work import read_work
from exchange.formats import format_named
from models.metadata.errors import AccessDenied
from models.records.service import RecordService
from models.security.caller import Caller

PART = "　"


@dataclass(frozen=True, slots=True)
class Report:
    subject: Subject
    contract: Contract
    sections: tuple[Section, ...]


def read_report(service: RecordService, caller: Caller, contractor: UUID, month: str) -> Report:
    """Raises AccessDenied, RecordNotFound."""
    if not may_read(caller):
        raise AccessDenied("the report of a contractor", caller=caller)
    subject, catalog = read_subject(service, contractor, month), service.catalog
    handling = read_handling(service, caller, subject)
    sections = (
        *(lines.of_work(catalog, one) for one in read_work(service, caller, subject)),
        lines.of_handling(handling),
        lines.of_standing(read_standing(service, subject), handling),
        lines.of_incidents(_incidents(service, subject)),
        lines.of_review(read_reviewed(service, subject)),
    )
    contract = read_contract(service.transaction, catalog, contractor, language=language())
    return Report(subject, contract, sections)


def _incidents(service: RecordService, subject: Subject) -> int:
    month = subject.month
    return count_known(service.transaction, subject.id, since=month.begins, until=month.ends)


def write_report(
    service: RecordService, caller: Caller, contractor: UUID, month: str, *, format: str
) -> tuple[Report, bytes]:
    """The report as a file, which is noted in the audit. Raises as `read_report`."""
    made = format_named(format)
    report = read_report(service, caller, contractor, month)
    titles = [gettext("Part"), gettext("What"), gettext("Value")]
    columns = [
        [made.title(cell) for cell in column] for column in zip(*_rows(report), strict=True)
    ]
    content = b"".join(made.writer().pieces(titles, [columns]))
    details = {"month": month, "format": format, "sha256": hashlib.sha256(content).hexdigest()}
    service.audit(caller, "report_contractor", record_id=contractor, **details)
    return report, content


def _rows(report: Report) -> list[tuple[str, str, str]]:
    contract = report.contract
    about = gettext("The contract")
    return [
        (about, gettext("Contractor"), contract.name),
        (about, gettext("Month"), report.subject.month.text(language())),
        (about, gettext("Period"), f"{contract.first} – {contract.last}"),
        *(
            (section.title, f"{PART if line.is_part else ''}{line.label}", line.value)
            for section in report.sections
            for line in section.lines
        ),
        *((one.title, one.note, "") for one in report.sections if one.note),
    ]
