"""Every version of every purpose and consent, with the day from which it was shown."""

from collections.abc import Iterator
from itertools import groupby

from exchange.papers.known import Known
from exchange.papers.paper import NONE, Paper, Section
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.labels import Label
from models.metadata.purposes import ShownPurpose

TITLE = Label("利用目的と同意の版の履歴", "Versions of purposes and consents")
INTRODUCTION = Label(
    "公開フォームに表示した利用目的と同意の文言です。各レコードには、本人に表示した版が記録されて"
    "います。同じ版の文言を変えることはできません。",
    "The words of purposes and consents as public forms showed them. Each record keeps the "
    "version that its applicant was shown; no version ever has other words.",
)
COLUMNS = (
    Label("版", "Version"),
    Label("表示の開始日時", "Shown from"),
    Label("利用目的", "Purpose"),
    Label("同意の文言", "Consent"),
    Label("文言のSHA-256", "SHA-256 of the words"),
)
GONE = Label("{name}（現在はありません）", "{name} (no longer there)")


def shown_purposes(known: Known) -> Paper:
    forms = groupby(known.purposes, lambda one: one.form)
    return Paper(
        title=known.say(TITLE),
        introduction=known.say(INTRODUCTION),
        columns=tuple(map(known.say, COLUMNS)),
        sections=tuple(
            Section(_name(known, name), tuple(_rows(known, versions))) for name, versions in forms
        ),
    )


def _name(known: Known, form: str) -> str:
    found = known.catalog.forms.get(form)
    return known.say(found.title) if found else known.say(GONE).format(name=form)


def _rows(known: Known, versions: Iterator[ShownPurpose]) -> Iterator[tuple[str, ...]]:
    for one in versions:
        since = one.published_on.astimezone(LOCAL_ZONE)
        consent = known.say(one.consent)
        if one.policy_url:
            consent = f"{consent}\n{one.policy_url}"
        yield (
            one.version,
            f"{since:%Y-%m-%d %H:%M}",
            f"{known.say(one.title)}\n{known.say(one.text)}",
            consent or known.say(NONE),
            one.sha256,
        )
