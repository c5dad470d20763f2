"""Sample records: what citizens might write, made from a seed; every person is made up.

For demonstrations and measurements. E-mails are under example.jp (RFC 2606's for Japan).
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import ceil, floor

from models.metadata.definitions import AttributeDefinition, EntityDefinition

SURNAMES = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 松本 井上 "
    "木村 林 清水 斎藤 山口 森"
)
GIVEN = "陽子 翔太 美咲 健一 さくら 大輔 結衣 拓也 真由美 直樹 花 浩 千尋 誠 愛 蓮 葵 修 恵 一郎"
ROMAN = "sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada"
PLACES = (
    "灘区 東灘区 中央区 兵庫区 長田区 須磨区 垂水区 西区 北区 六甲道 三宮 新長田 名谷 学園都市"
)
GROUPS = (
    "子ども食堂 商店街振興組合 自治会 読み聞かせの会 合唱団 サッカークラブ "
    "学生ボランティア 町家カフェ 手話サークル"
)
AIMS = (
    "子どもたち 一人暮らしのお年寄り 留学生のみなさん 医療従事者のみなさん "
    "障がいのある方 子育て中の家庭 地域の飲食店 文化団体のみなさん"
)
DEEDS = (
    "温かいお弁当を届け 本の読み聞かせを続け オンラインの学習会を開き "
    "手作りのマスクを贈り 公園の清掃と花植えを行い 演奏会を配信し "
    "商品券を活用した応援を広げ 買い物の代行を引き受け"
)
ENDS = "たいと考えています。 たいと思います。 たいので、ご協力をお願いします。"
DETAILS = (
    "活動は毎週土曜日の午前中を予定しており、会場は地域の集会所をお借りします。",
    "これまで三年間、地域の方々と小さな取り組みを続けてきました。",
    "感染症の対策として、人数を限り、換気と消毒を欠かさず行います。",
    "必要な材料は、近くの商店から規格外の野菜を分けていただく見込みです。",
    "広報のお手伝いと、運搬に使える車をお持ちの方を探しています。",
    "参加費はいただかず、費用は会員の持ち寄りと寄付でまかないます。",
    "学生のみなさんにも加わっていただき、世代を超えた交流の場にしたいです。",
    "はじめての試みですので、進め方について助言をいただけると助かります。",
    "終了後には様子をまとめ、写真とともにご報告いたします。",
    "まずは小さく始め、手応えを見ながら回数を増やしていきます。",
)
BODY_LENGTH = 600
SHORT = 40
"""Texts shorter than this are codes and marks, which chance cannot make up; left out if it may."""

FIRST_DAY = date(2026, 1, 1)
Maker = Callable[[random.Random], object]


def sample_values(
    entity: EntityDefinition, count: int, *, seed: int
) -> Iterator[dict[str, object]]:
    """`count` records of the entity, the same for the same seed."""
    chance = random.Random(seed)  # nosec B311  # noqa: S311 - samples, not secrets
    makers = {
        name: maker
        for name, attribute in entity.attributes.items()
        if (maker := _maker(attribute)) is not None
    }
    for _ in range(count):
        yield {name: maker(chance) for name, maker in makers.items()}


def _maker(attribute: AttributeDefinition) -> Maker | None:
    if attribute.is_system or attribute.is_read_only:
        return None
    if attribute.type == "String":
        return _string_maker(attribute)
    if attribute.type == "Memo":
        return lambda chance: _body(chance)[: attribute.max_length]
    if attribute.type == "Picklist" and attribute.options:
        values = [option.value for option in attribute.options.options]
        return lambda chance: chance.choice(values)
    if attribute.type == "MultiSelectPicklist" and attribute.options and attribute.is_required:
        offered = [option.value for option in attribute.options.options]
        return lambda chance: chance.sample(offered, chance.randint(1, min(3, len(offered))))
    if attribute.type == "Boolean":
        return lambda chance: chance.random() < 0.5
    if attribute.type in {"Integer", "Money", "Decimal"}:
        least = 1 if attribute.minimum is None else ceil(attribute.minimum)
        most = max(least, 999 if attribute.maximum is None else floor(attribute.maximum))
        return lambda chance: chance.randint(least, most)
    if attribute.type == "DateTime" and attribute.is_required:
        return _day
    return None


def _string_maker(attribute: AttributeDefinition) -> Maker | None:
    name = attribute.logical_name
    by_format: dict[str, Maker] = {"Email": _email, "Phone": _phone, "Url": _url}
    if attribute.format:
        return by_format[attribute.format]
    if attribute.default is not None:
        return None
    if attribute.max_length < SHORT:
        cut = attribute.max_length
        return (lambda chance: _phrase(chance)[:cut]) if attribute.is_required else None
    if "organization" in name:
        return lambda chance: _of(PLACES, chance) + _of(GROUPS, chance)
    if "name" in name:
        return lambda chance: f"{_of(SURNAMES, chance)} {_of(GIVEN, chance)}"
    if "account" in name or "version" in name:
        return None
    return _phrase


def _of(words: str, chance: random.Random) -> str:
    return chance.choice(words.split())


def _email(chance: random.Random) -> str:
    return f"{_of(ROMAN, chance)}.{chance.randrange(10**7)}@example.jp"


def _phone(chance: random.Random) -> str:
    if chance.random() < 0.6:
        return f"090-{chance.randrange(1000, 9999)}-{chance.randrange(10_000):04d}"
    return f"078-{chance.randrange(200, 999)}-{chance.randrange(10_000):04d}"


def _url(chance: random.Random) -> str | None:
    return f"https://{_of(ROMAN, chance)}.example.jp/" if chance.random() < 0.3 else None


def _day(chance: random.Random) -> str:
    return (FIRST_DAY + timedelta(days=chance.randrange(365))).isoformat()


def _phrase(chance: random.Random) -> str:
    return f"{_of(AIMS, chance)}を応援したい"


def _body(chance: random.Random) -> str:
    place, aim, deed = _of(PLACES, chance), _of(AIMS, chance), _of(DEEDS, chance)
    text = f"{place}で、{aim}に{deed}{_of(ENDS, chance)}"
    while len(text) < BODY_LENGTH - 30:
        text += chance.choice(DETAILS)
        if chance.random() < 0.15:
            text += "\n"
    return text
