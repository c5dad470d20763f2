"""A mail to the person a record is about: written, checked as it will be sent, sent.

Its text may come from a template of the solution; who writes sees the address as far as their
role shows it.
"""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.people.entering import Entered
from admin_views.records.duplicate_pages import DuplicatePages
from admin_views.records.reading import Opened, identifier
from admin_views.signed_in import signed_in
from extensions import engine
from jobs import office_mails
from jobs.office_mails import OfficeMail
from models.metadata.components import MailTemplate
from models.metadata.errors import ValidationFailed
from models.metadata.labels import LANGUAGES
from models.security.privileges import Privilege

CONTROLS = ("to", "subject", "body", "language")
CHECKED = "checked"
LANGUAGE_NAMES = {"ja": "日本語", "en": "English"}
"""As each calls itself."""


class MailPages(DuplicatePages):
    @expose("/mail/", methods=("GET", "POST"))
    def mail_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        opened = self.open(request.values.get("id", ""))
        if request.method == "GET":
            return self._write(opened, self._begun(opened))
        entered = Entered({name: (request.form.get(name, ""),) for name in CONTROLS})
        mail = self._mail(opened, entered)
        caller = signed_in()
        try:
            if request.form.get("step") != CHECKED:
                subject, body = engine().run(lambda s: office_mails.filled(s, caller, mail))
                return self._check(opened, entered, subject=subject, body=body)
            if request.form.get("change"):
                return self._write(opened, entered)
            engine().run(lambda service: office_mails.send(service, caller, mail))
        except ValidationFailed as error:
            return self._write(opened, entered.explained(error)), 400
        flash(gettext("The mail will be sent. It is kept among the activities."), "success")
        return redirect(self.get_url(".details_view", id=mail.record_id), 303)

    def _begun(self, opened: Opened) -> Entered:
        """Empty, or as the template that was chosen says it; in the person's language, if no other
        was chosen."""
        wanted, language = (request.args.get(name, "") for name in ("template", "language"))
        if language not in LANGUAGES:
            caller, entity = signed_in(), self.entity.logical_name
            record_id = identifier(str(opened.record["id"]))
            language = engine().run(
                lambda s: office_mails.language_of(s, caller, entity, record_id)
            )
        template = next((one for one in self._templates() if one.name == wanted), None)
        subject = template.subject.text(language) if template else ""
        body = template.body.text(language) if template else ""
        said = {"template": wanted, "language": language, "subject": subject, "body": body}
        return Entered.sent_again(said)

    def _templates(self) -> list[MailTemplate]:
        """Those whose places a mail of the office can fill."""
        entity = self.entity
        known = engine().catalog.mail_templates.values()
        return [
            one
            for one in known
            if one.entity == entity.logical_name and not _unfillable(entity.logical_name, one)
        ]

    def _mail(self, opened: Opened, entered: Entered) -> OfficeMail:
        return OfficeMail(
            entity=self.entity.logical_name,
            record_id=identifier(str(opened.record["id"])),
            to=entered.text("to"),
            subject=entered.text("subject"),
            body=entered.text("body").replace("\r\n", "\n"),
            language=language if (language := entered.text("language")) in LANGUAGES else "ja",
        )

    def _write(self, opened: Opened, entered: Entered) -> str:
        return str(
            self.render(
                "admin/model/mail.html",
                opened=opened,
                entered=entered,
                addresses=office_mails.addresses(signed_in(), self.entity),
                templates=self._templates(),
                longest=office_mails.LONGEST,
                languages=LANGUAGE_NAMES,
            )
        )

    def _check(self, opened: Opened, entered: Entered, *, subject: str, body: str) -> str:
        return str(
            self.render(
                "admin/model/mail_check.html",
                opened=opened,
                entered=entered,
                subject=subject,
                body=body,
            )
        )


def _unfillable(entity: str, template: MailTemplate) -> bool:
    definition = engine().catalog.entity(entity)
    said = (template.subject, template.body)
    texts = [one.text(language) for one in said for language in LANGUAGES]
    return any(office_mails.wrong_place(definition, text) for text in texts)
