"""Another root key for a keystore, in two steps between which both open it.

So no process is locked out while the new key finds its place: offered, put where the service reads
it, settled. Knows no file and no variable; where root keys live is the providers'.
"""

from crypto import keystore_queries as queries
from crypto.errors import WrongRootKey
from crypto.keystore import WRAPPING_CONTEXT, Keystore
from crypto.providers import KeyProvider


class RootRotation:
    def __init__(self, keystore: Keystore) -> None:
        self._keystore = keystore

    def offer(self, provider: KeyProvider) -> None:
        """Let that root key open the keystore beside the present one; it takes the place of one
        that was offered before."""
        with self._keystore.writing() as connection:
            wrapping_key = self._keystore.wrapping_key(connection)
            queries.offer_wrapping_key(connection, provider.wrap(wrapping_key, WRAPPING_CONTEXT))

    def has_offer(self) -> bool:
        """Whether two root keys open the keystore now."""
        with self._keystore.reading() as connection:
            return queries.offered_wrapping_key(connection) is not None

    def is_offered(self, provider: KeyProvider) -> bool:
        """Whether that root key is the one that was offered."""
        with self._keystore.reading() as connection:
            return _opens(provider, queries.offered_wrapping_key(connection))

    def is_present(self, provider: KeyProvider) -> bool:
        """Whether that root key is the one that opens the keystore now."""
        with self._keystore.reading() as connection:
            return _opens(provider, queries.required_wrapping_key(connection))

    def settle(self, provider: KeyProvider) -> None:
        """Have the offered root key alone open the keystore; WrongRootKey where it is another."""
        if not self.is_offered(provider):
            raise WrongRootKey("this root key was not offered to the keystore")
        self._keystore.change_provider(provider)


def _opens(provider: KeyProvider, wrapped: bytes | None) -> bool:
    try:
        return wrapped is not None and bool(provider.unwrap(wrapped, WRAPPING_CONTEXT))
    except WrongRootKey:
        return False
