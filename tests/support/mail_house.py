"""A real IMAP4rev1 server for tests, over TLS: one account with one folder, kept in memory. It
speaks what the service asks, and what is needed to say no.
"""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

USER, PASSWORD, FOLDER = "uketsuke", "a password of tests", "INBOX"
LOGIN = re.compile(r'LOGIN "?([^" ]+)"? "?([^"]+)"?')


@dataclass
class Kept:
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class MailHouse:
    """The mails by their numbers; `heard` is every command without its arguments."""

    certificate: Path
    validity: int = 7
    mails: dict[int, Kept] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    has_starttls: bool = False
    port: int = 0

    def deliver(self, raw: bytes) -> int:
        number = max(self.mails, default=0) + 1
        self.mails[number] = Kept(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        return number

    def read(self) -> set[int]:
        """The numbers of the mails that are marked as read."""
        return {number for number, one in self.mails.items() if r"\Seen" in one.flags}

    @property
    def tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context


@contextmanager
def running(house: MailHouse) -> Iterator[MailHouse]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        house.port = listening.getsockname()[1]
        listening.settimeout(0.1)
        stopped: list[bool] = []
        thread = Thread(target=_listen, args=(house, listening, stopped), daemon=True)
        thread.start()
        yield house
        stopped.append(True)
        thread.join(timeout=10)


def _listen(house: MailHouse, listening: socket.socket, stopped: list[bool]) -> None:
    while not stopped:
        with suppress(TimeoutError, OSError, ssl.SSLError):
            connection, _ = listening.accept()
            connection.settimeout(10)
            if not house.has_starttls:
                connection = house.tls.wrap_socket(connection, server_side=True)
            session = _Session(house, connection)
            try:
                session.serve()
            finally:
                session.connection.close()


class _Session:
    def __init__(self, house: MailHouse, connection: socket.socket) -> None:
        self.house, self.connection = house, connection
        self.file = connection.makefile("rb")
        self.is_in = False

    def serve(self) -> None:
        self._say(b"* OK IMAP4rev1 ready")
        while line := self.file.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            command, _, arguments = rest.partition(" ")
            self.house.heard.append(" ".join(rest.split(" ")[: 1 + (command == "UID")]))
            if not self._answer(tag, command.upper(), arguments):
                return

    def _answer(self, tag: str, command: str, arguments: str) -> bool:
        if command == "CAPABILITY":
            offered = " STARTTLS" if self.house.has_starttls else ""
            self._say(f"* CAPABILITY IMAP4rev1{offered}".encode())
        elif command == "STARTTLS":
            self._say(f"{tag} OK begin".encode())
            self.connection = self.house.tls.wrap_socket(self.connection, server_side=True)
            self.file = self.connection.makefile("rb")
            return True
        elif command == "LOGIN":
            found = LOGIN.fullmatch(f"LOGIN {arguments}")
            self.is_in = bool(found) and found.groups() == (USER, PASSWORD)
            if not self.is_in:
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] no".encode())
                return True
        elif command == "LOGOUT":
            self._say(b"* BYE")
            self._say(f"{tag} OK".encode())
            return False
        elif not self.is_in or not self._of_folder(command, arguments):
            self._say(f"{tag} NO not that".encode())
            return True
        self._say(f"{tag} OK done".encode())
        return True

    def _of_folder(self, command: str, arguments: str) -> bool:
        if command == "SELECT":
            if arguments.strip('"') != FOLDER:
                return False
            self._say(f"* {len(self.house.mails)} EXISTS".encode())
            self._say(f"* OK [UIDVALIDITY {self.house.validity}] valid".encode())
            return True
        verb, _, rest = arguments.partition(" ")
        if command != "UID" or verb not in {"SEARCH", "FETCH", "STORE"}:
            return False
        getattr(self, f"_{verb.lower()}")(rest)
        return True

    def _search(self, arguments: str) -> None:
        found = re.search(r"UID (\d+):\*", arguments)
        first, last = int(found.group(1)) if found else 1, max(self.house.mails, default=0)
        numbers = [one for one in self.house.mails if one >= first or one == last]
        self._say(f"* SEARCH {' '.join(map(str, numbers))}".rstrip().encode())

    def _fetch(self, arguments: str) -> None:
        number, _, items = arguments.partition(" ")
        kept = self.house.mails.get(int(number))
        if kept is None:
            return
        told, data = f"UID {number}", kept.raw
        if "RFC822.SIZE" in items:
            told += f" RFC822.SIZE {len(kept.raw)}"
        part = "HEADER" if "HEADER" in items else ""
        if part:
            data = kept.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        if "PEEK" not in items:
            kept.flags.add(r"\Seen")
        head = f"* 1 FETCH ({told} BODY[{part}] {{{len(data)}}}\r\n".encode()
        self.connection.sendall(head + data + b")\r\n")

    def _store(self, arguments: str) -> None:
        number, _, rest = arguments.partition(" ")
        self.house.mails[int(number)].flags.update(re.findall(r"\\\w+", rest))

    def _say(self, line: bytes) -> None:
        self.connection.sendall(line + b"\r\n")
