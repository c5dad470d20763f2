"""Where the data of a file leaves the system: mails, files of extracts, public views."""

from collections.abc import Iterator

from exchange.extracts.rule import MOST_CONFIDENTIAL
from exchange.papers.known import Known, personal
from exchange.papers.paper import NONE
from models.metadata.components import Workflow
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.metadata.templates import placeholders
from models.security.privileges import Miscellaneous, Privilege

MAIL = Label(
    "メール「{name}」（宛先：{to}、本文の個人情報：{told}）",
    "Mail “{name}” (to: {to}; personal data in it: {told})",
)
EXPORT = Label("ファイル出力（{roles}。{rule}）", "Extract as a file ({roles}; {rule})")
ALWAYS = Label("すべて別の者の承認が必要", "always with another person’s approval")
PERSONAL_ONLY = Label(
    "個人情報を含む場合は別の者の承認が必要", "with another person’s approval for personal data"
)
EXCEPT = Label("{roles}を除く", "except {roles}")
PUBLIC = Label(
    "公開ページ「{name}」（項目：{items}。公開には2人の確認が必要）",
    "Public view “{name}” (items: {items}; published by two people)",
)


def mailed(known: Known, entity: EntityDefinition) -> Iterator[str]:
    """The mails that workflows send about records, and what stands in them."""
    for workflow in known.catalog.workflows:
        template = known.catalog.mail_templates.get(workflow.template)
        if workflow.entity != entity.logical_name or template is None:
            continue
        texts = (template.subject, template.body)
        named = {
            one for text in texts for said in (text.ja, text.en) for one in placeholders(said)
        }
        told = [
            known.say(one.display_name) for one in personal(entity) if one.logical_name in named
        ]
        yield known.say(MAIL).format(
            name=known.say(template.display_name) or template.name,
            to=_addressed(known, entity, workflow),
            told=_listed(known, told),
        )


def exported(known: Known, entity: EntityDefinition) -> Iterator[str]:
    """Who may take records out as a file, and on whose word."""
    rights = known.rights
    readers = rights.with_privilege(Privilege.READ, entity.logical_name)
    roles = [one for one in rights.with_privilege(Miscellaneous.EXPORT) if one in readers]
    if not roles:
        return
    free = rights.with_privilege(Miscellaneous.EXPORT_WITHOUT_APPROVAL)
    free = [one for one in free if one in roles]
    rule = known.say(PERSONAL_ONLY)
    if entity.classification >= MOST_CONFIDENTIAL:
        rule, free = known.say(ALWAYS), []
    if free:
        rule += f" ({known.say(EXCEPT).format(roles=rights.named(free, known.language))})"
    yield known.say(EXPORT).format(roles=rights.named(roles, known.language), rule=rule)


def published(known: Known, entity: EntityDefinition) -> Iterator[str]:
    for view in known.catalog.public_views_of(entity.logical_name):
        items = [
            known.say(one.display_name)
            for one in entity.attributes.values()
            if one.logical_name in view.attributes
        ]
        name = known.say(view.display_name)
        yield known.say(PUBLIC).format(name=name, items=_listed(known, items))


def _addressed(known: Known, entity: EntityDefinition, workflow: Workflow) -> str:
    attribute = entity.attributes.get(workflow.to)
    return known.say(attribute.display_name) if attribute else workflow.to


def _listed(known: Known, texts: list[str]) -> str:
    comma = ", " if known.language == "en" else "、"
    return comma.join(texts) or known.say(NONE)
