"""How a value is kept, in words: sealed with which key, found by what, shown how."""

from collections.abc import Iterator

from exchange.papers.known import Known
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.labels import Label

KEYS = {
    "record": Label(
        "暗号化（AES-256-GCM、レコードごとの鍵。消去時に鍵を破棄）",
        "sealed (AES-256-GCM, a key for each record, destroyed when it is erased)",
    ),
    "month": Label(
        "暗号化（AES-256-GCM、月ごとの鍵）", "sealed (AES-256-GCM, a key for each month)"
    ),
}
INDEXED = Label(
    "検索は鍵付きハッシュの索引による完全一致のみ", "found by exact match of a keyed hash only"
)
SECURED = Label("項目ごとの権限がない者には伏せて表示", "masked without a right on the attribute")
IN_CLEAR = Label(
    "暗号化なし（データの権限により保護）", "not sealed (guarded by the rights on records)"
)


def kept(known: Known, entity: EntityDefinition, attribute: AttributeDefinition) -> Iterator[str]:
    """Each on a line of its own."""
    yield known.say(KEYS[entity.key_bucket] if attribute.sealed else IN_CLEAR)
    if attribute.index:
        yield known.say(INDEXED)
    if attribute.secured:
        yield known.say(SECURED)
