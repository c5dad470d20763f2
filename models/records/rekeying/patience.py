"""How long a process may go on with what it had: a key that was retired, a row as it was read.

No key is destroyed before that time is over since the last row was moved. It can be shortened by
tests, by no setting.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from crypto.key_cache import LIFETIME_SECONDS

MARGIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    seconds: float = LIFETIME_SECONDS + MARGIN_SECONDS
    sleep: Callable[[float], None] = time.sleep

    def wait(self) -> None:
        """Until nobody goes on with what there was before."""
        self.sleep(self.seconds)
