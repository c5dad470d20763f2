"""The token that the office's mails carry, so that an answer finds its record: which entity and
which record, and a code that only this installation can make. It is no secret of the record: who
has it may have a mail filed there, and sees nothing.
"""

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from crypto.keyring import Keyring

TOKEN = re.compile(r"(?<![a-z2-7])[a-z2-7]{48}(?![a-z2-7])", re.IGNORECASE)
"""Letters of one case: mail systems change that of addresses."""
PURPOSE = "answers"
ENTITY_BYTES, CODE_BYTES = 2, 12


class Thread(NamedTuple):
    entity: int
    """The entity's number."""
    record_id: UUID


class Found(NamedTuple):
    thread: Thread | None
    is_forged: bool
    """There was what looks like a token, and none is ours."""


def token_of(keyring: Keyring, thread: Thread) -> str:
    data = thread.entity.to_bytes(ENTITY_BYTES, "big") + thread.record_id.bytes
    return b32encode(data + _code(keyring, data)).decode().lower()


def find(keyring: Keyring, texts: Iterable[str]) -> Found:
    """The first token in the texts that this installation made."""
    seen = False
    for text in texts:
        for candidate in TOKEN.findall(text):
            seen = True
            thread = _thread(keyring, b32decode(candidate.upper()))
            if thread is not None:
                return Found(thread, is_forged=False)
    return Found(None, is_forged=seen)


def _thread(keyring: Keyring, token: bytes) -> Thread | None:
    data, code = token[:-CODE_BYTES], token[-CODE_BYTES:]
    if not hmac.compare_digest(code, _code(keyring, data)):
        return None
    number = int.from_bytes(data[:ENTITY_BYTES], "big")
    return Thread(number, UUID(bytes=data[ENTITY_BYTES:]))


def _code(keyring: Keyring, data: bytes) -> bytes:
    return hmac.digest(keyring.secret(PURPOSE), data, sha256)[:CODE_BYTES]
