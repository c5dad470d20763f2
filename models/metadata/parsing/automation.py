"""Mail templates, workflows, recurrences and masking rules from what was stated."""

from models.metadata.components import MASK, MailTemplate, MaskingRule, Recurrence, Workflow
from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import Stated


def parse_mail_template(name: str, stated: Stated) -> MailTemplate:
    template = MailTemplate(
        name=name,
        entity=stated.text("entity"),
        subject=stated.label("subject"),
        body=stated.label("body"),
        display_name=stated.label("display_name", name),
    )
    stated.finish()
    return template


def parse_workflow(name: str, stated: Stated) -> Workflow:
    workflow = Workflow(
        name=name,
        entity=stated.text("entity"),
        status=stated.integer("status"),
        template=stated.text("template"),
        to=stated.text("to"),
        previous=None if stated.value("from", None) is None else stated.integer("from"),
        language=stated.text("language", ""),
    )
    stated.finish()
    return workflow


def parse_recurrence(name: str, stated: Stated) -> Recurrence:
    parameters = stated.part("parameters")
    recurrence = Recurrence(
        name=name,
        kind=stated.text("kind"),
        rule=stated.text("rule"),
        display_name=stated.label("display_name", name),
        parameters=dict(parameters.mapping) if parameters else {},
    )
    stated.finish()
    return recurrence


def parse_masking_rule(name: str, stated: Stated) -> MaskingRule:
    has_replacement = stated.value("replacement", None) is not None
    rule = MaskingRule(
        name=name,
        pattern=stated.text("pattern"),
        replacement=stated.text("replacement", "") if has_replacement else None,
        mask=stated.text("mask", MASK),
    )
    if has_replacement and stated.value("mask", None) is not None:
        raise DefinitionError("either mask or replacement, not both", where=stated.where)
    stated.finish()
    return rule
