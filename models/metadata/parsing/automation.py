"""Mail templates, workflows, recurrences and masking rules from what was stated."""

import re

from models.metadata.components import MailTemplate, MaskingRule, Recurrence, Workflow
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
    pattern = stated.text("pattern")
    rule = MaskingRule(name=name, pattern=pattern, replacement=stated.text("replacement", ""))
    try:
        re.compile(pattern).sub(rule.replacement, "")
    except (re.error, IndexError) as error:
        raise DefinitionError(f"pattern or replacement: {error}", where=stated.where) from error
    stated.finish()
    return rule
