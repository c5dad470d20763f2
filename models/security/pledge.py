"""The pledge of confidentiality (誓約): its words and their version.

Who has given it is kept with the account; what follows is reckoned by `contracts`.
"""

from dataclasses import dataclass
from typing import Any

from models.metadata.labels import Label


@dataclass(frozen=True, slots=True)
class Pledge:
    version: str
    text: Label


IN_JAPANESE = (
    "私は、このシステムを利用するに当たり、次の事項を守ることを誓約します。",
    "",
    "1　職務上知り得た個人情報を他人に漏らしません。職を退いた後も同様とします。",
    "2　個人情報は、定められた利用目的の範囲内でのみ取り扱います。",
    "3　アカウントとパスワードは本人のみが使用し、他人に使用させません。",
    "4　個人情報の持ち出し、複写及び印刷は、必要な許可を得て、必要最小限の範囲で行います。",
    "5　個人情報の漏えいやそのおそれがあることを知ったときは、直ちに責任者に報告します。",
)
IN_ENGLISH = (
    "I pledge to keep the following when using this system.",
    "",
    "1. I tell nobody of the personal data I learn in my duties, nor after I have left them.",
    "2. I use personal data for its stated purpose, and for no other.",
    "3. I alone use my account and password, and let nobody else use them.",
    "4. I take out, copy or print personal data only where permitted, no more than is needed.",
    "5. As soon as I learn that personal data has leaked or may have, I tell who is in charge.",
)
PLATFORM = Pledge("uketsuke-1", Label("\n".join(IN_JAPANESE), "\n".join(IN_ENGLISH)))
"""Where no solution states one."""


def pledge_of(organization: Any) -> Pledge:
    """The pledge of the organization (its row): what a solution stated, or the platform's own."""
    if not organization.pledge_version:
        return PLATFORM
    return Pledge(
        organization.pledge_version, Label(organization.pledge_ja, organization.pledge_en)
    )
