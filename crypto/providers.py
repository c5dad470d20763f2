"""Where the root key lives, behind two calls: wrap and unwrap.

The keystore asks a provider once per process, for its one wrapping key, so a provider may be slow
or far away: a key management service is one class more. Knows nothing of data keys or records.
"""

import os
import stat
from base64 import b64decode
from binascii import Error as Base64Error
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from crypto.errors import InsecureKeyFile, WrongRootKey

KEY_LENGTH = 32
NONCE_LENGTH = 12


class KeyProvider(Protocol):
    """Wraps keys under a root key; `context` must be the same bytes on both ways."""

    def wrap(self, key: bytes, context: bytes) -> bytes: ...

    def unwrap(self, blob: bytes, context: bytes) -> bytes:
        """Raise WrongRootKey where the blob was not wrapped here in this context."""
        ...


class LocalKeyProvider:
    """AES-256-GCM-SIV under a root key held in this process: nonce 12 | ciphertext | tag 16."""

    def __init__(self, root_key: bytes) -> None:
        self._cipher = AESGCMSIV(root_key)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, blob: bytes, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(blob[:NONCE_LENGTH], blob[NONCE_LENGTH:], context)
        except (InvalidTag, ValueError):
            raise WrongRootKey("this root key does not unwrap this keystore") from None


class FileKeyProvider(LocalKeyProvider):
    """The root key in a file of its own: 32 raw bytes that nobody but its owner may read."""

    def __init__(self, path: Path) -> None:
        super().__init__(read_root_key(path))

    @classmethod
    def create(cls, path: Path) -> "FileKeyProvider":
        """Make a new root key, mode 0400, whole or not at all; FileExistsError if one is there."""
        write_private(path, os.urandom(KEY_LENGTH))
        return cls(path)


class EnvironmentKeyProvider(LocalKeyProvider):
    """The root key as base64 text of 32 bytes, as an environment variable carries it."""

    def __init__(self, base64_text: str) -> None:
        super().__init__(decode_root_key(base64_text))


def decode_root_key(base64_text: str) -> bytes:
    """The root key of its text; WrongRootKey where it is none."""
    try:
        root_key = b64decode(base64_text.strip(), validate=True)
    except (Base64Error, ValueError):
        raise WrongRootKey("the root key is not base64") from None
    if len(root_key) != KEY_LENGTH:
        raise WrongRootKey(f"the root key has not {KEY_LENGTH} bytes")
    return root_key


def write_private(path: Path, content: bytes) -> None:
    """A file of mode 0400, whole or not at all; FileExistsError if there is one."""
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, refuses to replace: two set-ups cannot lose one's key.
        os.link(draft, path)
    finally:
        os.unlink(draft)
    sync_directory(path.parent)


def read_root_key(path: Path) -> bytes:
    """InsecureKeyFile where others may read it, or it holds something else."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())  # of the file that is read, not of a name swapped since
        if not stat.S_ISREG(status.st_mode) or stat.S_IMODE(status.st_mode) & 0o077:
            raise InsecureKeyFile(f"{path} may be read by others than its owner; make it 0400")
        root_key = file.read(KEY_LENGTH + 1)
    if len(root_key) != KEY_LENGTH:
        raise InsecureKeyFile(f"{path} does not hold exactly {KEY_LENGTH} bytes")
    return root_key


def sync_directory(directory: Path) -> None:
    """What was named or renamed in it outlives a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
