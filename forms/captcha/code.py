"""The six digits of a challenge and the check of an answer. It does not know where the secret
comes from, how a challenge is stored, or how many answers are allowed.
"""

import hmac
import unicodedata

DIGITS = 6
_LONGEST_ANSWER = 64  # Whatever is longer is no answer, and not worth the CPU.
_PURPOSE = b"uketsuke captcha code v1"
# Signs people type as a dash that Unicode does not file under dashes (Pd).
_OTHER_DASHES = frozenset("\u2212\u30fc\u2500\u2501\u00ad")


def code_for(secret: bytes, *, challenge: bytes, generation: int) -> str:
    """The code of one challenge's n-th image: the same input gives the same code, always.

    64 bits of an HMAC-SHA256 modulo 10^6; of 2^64 values that favours some codes over others by
    less than 1 in 10^13.
    """
    message = b"".join(
        (_PURPOSE, len(challenge).to_bytes(8, "big"), challenge, generation.to_bytes(8, "big"))
    )
    digest = hmac.digest(secret, message, "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def normalise_answer(text: str) -> str:
    """As typed → as compared: full-width digits made plain, spaces and dashes left out."""
    if len(text) > _LONGEST_ANSWER:
        return ""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if not _is_filler(sign))


def matches(expected: str, answer: str) -> bool:
    """Whether the answer is the code; takes as long for a nearly right one as for a wrong one."""
    given = normalise_answer(answer).encode("utf-8", "surrogatepass")
    return bool(expected) and hmac.compare_digest(expected.encode(), given)


def _is_filler(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign.isspace() or category in {"Pd", "Cf"} or sign in _OTHER_DASHES
