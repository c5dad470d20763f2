"""Which papers there are, who reads them, and the files of personal data whose size is watched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exchange.papers.all_papers import PAPERS
from exchange.papers.counting import Counted, Reach, count_persons
from exchange.papers.files import warning
from exchange.papers.known import Known
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Miscellaneous

READERS = (Miscellaneous.MANAGE_USERS, Miscellaneous.READ_AUDIT, Miscellaneous.APPROVE_EXPORT)
"""Administrators, auditors, and who decides on what personal data leaves."""


@dataclass(frozen=True, slots=True)
class Offered:
    name: str
    title: str
    introduction: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A file of personal data, and where it stands to the law's number of persons."""

    title: str
    count: int
    reach: Reach
    text: str


def may_read(caller: Caller) -> bool:
    """The papers tell who works with what, and are the office's own: no contractor's."""
    return caller.contractor is None and any(caller.may(privilege) for privilege in READERS)


def offered_papers(known: Known) -> list[Offered]:
    papers = ((name, make(known)) for name, make in PAPERS.items())
    return [Offered(name, paper.title, paper.introduction) for name, paper in papers]


def watched_files(counted: Iterable[Counted], language: str) -> Iterator[Watched]:
    for one in counted:
        file = one.privacy.files.get(one.entity.logical_name)
        title = (file and file.name) or one.entity.display_collection_name
        yield Watched(title.text(language), one.count, one.reach, warning(one, language))


def files_to_register(service: RecordService, language: str) -> list[Watched]:
    """Those near the number of persons from which their register is published, or beyond it."""
    near = [one for one in count_persons(service) if one.reach is not Reach.BELOW]
    return list(watched_files(near, language))
