"""System and flow sheet: where personal data comes in, where it is kept, who sees it, where it
leaves.
"""

from collections.abc import Callable, Iterator

from exchange.papers.items import ways_in
from exchange.papers.keeping import kept
from exchange.papers.known import Known, personal
from exchange.papers.leaving import exported, mailed, published
from exchange.papers.paper import Paper, Section, joined
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label

TITLE = Label("システム及びデータの流れ", "System and flow of data")
INTRODUCTION = Label(
    "個人情報がどこから入り、どこに保管され、だれが見て、どこへ出るかを、システムの定義から作成"
    "したものです。",
    "Where personal data comes in, where it is kept, who sees it and where it leaves: made from "
    "the definitions of the system.",
)
COLUMNS = (
    Label("データ", "Data"),
    Label("個人情報の項目", "Items of personal data"),
    Label("経路・方法", "Way"),
)
SYSTEM = Label("1　システムの構成", "1 The system")
INTAKE = Label("2　収集（システムに入る）", "2 Intake (comes in)")
KEEPING = Label("3　保管", "3 Keeping")
SEEING = Label("4　閲覧及び利用", "4 Reading and use")
LEAVING = Label("5　外部への送信・出力・公開", "5 Mails, files and publication (leaves)")
PARTS = (
    (
        Label("公開フォーム（Web）", "Public forms (web)"),
        Label("入力された項目", "What is entered"),
        Label(
            "本人のブラウザから受け取り、暗号化して保存。下書きも暗号化し、期限後に消去",
            "Taken from the person’s browser and sealed; drafts too, which are erased later",
        ),
    ),
    (
        Label("バックオフィス（Web）", "Back office (web)"),
        Label("権限のある項目", "What one has rights on"),
        Label(
            "サインインした職員等が、ロールの範囲で閲覧・変更",
            "Staff who signed in read and change records as far as their roles reach",
        ),
    ),
    (
        Label("データベース", "Database"),
        Label("すべて（個人情報は暗号文）", "Everything (personal data sealed)"),
        Label("レコード、監査ログ、処理待ちのメール", "Records, audit log, mails that wait"),
    ),
    (
        Label("鍵ストア", "Keystore"),
        Label("なし（鍵のみ）", "None (keys only)"),
        Label(
            "データベースとは別に保管し、ルート鍵で包んで保存",
            "Apart from the database, wrapped with the root key",
        ),
    ),
    (
        Label("ジョブの処理（ワーカー）", "System jobs (worker)"),
        Label("処理に必要な項目", "What the job needs"),
        Label("メールの送信、ファイルの作成、期限の過ぎたデータの消去", "Mails, files, erasing"),
    ),
    (
        Label("メールサーバー（外部）", "Mail server (outside)"),
        Label("宛先のメールアドレスと本文", "Address and text of mails"),
        Label("本人及び職員等へのメールの配送", "Delivers mails to applicants and staff"),
    ),
)
"""Of every installation: what it is made of, and what of it holds personal data."""
DATABASE = Label("データベース（鍵は別の鍵ストア）", "Database (keys in a store apart from it)")
SELF_SERVICE = Label(
    "本人がメールのリンクから自分の申込みだけを閲覧",
    "The person, by the link in a mail: own data only",
)
UNDER_CONTRACT = Label("委託先：{name}", "Contractor: {name}")
Ways = Callable[[Known, EntityDefinition], Iterator[str]]


def flows(known: Known) -> Paper:
    stages: tuple[tuple[Label, Ways], ...] = (
        (INTAKE, _coming_in),
        (KEEPING, _keeping),
        (SEEING, _seeing),
        (LEAVING, _leaving),
    )
    return Paper(
        title=known.say(TITLE),
        introduction=known.say(INTRODUCTION),
        columns=tuple(map(known.say, COLUMNS)),
        sections=(_system(known), *(_section(known, title, ways) for title, ways in stages)),
    )


def _system(known: Known) -> Section:
    return Section(known.say(SYSTEM), tuple(tuple(map(known.say, part)) for part in PARTS))


def _section(known: Known, title: Label, ways: Ways) -> Section:
    files = [one for counted in known.counted for one in known.kept_with(counted.entity)]
    rows = tuple(
        (
            known.say(entity.display_collection_name),
            joined((known.say(one.display_name) for one in personal(entity)), known.language),
            joined(ways(known, entity), known.language),
        )
        for entity in files
    )
    return Section(known.say(title), rows)


def _coming_in(known: Known, entity: EntityDefinition) -> Iterator[str]:
    ways = (way for one in personal(entity) for way in ways_in(known, entity, one))
    yield from dict.fromkeys(ways)


def _keeping(known: Known, entity: EntityDefinition) -> Iterator[str]:
    yield known.say(DATABASE)
    ways = (way for one in personal(entity) for way in kept(known, entity, one))
    yield from dict.fromkeys(ways)


def _seeing(known: Known, entity: EntityDefinition) -> Iterator[str]:
    yield from known.rights.readers(entity, known.language)
    for name in known.contracted(entity):
        yield known.say(UNDER_CONTRACT).format(name=name)
    if known.catalog.self_service_of(entity.logical_name) is not None:
        yield known.say(SELF_SERVICE)


def _leaving(known: Known, entity: EntityDefinition) -> Iterator[str]:
    yield from mailed(known, entity)
    yield from exported(known, entity)
    yield from published(known, entity)
