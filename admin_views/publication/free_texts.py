"""Free texts that look as if they held how to reach a person: telephone numbers, e-mail addresses,
postal addresses. A warning for the eyes of whoever publishes; it may be wrong either way.

It knows no record and keeps no value.
"""

import re
from collections.abc import Mapping

from crypto.unicode_forms import normal_form

DASHES = r"\-‐‑‒–—―−ーｰ~"
"""What people type between the parts of a number, whatever it was meant to be."""
DASH = f"[{DASHES}]"
BETWEEN = rf"\s?[{DASHES}()/.\s]\s?"
CITY = r"[^\s、。,]{1,12}?[市区町村郡]"
NUMBER = "[0-9一二三四五六七八九十]{1,6}"
PREFECTURES = (
    "北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨"
    "|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎"
    "|鹿児島|沖縄)県"
)
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(
        rf"(?<!\d)(?:\+\s?81\s?[-(]?|0)\d{{1,4}}{BETWEEN}\d{{1,4}}{BETWEEN}\d{{3,4}}(?!\d)"
        r"|(?<!\d)(?:0\d{9,10}|\+81\d{9,10})(?!\d)"
    ),
    "email": re.compile(
        r"[\w.+-]{1,64}\s?(?:@|[\[(<{]\s?(?:at|アット|アットマーク)\s?[\])>}]|☆|★)\s?[\w-]+(?:\s?\.\s?[\w-]+)+",
        re.IGNORECASE,
    ),
    "address": re.compile(
        rf"〒|(?<![\d{DASHES}])\d{{3}}{DASH}\d{{4}}(?!\d)"
        rf"|(?:{PREFECTURES}){CITY}"
        rf"|{CITY}[^\s、。,]{{0,12}}?{NUMBER}(?:丁目|番地?|{DASH}\d)"
        rf"|{NUMBER}丁目|{NUMBER}番地?{NUMBER}号"
    ),
}


def looks_like(text: str) -> tuple[str, ...]:
    """Which of PATTERNS are found in it, in their order."""
    try:
        plain = normal_form("NFKC", text)
    except ValueError:  # of marks without end; what stands between them is still looked at
        plain = text
    return tuple(name for name, pattern in PATTERNS.items() if pattern.search(plain))
