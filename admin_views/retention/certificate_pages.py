"""The certificate of an erasure: as a page, as a PDF where that can be made, and as signed."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.guarding import GuardedView
from admin_views.papers.files import PDF, require_format, write
from admin_views.records.reading import identifier
from admin_views.retention import words
from admin_views.retention.paper import paper_of
from admin_views.retention.reading import Shown, read_erasure
from admin_views.signed_in import signed_in
from exchange.papers import pdf
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.records.erasing import certificates


class CertificatePages(GuardedView):
    @expose("/certificate/")
    def certificate(self) -> ResponseReturnValue:
        found = self._certified()
        return self._drawn(
            "certificate",
            shown=found,
            paper=paper_of(found),
            has_pdf=pdf.can_be_made(),
            key=certificates.signer_of(engine().keyring).verifier.pem,
        )

    @expose("/certificate/pdf/")
    def pdf(self) -> ResponseReturnValue:
        return write(paper_of(self._certified()), require_format(PDF)).answer("erasure")

    @expose("/certificate/file/")
    def file(self) -> ResponseReturnValue:
        """As it was signed, to the byte."""
        row = self._certified().row
        named = f"attachment; filename=erasure-{row.id}.json"
        headers = {"Content-Disposition": named}
        return Response(row.certificate, mimetype="application/json", headers=headers)

    def _certified(self) -> Shown:
        caller, asked = signed_in(), identifier(request.args.get("id", ""))
        found = engine().run(lambda service: read_erasure(service, caller, asked))
        if not found.row.certificate:
            raise RecordNotFound("certificate")
        return found

    def _drawn(self, page: str, **arguments: object) -> str:
        return self.render(
            f"admin/retention/{page}.html",
            states=words.states(),
            actions=words.actions(),
            **arguments,
        )
