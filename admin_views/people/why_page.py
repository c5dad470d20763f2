"""Why may somebody do this, or why not: the page that tells the rules, for who manages users."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.people.choices import Choice, read_everybody
from admin_views.people.why_form import AskedWhy
from admin_views.signed_in import signed_in
from extensions import engine
from models.records import why
from models.records.why import ON_RECORDS
from models.records.why.asking import RIGHT_OF
from models.security.findings import Explanation
from models.security.labels import PRIVILEGES
from models.security.privileges import Miscellaneous, Privilege

ON_ATTRIBUTES: tuple[Privilege | Miscellaneous, ...] = (*RIGHT_OF, *ON_RECORDS)


class WhyPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """A question is in the address, so that it can be asked again; each asking is audited."""
        catalog = engine().catalog
        asked = AskedWhy.read(request.args, catalog)
        told = _told(asked)
        people = engine().run(lambda s: read_everybody(s.transaction))
        page = self.render(
            "admin/people/why.html",
            asked=asked,
            told=told,
            question=_question(asked, people),
            catalog=catalog,
            language=language(),
            people=people,
            privileges=[(str(one), PRIVILEGES[one]) for one in Privilege],
            miscellaneous=[(str(one), PRIVILEGES[one]) for one in Miscellaneous],
            on_attributes=[PRIVILEGES[one].text(language()) for one in ON_ATTRIBUTES],
        )
        return page, 400 if asked.problems else 200


def _told(asked: AskedWhy) -> Explanation | None:
    if asked.why is None:
        return None
    caller, question = signed_in(), asked.why
    return engine().run(lambda service: why.explain(service.unit, caller, question))


def _question(asked: AskedWhy, people: Sequence[Choice]) -> str:
    """Who, what, of what: above the answer."""
    speaks, found = language(), asked.why
    if found is None:
        return ""
    parts = [one.label for one in people if one.id == found.user]
    parts.append(PRIVILEGES[found.privilege].text(speaks))
    if found.entity:
        entity = engine().catalog.entity(found.entity)
        parts.append(entity.display_name.text(speaks))
        if found.attribute:
            parts.append(entity.attributes[found.attribute].display_name.text(speaks))
    return " / ".join(parts)
