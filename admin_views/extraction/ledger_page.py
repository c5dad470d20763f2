"""The ledger of extracts (持ち出し台帳): what left in a period, whoever took it; for print."""

from datetime import date, timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.extraction.showing import Shown, full_names, show
from admin_views.guarding import GuardedView
from admin_views.identity import current_caller
from admin_views.language import start_of_day
from admin_views.signed_in import signed_in
from exchange.extracts.ledger import MOST_ENTRIES, read_ledger
from extensions import engine
from models.records.service import RecordService
from models.security.contracts import today
from models.security.privileges import Miscellaneous

READERS = (Miscellaneous.READ_AUDIT, Miscellaneous.APPROVE_EXPORT)
FIRST_MONTH = 4
"""Of the fiscal year: the ledger begins with it unless another day is asked for."""


class LedgerPage(GuardedView):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and any(caller.may(privilege) for privilege in READERS)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        since = request.args.get("since", "").strip() or _fiscal_year(today()).isoformat()
        until = request.args.get("until", "").strip()
        last = start_of_day(until)

        def read(service: RecordService) -> tuple[list[Shown], int]:
            ledger = read_ledger(
                service,
                caller,
                since=start_of_day(since),
                until=None if last is None else last + timedelta(days=1),
            )
            names = full_names(service, ledger.entries)
            return [show(entry, names) for entry in ledger.entries], ledger.count

        entries, count = engine().run(read)
        return self.render(
            "admin/extraction/ledger.html",
            entries=entries,
            count=count,
            most=MOST_ENTRIES,
            since=since,
            until=until,
            printed_on=today().isoformat(),
        )


def _fiscal_year(day: date) -> date:
    """The first day of the fiscal year that the day is in."""
    return date(day.year - (day.month < FIRST_MONTH), FIRST_MONTH, 1)
