"""Which records might go with one: a page of suggestions, with what each has in common with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.records.mail_pages import MailPages
from admin_views.records.reading import identifier
from admin_views.records.showing import show
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound
from models.metadata.suggestion_checking import lookups_to
from models.metadata.suggestions import SuggestionRule
from models.records.service import RecordService
from models.records.suggesting import Suggestion, Suggestions, suggestions
from models.security.privileges import Privilege


@dataclass(frozen=True, slots=True)
class Line:
    """One suggestion, as the table's row says."""

    url: str
    name: str
    values: tuple[tuple[str, bool], ...]
    """By trait what the candidate has, and whether that is shared."""
    joined_url: str
    join_url: str


class SuggestionPages(MailPages):
    @expose("/suggestions/")
    def suggestions_view(self) -> ResponseReturnValue:
        self.require(Privilege.READ)
        rule = self._rule(request.args.get("rule", ""))
        record_id, caller = identifier(request.args.get("id", "")), signed_in()
        opened = self.open(str(record_id))

        def work(service: RecordService) -> Suggestions:
            return suggestions(service, caller, rule, record_id)

        found = engine().run(work)
        others = engine().catalog.entity(rule.candidates)
        return self.render(
            "admin/model/suggestions.html",
            opened=opened,
            record_id=record_id,
            title=rule.display_name.text(self.language),
            labels=[
                others.attributes[t.other].display_name.text(self.language) for t in found.asked
            ],
            lines=[self._line(rule, found, one, record_id) for one in found.found],
            others=others.display_collection_name.text(self.language),
            more=found.more,
            is_asked=bool(found.asked),
        )

    def suggests(self) -> list[tuple[str, str]]:
        """Name and label of the rules whose page leads somewhere; asked by the record's page."""
        return [
            (rule.name, rule.display_name.text(self.language))
            for rule in engine().catalog.suggestions_for(self.entity.logical_name)
            if signed_in().has(rule.candidates, Privilege.READ)
        ]

    def _rule(self, name: str) -> SuggestionRule:
        rule = engine().catalog.suggestion_rules.get(name)
        if rule is None or rule.entity != self.entity.logical_name:
            raise RecordNotFound("no such suggestions")
        return rule

    def _line(
        self, rule: SuggestionRule, found: Suggestions, one: Suggestion, record_id: UUID
    ) -> Line:
        others = engine().catalog.entity(rule.candidates)
        other_id, name = one.record["id"], one.record.get(others.primary_name)
        values = tuple(
            (self._text(others, trait.other, one.record.get(trait.other)), trait in one.shared)
            for trait in found.asked
        )
        joined: dict[str, Any] = {"entity": rule.joined_by, "id": one.joined}
        return Line(
            url=url_for("records.details_view", entity=rule.candidates, id=other_id),
            name="" if name is None else str(name),
            values=values,
            joined_url=url_for("records.details_view", **joined) if one.joined else "",
            join_url=self._join_url(rule, record_id, other_id),
        )

    def _join_url(self, rule: SuggestionRule, record_id: UUID, other_id: object) -> str:
        """To a new record that brings both together, with both chosen; "" for who may not."""
        if not rule.joined_by or not signed_in().has(rule.joined_by, Privilege.CREATE):
            return ""
        joining = engine().catalog.entity(rule.joined_by)
        (mine,), (theirs,) = (lookups_to(joining, e) for e in (rule.entity, rule.candidates))
        chosen: dict[str, Any] = {mine: record_id, theirs: other_id}
        return url_for("records.create_view", entity=rule.joined_by, **chosen)

    def _text(self, entity: EntityDefinition, name: str, value: object) -> str:
        return show(entity.attributes[name], value, language=self.language, names={}).text
