"""電子計算機処理する情報項目: every item of personal data, how it comes in, how it is kept and who
sees it; and the sealed texts in which personal data may stand unasked.
"""

from collections.abc import Iterator

from exchange.papers.keeping import kept
from exchange.papers.known import Known
from exchange.papers.paper import Paper, Section, joined
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label

TITLE = Label("電子計算機処理する情報項目", "Items of personal data processed by computer")
INTRODUCTION = Label(
    "個人情報として定義した項目と、個人情報が書かれることがあるため暗号化した項目の一覧です。"
    "システムの定義から作成しています。",
    "The items defined as personal data, and the texts that are sealed since personal data may be "
    "written in them. Made from the definitions of the system.",
)
COLUMNS = (
    Label("情報項目", "Item"),
    Label("区分", "Kind"),
    Label("収集の方法", "How it comes in"),
    Label("保管の方法", "How it is kept"),
    Label("閲覧できる者", "Who sees it"),
)
PERSONAL = Label("個人情報", "Personal data")
SEALED = Label("個人情報を含むことがある項目", "May contain personal data")
BY_FORM = Label("公開フォーム「{name}」（本人が入力）", "Public form “{name}” (by the person)")
BY_STAFF = Label("職員等が入力（{name}）", "Entered by staff ({name})")
OF_MAILS = Label("返信メールの取り込み", "Taken from mails that come back")
UNDEFINED = Label("個人情報の項目はありません。", "There is no personal data.")


def items(known: Known) -> Paper:
    sections = tuple(_sections(known))
    return Paper(
        title=known.say(TITLE),
        introduction=known.say(INTRODUCTION if sections else UNDEFINED),
        columns=tuple(map(known.say, COLUMNS)),
        sections=sections,
    )


def _sections(known: Known) -> Iterator[Section]:
    for entity in known.catalog.entities.values():
        rows = tuple(
            _row(known, entity, attribute)
            for attribute in entity.attributes.values()
            if attribute.personal or attribute.sealed
        )
        if rows:
            yield Section(known.say(entity.display_collection_name), rows)


def _row(
    known: Known, entity: EntityDefinition, attribute: AttributeDefinition
) -> tuple[str, ...]:
    speaks = known.language
    return (
        known.say(attribute.display_name),
        known.say(PERSONAL if attribute.personal else SEALED),
        joined(ways_in(known, entity, attribute), speaks),
        joined(kept(known, entity, attribute), speaks),
        joined(known.rights.seers(entity, attribute, speaks), speaks),
    )


def ways_in(
    known: Known, entity: EntityDefinition, attribute: AttributeDefinition
) -> Iterator[str]:
    for form in known.public_forms(entity):
        if attribute.logical_name in form.attributes:
            yield known.say(BY_FORM).format(name=known.say(form.title))
    roles = known.rights.enterers(entity, attribute)
    if roles:
        yield known.say(BY_STAFF).format(name=known.rights.named(roles, known.language))
    if known.catalog.regarding(entity.logical_name) is not None:
        yield known.say(OF_MAILS)
