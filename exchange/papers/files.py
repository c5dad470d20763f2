"""個人情報ファイル簿 (draft): the items of 個人情報の保護に関する法律 75条, for each file.

What neither metadata nor the solution's `privacy` knows is marked to be filled in.
"""

from collections.abc import Iterator

from exchange.papers.counting import Counted, Reach
from exchange.papers.items import ways_in
from exchange.papers.known import Known, personal
from exchange.papers.paper import NONE, TO_FILL_IN, Paper, Section, joined
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label

TITLE = Label("個人情報ファイル簿（案）", "Register of files of personal data (draft)")
INTRODUCTION = Label(
    "個人情報の保護に関する法律第75条の記載事項を、システムの定義とソリューションの privacy から"
    "作成した案です。公表の前に、担当部署で内容を確認してください。",
    "A draft of what Article 75 of the Act on the Protection of Personal Information asks for, "
    "made from the definitions and from the solution's “privacy”. To be checked by the section in "
    "charge before it is published.",
)
COLUMNS = (Label("項目", "Item"), Label("内容", "Content"))
NAME = Label("個人情報ファイルの名称", "Name of the file")
ORGAN = Label("行政機関等の名称", "Administrative organ")
UNIT = Label(
    "個人情報ファイルが利用に供される事務をつかさどる組織の名称", "Section that works with it"
)
PURPOSE = Label("個人情報ファイルの利用目的", "Purpose of use")
ITEMS = Label("記録項目", "Items recorded")
PERSONS = Label("本人として記録される個人の範囲（記録範囲）", "Persons it is about")
COLLECTED = Label("記録情報の収集方法", "How the data are collected")
SENSITIVE = Label("要配慮個人情報の有無", "Data that need special care")
RECIPIENTS = Label("記録情報の経常的提供先", "Passed on regularly to")
REQUESTS = Label(
    "開示請求等を受理する組織の名称及び所在地",
    "Where disclosure, correction and stopping the use are asked for",
)
PROCEDURES = Label(
    "訂正及び利用停止に関する他の法令の規定による特別の手続等",
    "Special procedures of other laws for correction and stopping the use",
)
KIND = Label("個人情報ファイルの種別", "Kind of file")
PROPOSALS = Label(
    "行政機関等匿名加工情報の提案の募集", "Call for proposals on anonymised data (Article 109)"
)
COUNT = Label("本人の数（概数）", "Number of persons (about)")
REMARKS = Label("備考", "Remarks")
COMPUTERS = Label(
    "法第60条第2項第1号（電算処理ファイル）",
    "Article 60 paragraph 2 item 1 (searched by computer)",
)
SENSITIVITIES = {True: Label("含む", "Yes"), False: Label("含まない", "No"), None: TO_FILL_IN}
COUNTED = Label("{count:,}件", "{count:,} records")
HOW_COUNTED = Label(
    "本人の数は、メールアドレスの確認が済んだレコードの件数です。同じ人が2回申し込むと2件と"
    "数えるため、実際の人数はこれより少ないことがあります。",
    "The number of persons is that of the records with a confirmed address. Who applied twice "
    "counts twice: there may be fewer persons than that.",
)
REACHED = Label(
    "公表の対象となる{number:,}人に達しています。個人情報ファイル簿の作成及び公表が必要です。",
    "{number:,} persons are reached: the register has to be made and published.",
)
NEAR = Label(
    "{warn:,}人に達しています。{number:,}人に達すると、個人情報ファイル簿の作成及び公表が必要です。",
    "{warn:,} persons are reached: from {number:,} on the register has to be made and published.",
)
BELOW = Label(
    "公表の対象となる{number:,}人に達していません。", "Fewer than the {number:,} of the law."
)
WARNINGS = {Reach.REACHED: REACHED, Reach.NEAR: NEAR, Reach.BELOW: BELOW}


def files(known: Known) -> Paper:
    return Paper(
        title=known.say(TITLE),
        introduction=known.say(INTRODUCTION),
        columns=tuple(map(known.say, COLUMNS)),
        sections=tuple(_section(known, one) for one in known.counted),
    )


def warning(counted: Counted, language: str) -> str:
    """Where the file stands to the number of persons from which its register is published."""
    privacy = counted.privacy
    text = WARNINGS[counted.reach].text(language)
    return text.format(number=privacy.register_from, warn=privacy.warn_from)


def name_of(known: Known, entity: EntityDefinition) -> str:
    return known.say(known.file(entity).name) or known.say(entity.display_collection_name)


def purposes_of(known: Known, entity: EntityDefinition) -> Iterator[str]:
    """As the forms state them now; else as it is stated for the file."""
    forms = [form for form in known.public_forms(entity) if form.purpose is not None]
    for form in forms:
        if form.purpose is not None:
            yield known.say(form.purpose.text)
    if not forms:
        yield known.say(known.file(entity).purpose)


def collected(known: Known, entity: EntityDefinition) -> Iterator[str]:
    ways = (way for one in personal(entity) for way in ways_in(known, entity, one))
    yield from dict.fromkeys(ways)
    yield known.say(known.file(entity).collected_how)


def _section(known: Known, counted: Counted) -> Section:
    entity = counted.entity
    note = f"{warning(counted, known.language)} {known.say(HOW_COUNTED)}"
    rows = ((known.say(label), text) for label, text in _rows(known, counted))
    return Section(name_of(known, entity), tuple(rows), note)


def _rows(known: Known, counted: Counted) -> Iterator[tuple[Label, str]]:
    entity, privacy, speaks = counted.entity, counted.privacy, known.language
    file = known.file(entity)
    stated = [known.say(privacy.requests_to), known.say(privacy.requests_address)]
    yield NAME, name_of(known, entity)
    yield ORGAN, _or_open(known, known.say(privacy.organ))
    yield UNIT, _or_open(known, known.say(privacy.unit))
    yield PURPOSE, _or_open(known, "\n".join(filter(None, purposes_of(known, entity))))
    yield ITEMS, "\n".join(_numbered(known, entity))
    yield PERSONS, _or_open(known, known.say(file.persons))
    yield COLLECTED, joined(collected(known, entity), speaks)
    yield SENSITIVE, known.say(SENSITIVITIES[file.is_sensitive])
    yield RECIPIENTS, joined(map(known.say, file.recipients), speaks)
    yield REQUESTS, _or_open(known, "\n".join(filter(None, stated)))
    yield PROCEDURES, known.say(file.procedures) or known.say(NONE)
    yield KIND, known.say(COMPUTERS)
    yield PROPOSALS, _or_open(known, known.say(file.proposals))
    yield COUNT, known.say(COUNTED).format(count=counted.count)
    yield REMARKS, known.say(file.remarks)


def _numbered(known: Known, entity: EntityDefinition) -> Iterator[str]:
    """What the person enters, or what is personal; not what the platform sets."""
    asked = {name for form in known.public_forms(entity) for name in form.attributes}
    named = (
        known.say(one.display_name)
        for one in entity.attributes.values()
        if one.personal or one.logical_name in asked
    )
    for number, name in enumerate(named, start=1):
        yield f"{number} {name}"


def _or_open(known: Known, text: str) -> str:
    return text or known.say(TO_FILL_IN)
