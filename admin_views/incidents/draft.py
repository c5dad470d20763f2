"""The nine items of an incident's report: as they were written, or else as far as they are known:
from what was entered, from the access log, from the definitions.
"""

import json
from collections.abc import Iterator

from admin_views.audit.names import attribute_name, entity_name
from admin_views.incidents.law import ITEMS, KINDS, PROTECTED
from admin_views.incidents.reading import Opened
from admin_views.language import language, local_time
from models.metadata.labels import Label

KNOWN = Label("知った日時：{time}", "Known since: {time}")
AT_CONTRACTOR = Label("委託先：{name}", "At the work of: {name}")
KIND = Label("種類：{kinds}", "Kind: {kinds}")
OF_ENTITY = Label("{entity}の{attributes}", "{entity}: {attributes}")
SEEN = Label(
    "{entity}　{count:,}件（閲覧された記録）", "{entity}: {count:,} records that were seen"
)
TAKEN = Label(
    "{entity}　{count:,}件（ファイルへの出力）", "{entity}: {count:,} records taken as a file"
)
HOW_COUNTED = Label(
    "アクセスの記録から数えた件数です。同じ人の記録が2件あれば2件と数えています。",
    "Counted from the access log; two records of one person count twice.",
)
ENCRYPTION = Label("暗号化の状況：{text}", "Encryption: {text}")


def report(opened: Opened) -> dict[str, str]:
    """By item, in the order of the law."""
    known = {
        "overview": _overview(opened),
        "data": _data(opened),
        "persons": _persons(opened),
        "other": iter([_say(ENCRYPTION, text=_told(PROTECTED[opened.facts.protected]))]),
    }
    return {name: opened.texts.get(name) or "\n".join(known.get(name, ())) for name in ITEMS}


def _overview(opened: Opened) -> Iterator[str]:
    yield opened.facts.happened
    yield _say(KNOWN, time=local_time(opened.facts.known_on))
    kinds = (_told(KINDS[one]) for one in opened.facts.kinds)
    yield _say(KIND, kinds=_comma().join(kinds))
    if opened.contractor:
        yield _say(AT_CONTRACTOR, name=opened.contractor)


def _data(opened: Opened) -> Iterator[str]:
    found: dict[str, set[str]] = {name: set(some) for name, some in _attributes(opened)}
    for entity, names in found.items():
        told = sorted(attribute_name(entity, one) for one in names)
        if told:
            yield _say(OF_ENTITY, entity=entity_name(entity), attributes=_comma().join(told))


def _attributes(opened: Opened) -> Iterator[tuple[str, set[str]]]:
    """By entity: what was seen, and what was in files."""
    affected = opened.affected
    of_files: dict[str, set[str]] = {}
    for taken in affected.taken:
        of_files.setdefault(taken.entity, set()).update(json.loads(taken.columns))
    for entity in sorted({*affected.attributes, *of_files}):
        yield entity, {*affected.attributes.get(entity, ()), *of_files.get(entity, ())}


def _persons(opened: Opened) -> Iterator[str]:
    for entity, count in opened.affected.records.items():
        yield _say(SEEN, entity=entity_name(entity), count=count)
    for one in opened.affected.taken:
        yield _say(TAKEN, entity=entity_name(one.entity), count=one.count)
    if opened.affected:
        yield _told(HOW_COUNTED)


def _say(label: Label, **told: object) -> str:
    return label.text(language()).format(**told)


def _told(label: Label) -> str:
    return label.text(language())


def _comma() -> str:
    return ", " if language() == "en" else "、"
