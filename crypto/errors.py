"""What can go wrong when a value is sealed or opened; each reason is a class of its own.

The messages hold key ids and file names, never a byte of plaintext, ciphertext or key. Nothing
here decides what a reader is shown in place of a value that did not open.
"""


class SealingError(Exception):
    """A value could not be sealed or opened; `key_id` names the key where one is concerned."""

    def __init__(self, message: str, *, key_id: int | None = None) -> None:
        super().__init__(message)
        self.key_id = key_id


class UnknownKey(SealingError):
    """The keystore has never heard of this key id: wrong keystore, or an older copy of it."""


class DestroyedKey(SealingError):
    """The key was destroyed on purpose; what it sealed is gone for good."""


class ReplacedKey(SealingError):
    """A rotation put another key in this one's place, and destroyed it: what names it was read, or
    copied, before that."""


class BadTag(SealingError):
    """The bytes are not what was sealed for this record and attribute under this key."""


class WrongRootKey(SealingError):
    """The root key at hand is not the one this keystore was made with, or is no key at all."""


class WrongKeystore(SealingError):
    """There is no keystore, or it is not the one that these records were sealed with."""


class InsecureKeyFile(SealingError):
    """The root key's file may be read by others, or does not hold exactly one key."""
