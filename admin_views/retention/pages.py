"""The pages of retention: how it stands, an erasure with its decision and certificate, holds."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.identity import current_caller, step_up
from admin_views.language import language, read_day
from admin_views.records.reading import identifier
from admin_views.retention import deciding, words
from admin_views.retention.certificate_pages import CertificatePages
from admin_views.retention.deciding import Hold
from admin_views.retention.reading import (
    MOST_RECORDS,
    Overview,
    Shown,
    coming,
    hold_of,
    names_of_held,
    overview,
    read_erasure,
)
from admin_views.retention.second_person import is_first
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of, take
from extensions import engine
from jobs.retention.carrying_out import is_done_by_day
from models.metadata.errors import (
    ConcurrencyConflict,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.records.service import RecordService
from models.security.privileges import Miscellaneous, Privilege
from models.tables.retention import LONGEST_REASON, PROPOSED

EITHER = (Miscellaneous.ERASE, Miscellaneous.READ_AUDIT)


class RetentionPage(CertificatePages):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and any(caller.may(one) for one in EITHER)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()

        def read(service: RecordService) -> tuple[Overview, dict[UUID, str]]:
            found = overview(service)
            return found, names_of_held(service, caller, found.holds)

        found, names = engine().run(read)
        return self._drawn(
            "index",
            overview=found,
            names=names,
            period_of=words.period_of,
            called=_called,
            may_read=lambda entity: caller.has(entity, Privilege.READ),
        )

    @expose("/ahead/")
    def ahead(self) -> ResponseReturnValue:
        """Records that will be due, by the day, as far as the caller may read them."""
        caller = signed_in()
        rule = engine().catalog.retention_rules.get(request.args.get("rule", ""))
        if rule is None:
            raise RecordNotFound("rule of retention")
        found = engine().run(lambda service: coming(service, caller, rule))
        return self._drawn("ahead", rule=rule, records=found, most=MOST_RECORDS)

    @expose("/erasure/")
    def erasure(self) -> ResponseReturnValue:
        return self._page(identifier(request.args.get("id", "")))

    @expose("/erasure/approve/", methods=("POST",))
    def approve(self) -> ResponseReturnValue:
        asked, caller = identifier(request.form.get("id", "")), signed_in()
        at_once = is_done_by_day(engine().database)
        said = gettext("The erasure was approved. It is carried out now.")
        if not at_once:
            said = gettext("The erasure was approved. It is carried out tonight.")
        return self._decided(
            asked,
            lambda service: deciding.approve(service, caller, asked, at_once=at_once),
            said=said,
        )

    @expose("/erasure/reject/", methods=("POST",))
    def reject(self) -> ResponseReturnValue:
        asked, caller = identifier(request.form.get("id", "")), signed_in()
        reason = _one_line("reason")
        return self._decided(
            asked,
            lambda service: deciding.reject(service, caller, asked, reason=reason),
            said=gettext("The erasure was rejected. Nothing was erased."),
            proof=False,
        )

    @expose("/erasure/settle/", methods=("POST",))
    def settle(self) -> ResponseReturnValue:
        asked, caller = identifier(request.form.get("id", "")), signed_in()
        reason = _one_line("reason")
        return self._decided(
            asked,
            lambda service: deciding.settle(service, caller, asked, reason=reason),
            said=gettext("What was done is kept with the certificate."),
            proof=False,
        )

    @expose("/hold/")
    def hold(self) -> ResponseReturnValue:
        entity, record_id = _named()
        return self._hold_page(entity, record_id)

    @expose("/hold/place/", methods=("POST",))
    def place(self) -> ResponseReturnValue:
        caller, (entity, record_id) = signed_in(), _named()
        stated = _one_line("until")
        until = read_day(stated)
        wanted = Hold(entity=entity, record_id=record_id, reason=_one_line("reason"), until=until)
        try:
            if stated and until is None:
                raise ValidationFailed([Problem("until", "date", deciding.UNTIL)])
            engine().run(lambda service: deciding.hold(service, caller, wanted))
        except ValidationFailed as refused:
            return self._hold_page(entity, record_id, problems_of(refused)), 400
        except ConcurrencyConflict:
            flash(gettext("The record is on hold already."), "info")
        else:
            flash(gettext("The record is on hold. Nothing erases it."), "success")
        return redirect(self.get_url(".index"), 303)

    @expose("/hold/lift/", methods=("POST",))
    def lift(self) -> ResponseReturnValue:
        caller, (entity, record_id) = signed_in(), _named()
        asked, reason = identifier(request.form.get("hold", "")), _one_line("reason")
        problems = take(
            lambda service: deciding.lift(service, caller, asked, reason=reason),
            said=gettext("The hold was ended."),
            proof=True,
        )
        if problems:
            return self._hold_page(entity, record_id, problems), 400
        return redirect(self.get_url(".index"), 303)

    def _hold_page(
        self, entity: str, record_id: UUID, problems: Mapping[str, str] | None = None
    ) -> str:
        caller = signed_in()
        definition = engine().catalog.entity(entity)
        name = definition.primary_name or "versionnumber"

        def read(service: RecordService) -> tuple[object, object]:
            record = service.retrieve(caller, entity, record_id, columns=[name])
            return record.get(name), hold_of(service, record_id)

        title, held = engine().run(read)
        return self._drawn(
            "hold",
            entity=definition,
            record_id=record_id,
            title=title or "",
            held=held,
            problems=problems or {},
            typed=request.form,
            longest_reason=LONGEST_REASON,
            proof_within=step_up.FOR_MANY,
        )

    def _page(self, asked: UUID, problems: Mapping[str, str] | None = None) -> str:
        caller = signed_in()

        def read(service: RecordService) -> tuple[Shown, bool]:
            return read_erasure(service, caller, asked), is_first(service, caller, asked)

        found, has_part = engine().run(read)
        is_theirs = caller.may(Miscellaneous.ERASE) and caller.supporter is None
        return self._drawn(
            "erasure",
            shown=found,
            period=words.period(found.stated),
            outcomes=words.outcomes(),
            may_decide=is_theirs and found.row.state == PROPOSED,
            may_settle=is_theirs and found.is_unsettled,
            has_part=has_part,
            problems=problems or {},
            typed=request.form,
            longest_reason=LONGEST_REASON,
            proof_within=step_up.FOR_MANY,
        )

    def _decided(
        self,
        asked: UUID,
        act: Callable[[RecordService], None],
        *,
        said: str,
        proof: bool = True,
    ) -> ResponseReturnValue:
        deciding.require_own_name(signed_in())
        problems = take(act, said=said, proof=proof)
        if problems:
            return self._page(asked, problems), 400
        return redirect(self.get_url(".erasure", id=asked), 303)


def _named() -> tuple[str, UUID]:
    """Entity and id of the record to be held, for those who may."""
    deciding.require_own_name(signed_in())
    entity = request.values.get("entity", "")
    if entity not in engine().catalog.entities:
        raise RecordNotFound("entity")
    return entity, identifier(request.values.get("id", ""))


def _called(row: Any) -> str:
    """The rule of an erasure, as it was called then."""
    return str(json.loads(row.stated)[language()])


def _one_line(name: str) -> str:
    return " ".join(request.form.get(name, "").split())
