"""One record's page, and what is shown on it only once: a masked value, for a stated purpose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.applicants.reading import open_requests
from admin_views.identity import stated_purpose, step_up
from admin_views.records.controls import FILES
from admin_views.records.courses import Course, read_courses
from admin_views.records.given_under import purposes_of
from admin_views.records.likely import master_of
from admin_views.records.list_pages import ListPages
from admin_views.records.reading import Record, identifier
from admin_views.records.subgrids import Subgrid, read_subgrids
from admin_views.records.timeline import Timeline, read_timeline
from admin_views.signed_in import signed_in
from exchange.publication.pictures import SMALL
from extensions import engine
from models.metadata.attribute_types import FileValue, ImageValue
from models.metadata.errors import AccessDenied, RecordNotFound
from models.metadata.purposes import ShownPurpose
from models.records.lifecycle.approvals import option_of
from models.security.privileges import Miscellaneous, Privilege


def purposes() -> tuple[str, ...]:
    """What a masked value is usually asked for; the person may write another."""
    return (
        gettext("To contact the person about this record"),
        gettext("To answer an inquiry from the person"),
        gettext("To check or correct what was entered"),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A value asked for: by which purpose, and what is wrong with that; kept for the next try."""

    attribute: str = ""
    purpose: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    """By control: `purpose`, `proof`."""


NOTHING_ASKED = Asked()


class DetailPages(ListPages):
    details_template = "admin/model/details.html"

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        return self.render_details(request.args.get("id", ""))

    @expose("/reveal/", methods=("POST",))
    def reveal_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        name, record_id = request.form.get("attribute", ""), request.form.get("id", "")
        if name not in self.readable or not self.may_reveal(name):
            raise AccessDenied(f"revealing {self.entity.logical_name}")
        asked = _asked(name)
        if asked.problems:
            return self.render_details(record_id, asked=asked), 400
        caller, entity = signed_in(), self.entity.logical_name
        value = engine().run(
            lambda service: service.reveal(
                caller, entity, identifier(record_id), name, purpose=asked.purpose
            )
        )
        if isinstance(value, FileValue):
            return _file(value)
        return self.render_details(record_id, revealed={name: value})

    @expose("/file/")
    def file_view(self) -> ResponseReturnValue:
        """A file, as a download and never as a page."""
        self.require(Privilege.READ)
        attribute = self.readable.get(request.args.get("attribute", ""))
        if attribute is None or attribute.type not in FILES or self.rights.is_masked(attribute):
            raise RecordNotFound("no such file")
        record = self.open(request.args.get("id", "")).record
        value = record.get(attribute.logical_name)
        if not isinstance(value, FileValue):
            raise RecordNotFound("no such file")
        return _file(value)

    @expose("/picture/")
    def picture_view(self) -> ResponseReturnValue:
        """A picture, to be shown on pages of the office."""
        self.require(Privilege.READ)
        attribute = self.readable.get(request.args.get("attribute", ""))
        if attribute is None or attribute.type != "Image" or self.rights.is_masked(attribute):
            raise RecordNotFound("no such picture")
        value = self.open(request.args.get("id", "")).record.get(attribute.logical_name)
        if not isinstance(value, ImageValue):
            raise RecordNotFound("no such picture")
        is_small = request.args.get("size") == SMALL
        content = value.small if is_small else value.content
        return Response(content, content_type=value.content_type)

    def render_details(
        self,
        record_id: str,
        *,
        revealed: Record | None = None,
        asked: Asked = NOTHING_ASKED,
        stopped: Sequence[tuple[str, str]] = (),
    ) -> str:
        """`stopped`: why it was not moved, by the control of the edit form."""
        opened = self.open(record_id, revealed=revealed)
        return str(
            self.render(
                self.details_template,
                opened=opened,
                record_id=identifier(record_id),
                revealed=revealed or {},
                purposes=purposes(),
                asked=asked,
                courses=self._courses(opened.record),
                timeline=self._timeline(opened.record),
                subgrids=self._subgrids(identifier(record_id)),
                master=master_of(self.entity, identifier(record_id)),
                stopped=stopped,
                requests=self._requests(record_id),
                may_hold=_may_hold(),
                given_under=self._given_under(opened.record),
                proof_within=step_up.FOR_A_VALUE,
                status=self.status_options(opened.record),
                approved=self._approved_as(opened.record),
            )
        )

    def _timeline(self, record: Record) -> Timeline | None:
        caller, entity, record_id = signed_in(), self.entity, identifier(str(record["id"]))
        if not entity.has_activities:
            return None
        after = request.args.get("activities", "")
        return engine().run(
            lambda s: read_timeline(s, caller, entity, record_id=record_id, after=after)
        )

    def _given_under(self, record: Record) -> dict[str, ShownPurpose]:
        return engine().run(lambda s: purposes_of(s, self.entity, record))

    def _subgrids(self, record_id: UUID) -> list[Subgrid]:
        caller, entity = signed_in(), self.entity
        return engine().run(lambda s: read_subgrids(s, caller, entity, record_id=record_id))

    def _requests(self, record_id: str) -> list[Any]:
        """What its applicant asked for and nobody decided yet."""
        if engine().catalog.self_service_of(self.entity.logical_name) is None:
            return []
        return engine().run(lambda s: open_requests(s, identifier(record_id)))

    def _courses(self, record: Record) -> list[Course]:
        caller, entity = signed_in(), self.entity
        if not self.processes:
            return []
        return engine().run(lambda s: read_courses(s, caller, entity, record=record))

    def _approved_as(self, record: Record) -> str:
        """The status reason for which the record stays as it is; "" where it may be changed."""
        option = option_of(self.entity, record.get("statuscode"))
        return option.label.text(self.language) if option and option.approval else ""

    def status_options(self, record: Record) -> list[tuple[int, str]]:
        """The status reasons the record can be given; none if the caller may not."""
        offered = self.statuses(record.get("statuscode")) if self.can_edit else ()
        if len(offered) == 1:  # the one it has
            return []
        return [(option.value, option.label.text(self.language)) for option in offered]


def _may_hold() -> bool:
    caller = signed_in()
    return caller.may(Miscellaneous.ERASE) and caller.supporter is None


def _asked(attribute: str) -> Asked:
    purpose = stated_purpose.sent(purposes())
    if not purpose:
        problem = gettext("Choose or write the purpose, then show the value.")
        return Asked(attribute, "", {"purpose": problem})
    unproven = step_up.problem(step_up.FOR_A_VALUE)
    return Asked(attribute, purpose, {"proof": unproven} if unproven else {})


def _file(value: FileValue) -> Response:
    return Response(
        value.content,
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(value.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        },
    )
