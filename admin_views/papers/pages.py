"""The pages of the papers, for those who answer for personal data: which there are, and each."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.guarding import GuardedView
from admin_views.identity import current_caller
from admin_views.language import language
from admin_views.papers.files import PaperFile, paper_formats, require_format, write
from admin_views.papers.reading import may_read, offered_papers, watched_files
from admin_views.signed_in import signed_in
from exchange.papers.all_papers import read_paper
from exchange.papers.known import Known
from extensions import engine
from models.records.service import RecordService
from models.security.contracts import today


class PapersPage(GuardedView):
    def is_accessible(self) -> bool:
        caller = current_caller()
        return caller is not None and may_read(caller)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        speaks = language()
        known = engine().run(lambda service: Known.read(service, speaks))
        return self.render(
            "admin/papers/list.html",
            papers=offered_papers(known),
            watched=list(watched_files(known.counted, speaks)),
        )

    @expose("/<paper>/")
    def show(self, paper: str) -> ResponseReturnValue:
        speaks = language()
        found = engine().run(lambda service: read_paper(service, paper, language=speaks))
        return self.render(
            "admin/papers/paper.html",
            paper=found,
            name=paper,
            formats=paper_formats(),
            made_on=today(),
        )

    @expose("/<paper>/file/", methods=("POST",))
    def file(self, paper: str) -> ResponseReturnValue:
        """The paper as it stands, in the reader's language; noted in the audit."""
        caller, speaks = signed_in(), language()
        format = require_format(request.form.get("format", ""))

        def make(service: RecordService) -> PaperFile:
            made = write(read_paper(service, paper, language=speaks), format)
            service.audit(caller, "write_paper", paper=paper, format=format, sha256=made.sha256)
            return made

        return engine().run(make).answer(f"paper_{paper}")
