"""The published metadata as one immutable value; replaced whole when a new version is live.

It does not know the database it was read from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.metadata.business_rules import NO_RULES, BusinessRule, RuleBook
from models.metadata.components import (
    FormDefinition,
    MailTemplate,
    MaskingRule,
    Recurrence,
    ViewDefinition,
    Workflow,
)
from models.metadata.dashboards import ChartDefinition, DashboardDefinition
from models.metadata.definitions import EntityDefinition, OptionSet
from models.metadata.duplicate_rules import DuplicateRule
from models.metadata.errors import DefinitionError
from models.metadata.homes import HomeDefinition
from models.metadata.privacy import PrivacyDefinition
from models.metadata.processes import ProcessDefinition
from models.metadata.public_views import PublicViewDefinition
from models.metadata.relationships import ManyToMany, OneToMany
from models.metadata.retention import RetentionRule
from models.metadata.rollups import RolledUp
from models.metadata.suggestions import SuggestionRule
from models.metadata.tables import CompiledTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    version: int
    entities: Mapping[str, EntityDefinition]
    tables: CompiledTables
    option_sets: Mapping[str, OptionSet] = field(default_factory=dict)
    one_to_many: tuple[OneToMany, ...] = ()
    many_to_many: Mapping[str, ManyToMany] = field(default_factory=dict)
    views: Mapping[str, ViewDefinition] = field(default_factory=dict)
    forms: Mapping[str, FormDefinition] = field(default_factory=dict)
    mail_templates: Mapping[str, MailTemplate] = field(default_factory=dict)
    workflows: tuple[Workflow, ...] = ()
    recurrences: tuple[Recurrence, ...] = ()
    masking_rules: Mapping[str, MaskingRule] = field(default_factory=dict)
    processes: Mapping[str, ProcessDefinition] = field(default_factory=dict)
    charts: Mapping[str, ChartDefinition] = field(default_factory=dict)
    dashboards: Mapping[str, DashboardDefinition] = field(default_factory=dict)
    duplicate_rules: Mapping[str, DuplicateRule] = field(default_factory=dict)
    public_views: Mapping[str, PublicViewDefinition] = field(default_factory=dict)
    suggestion_rules: Mapping[str, SuggestionRule] = field(default_factory=dict)
    business_rules: Mapping[str, BusinessRule] = field(default_factory=dict)
    """As they were stated."""
    rule_books: Mapping[str, RuleBook] = field(default_factory=dict)
    """The same by entity, ready to be asked."""
    homes: Mapping[str, HomeDefinition] = field(default_factory=dict)
    retention_rules: Mapping[str, RetentionRule] = field(default_factory=dict)
    privacies: Mapping[str, PrivacyDefinition] = field(default_factory=dict)
    """By solution."""
    rollups: Mapping[str, tuple[RolledUp, ...]] = field(default_factory=dict)
    """By the entity whose records point: what follows from them in the records pointed to."""

    def entity(self, name: str) -> EntityDefinition:
        """The entity of that logical name; DefinitionError if there is none."""
        found = self.entities.get(name)
        if found is None:
            raise DefinitionError(f"there is no entity {name!r}")
        return found

    def relationship(self, name: str) -> ManyToMany:
        """The N:N relationship of that name; DefinitionError if there is none."""
        found = self.many_to_many.get(name)
        if found is None:
            raise DefinitionError(f"there is no N:N relationship {name!r}")
        return found

    def views_of(self, entity: str) -> tuple[ViewDefinition, ...]:
        """The entity's views, the default one first."""
        views = [view for view in self.views.values() if view.entity == entity]
        return tuple(sorted(views, key=lambda view: (not view.is_default, view.name)))

    def main_form(self, entity: str) -> FormDefinition | None:
        forms = (f for f in self.forms.values() if f.entity == entity and f.kind == "main")
        return next(forms, None)

    def public_form(self, name: str) -> FormDefinition | None:
        form = self.forms.get(name)
        return form if form is not None and form.kind == "public" else None

    def self_service_of(self, entity: str) -> FormDefinition | None:
        """The public form by which applicants follow their records of that entity, if one is."""
        forms = (f for f in self.forms.values() if f.entity == entity and f.self_service)
        return next(forms, None)

    def awaited_statuses(self, entity: str) -> frozenset[int]:
        """The status reasons in which a public form's record waits to be confirmed by mail."""
        return frozenset(
            form.confirmation.pending_status
            for form in self.forms.values()
            if form.entity == entity and form.kind == "public" and form.confirmation is not None
        )

    def processes_of(self, entity: str) -> tuple[ProcessDefinition, ...]:
        return tuple(one for one in self.processes.values() if one.entity == entity)

    def regarding(self, activity: str) -> EntityDefinition | None:
        """The entity about whose records activities of that name are; None if they are none."""
        return next((e for e in self.entities.values() if e.activity_entity == activity), None)

    def privacy_of(self, entity: str) -> PrivacyDefinition:
        """What the entity's solution states for the law's papers; nothing but defaults, if so."""
        stated = (one for one in self.privacies.values() if entity in one.entities)
        return next(stated, PrivacyDefinition(name=""))

    def duplicate_rules_of(self, entity: str) -> tuple[DuplicateRule, ...]:
        return tuple(one for one in self.duplicate_rules.values() if one.entity == entity)

    def suggestions_for(self, entity: str) -> tuple[SuggestionRule, ...]:
        return tuple(one for one in self.suggestion_rules.values() if one.entity == entity)

    def retention_of(self, entity: str) -> tuple[RetentionRule, ...]:
        return tuple(one for one in self.retention_rules.values() if one.entity == entity)

    def rules_of(self, entity: str) -> RuleBook:
        return self.rule_books.get(entity, NO_RULES)

    def public_views_of(self, entity: str) -> tuple[PublicViewDefinition, ...]:
        return tuple(one for one in self.public_views.values() if one.entity == entity)

    def parents_of(self, entity: str) -> tuple[OneToMany, ...]:
        """By which its records belong to others."""
        return tuple(r for r in self.one_to_many if r.referencing == entity and r.is_parental)

    def forms_about(self, public_view: str) -> tuple[FormDefinition, ...]:
        """Public forms that answer what the view tells."""
        about = ((form, form.answers) for form in self.forms.values())
        return tuple(form for form, one in about if one and one.public_view == public_view)

    def references_to(self, entity: str) -> tuple[OneToMany, ...]:
        return tuple(r for r in self.one_to_many if r.referenced == entity)
