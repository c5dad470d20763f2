"""Whether the provider has asked for more than one factor: by class (`acr`), or by the methods
it names (`amr`, RFC 8176)."""

from collections.abc import Mapping, Sequence
from typing import Any

SAID_SO = "mfa"
KNOWN = frozenset({"pwd", "pin", "kba"})
OWNED = frozenset({"otp", "hwk", "swk", "sc", "pop", "sms", "tel"})
INNATE = frozenset({"face", "fpt", "iris", "retina", "vbm"})
KINDS = (KNOWN, OWNED, INNATE)


def is_multi_factor(claims: Mapping[str, Any], *, acr: Sequence[str]) -> bool:
    """A class that the settings name, the provider's word for it, or methods of two kinds.

    One method alone is one factor, however strong: a code by mail says “otp”, too.
    """
    if claims.get("acr") in acr:
        return True
    methods = _methods(claims.get("amr"))
    return SAID_SO in methods or sum(bool(methods & kind) for kind in KINDS) > 1


def _methods(stated: object) -> frozenset[str]:
    named = stated if isinstance(stated, list) else []
    return frozenset(one for one in named if isinstance(one, str))
