"""A real SMTP server for tests: it keeps mails in memory and can refuse them as servers do."""

import time
from collections.abc import Callable

from cli.development.inbox import Inbox, Mail


class PostOffice(Inbox):
    """An inbox whose next replies a test may choose: `refuse("451 4.3.0 try later", times=2)`."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self._refusals: list[str] = []

    def refuse(self, reply: str, *, times: int = 1) -> None:
        self._refusals += [reply] * times

    def answer(self, mail: Mail) -> str:
        return self._refusals.pop(0) if self._refusals else super().answer(mail)

    def wait_for(
        self, matches: Callable[[Mail], bool] = lambda mail: True, *, seconds: float = 20
    ) -> Mail:
        """The first mail that matches, waiting for it if it has not come yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for mail in self.mails:
                if matches(mail):
                    return mail
            time.sleep(0.05)
        subjects = [mail.subject for mail in self.mails]
        raise AssertionError(f"no such mail within {seconds} s; there are {subjects}")
