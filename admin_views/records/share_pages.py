"""Sharing on a record's page: with whom, with which rights; given, changed, taken back.

What may be shared, and by whom, the record service decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.records.change_pages import ChangePages
from admin_views.records.reading import Opened, identifier
from admin_views.records.sharing import read_sharing, receivers, words
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import AccessDenied, RecordNotFound
from models.records.service import RecordService
from models.records.sharing import Share
from models.security.privileges import Privilege

GRANT, MODIFY, REVOKE = ACTS = ("grant", "modify", "revoke")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asked for, kept for the next try, with what is wrong."""

    act: str = ""
    receiver: str = ""
    rights: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    """By control: `receiver`, `rights`."""

    @classmethod
    def sent(cls) -> "Wanted":
        act, receiver = request.form.get("act", ""), request.form.get("receiver", "")
        rights = tuple(request.form.getlist("rights"))
        problems = {}
        if act == GRANT and not receiver:
            problems["receiver"] = gettext("Choose with whom the record is shared.")
        if act != REVOKE and not rights:
            problems["rights"] = gettext("Choose one right at least.")
        return cls(act, receiver, rights, problems)

    @property
    def share(self) -> Share:
        """RecordNotFound, AccessDenied for what no form of ours sends."""
        try:
            rights = frozenset(Privilege(one) for one in self.rights)
        except ValueError as error:
            raise AccessDenied("sharing what is no right") from error
        return Share(identifier(self.receiver), rights)


class SharePages(ChangePages):
    @expose("/share/", methods=("GET", "POST"))
    def share_view(self) -> ResponseReturnValue:
        self.require(Privilege.SHARE)
        if not self.can_share:
            raise AccessDenied(f"sharing {self.entity.logical_name}")
        opened = self.open(request.values.get("id", ""))
        if request.method == "GET":
            return self._sharing(opened, Wanted())
        wanted = Wanted.sent()
        if wanted.problems:
            return self._sharing(opened, wanted), 400
        record_id = identifier(str(opened.record["id"]))
        goes_on = engine().run(lambda service: self._do(service, record_id, wanted))
        flash(_done(wanted.act), "success")
        page = ".share_view" if goes_on else ".details_view"
        return redirect(self.get_url(page, id=record_id))

    def may_share(self, record_id: UUID) -> bool:
        """Whether the caller may share this very record."""
        if not self.can_share:
            return False
        caller, name = signed_in(), self.entity.logical_name
        return engine().run(lambda s: s.sharing(caller, name, [record_id]).is_allowed())

    def _do(self, service: RecordService, record_id: UUID, wanted: Wanted) -> bool:
        """Whether the caller may still share the record afterwards."""
        caller, share = signed_in(), wanted.share
        sharing = service.sharing(caller, self.entity.logical_name, [record_id])
        shared = {one.principal for one in sharing.shares()}
        if wanted.act == GRANT:
            offered = {one.id for one in receivers(service.transaction, caller)}
            if share.principal not in offered:
                raise AccessDenied(f"sharing {self.entity.logical_name} with that receiver")
            sharing.grant(share)
        elif wanted.act not in ACTS or share.principal not in shared:
            raise RecordNotFound("no such share")
        elif wanted.act == MODIFY:
            sharing.modify(share)
        else:
            sharing.revoke(share.principal)
        return sharing.is_allowed()

    def _sharing(self, opened: Opened, wanted: Wanted) -> str:
        caller, entity = signed_in(), self.entity
        record_id = identifier(str(opened.record["id"]))
        shared = engine().run(
            lambda s: read_sharing(s, caller, entity=entity, record_id=record_id)
        )
        return self.render(
            "admin/model/share.html", opened=opened, shared=shared, wanted=wanted, words=words()
        )


def _done(act: str) -> str:
    if act == GRANT:
        return gettext("The record is shared. It holds from the receiver's next request.")
    if act == MODIFY:
        return gettext("The share was changed. It holds from the receiver's next request.")
    return gettext("The share was taken back. It holds from the receiver's next request.")
