"""Record of processing: for each file of personal data what is done with it, by whom, how it is
guarded, and where it goes.
"""

from collections.abc import Iterator

from exchange.papers.files import collected, name_of, purposes_of
from exchange.papers.keeping import kept
from exchange.papers.known import Known, personal
from exchange.papers.leaving import exported, mailed, published
from exchange.papers.paper import TO_FILL_IN, Paper, Section, joined
from exchange.papers.retaining import kept_for
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label

TITLE = Label("個人情報の取扱いの記録", "Record of processing")
INTRODUCTION = Label(
    "個人情報ファイルごとに、何のために、だれが、どのように取り扱い、どこへ提供するかを記録した"
    "ものです。",
    "For each file of personal data: what for, by whom and how it is handled, and where it goes.",
)
COLUMNS = (Label("項目", "Item"), Label("内容", "Content"))
CONTROLLER = Label("管理する組織", "Kept by")
PURPOSE = Label("利用目的", "Purpose of use")
VERSIONS = Label("現在の利用目的の版", "Present version of the purpose")
PERSONS = Label("本人の範囲", "Persons")
ITEMS = Label("個人情報の項目", "Items")
COLLECTED = Label("収集の方法", "How it is collected")
KEPT = Label("保管の方法", "How it is kept")
READERS = Label("取り扱う者（閲覧）", "Who handles it (reads)")
CONTRACTORS = Label("委託先", "Contractors")
LEAVING = Label("システムの外に出るもの", "What leaves the system")
RECIPIENTS = Label("経常的提供先", "Passed on regularly to")
RETENTION = Label("保存期間", "Retention")
MEASURES = Label("安全管理措置", "Safeguards")
SAFEGUARDS = (
    Label(
        "個人情報の閲覧、伏せた値の表示、検索及び出力を、改ざんを検知できる監査ログに記録",
        "reading, revealing, searching and extracting are noted in a log that shows tampering",
    ),
    Label(
        "職員等のサインインは二要素認証に対応し、誓約及び研修の有無により閲覧を制限",
        "two factors for signing in; closed to who has not pledged or is not trained, if so set",
    ),
    Label("鍵はデータベースとは別の鍵ストアに保管", "keys in a store apart from the database"),
)


def processing(known: Known) -> Paper:
    return Paper(
        title=known.say(TITLE),
        introduction=known.say(INTRODUCTION),
        columns=tuple(map(known.say, COLUMNS)),
        sections=tuple(_section(known, one.entity) for one in known.counted),
    )


def _section(known: Known, entity: EntityDefinition) -> Section:
    rows = ((known.say(label), text) for label, text in _rows(known, entity))
    return Section(name_of(known, entity), tuple(rows))


def _rows(known: Known, entity: EntityDefinition) -> Iterator[tuple[Label, str]]:
    speaks, file = known.language, known.file(entity)
    privacy = known.catalog.privacy_of(entity.logical_name)
    open_ = known.say(TO_FILL_IN)
    items, ways = personal(entity), (kept(known, entity, one) for one in personal(entity))
    stated = filter(None, (known.say(privacy.organ), known.say(privacy.unit)))
    leaving = (*mailed(known, entity), *exported(known, entity), *published(known, entity))
    yield CONTROLLER, "\n".join(stated) or open_
    yield PURPOSE, "\n".join(filter(None, purposes_of(known, entity))) or open_
    yield VERSIONS, joined(_versions(known, entity), speaks)
    yield PERSONS, known.say(file.persons) or open_
    yield ITEMS, joined((known.say(one.display_name) for one in items), speaks)
    yield COLLECTED, joined(collected(known, entity), speaks)
    yield KEPT, joined(iter(dict.fromkeys(way for some in ways for way in some)), speaks)
    yield READERS, joined(known.rights.readers(entity, speaks), speaks)
    yield CONTRACTORS, joined(known.contracted(entity), speaks)
    yield LEAVING, joined(iter(leaving), speaks)
    yield RECIPIENTS, joined(map(known.say, file.recipients), speaks)
    yield RETENTION, "\n".join(filter(None, kept_for(known, entity))) or open_
    yield MEASURES, joined(map(known.say, SAFEGUARDS), speaks)


def _versions(known: Known, entity: EntityDefinition) -> Iterator[str]:
    for form in known.public_forms(entity):
        if form.purpose is not None:
            yield f"{known.say(form.title)} {form.purpose.version}"
