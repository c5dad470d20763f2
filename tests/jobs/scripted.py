"""A mail server that misbehaves as told: a reply, or a broken line, at any point of the talk."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

HANG_UP = "hang up"
USUAL = {
    "CONNECT": "220 mail.example.jp",
    "EHLO": "250 mail.example.jp",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 queued",
    "QUIT": "221 bye",
    "RSET": "250 ok",
}
"""What a well-behaved server says; `.` stands for the end of the mail."""


@dataclass
class ScriptedServer:
    port: int
    replies: Mapping[str, str]
    heard: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)


@contextmanager
def scripted(**replies: str) -> Iterator[ScriptedServer]:
    """A server on a free port; `dot` names the reply to a whole mail."""
    told = {(name if name != "dot" else "."): reply for name, reply in replies.items()}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = ScriptedServer(listening.getsockname()[1], USUAL | told)
        thread = Thread(target=_serve, args=(server, listening), daemon=True)
        thread.start()
        yield server
        # Closing a socket does not wake a thread that waits in accept(); a last caller does.
        server.replies = {"CONNECT": HANG_UP}
        server.heard.append("END")
        socket.create_connection(("127.0.0.1", server.port)).close()
        thread.join(timeout=10)


def _serve(server: ScriptedServer, listening: socket.socket) -> None:
    while "END" not in server.heard:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as talk:
            try:
                _talk(server, talk)
            except (OSError, ConnectionError):
                continue


def _talk(server: ScriptedServer, talk: object) -> None:
    step, mail = "CONNECT", b""
    while True:
        reply = server.replies.get(step, "502 what?")
        if reply == HANG_UP:
            return
        talk.write(f"{reply}\r\n".encode())  # type: ignore[attr-defined]
        talk.flush()  # type: ignore[attr-defined]
        if step == "QUIT":
            return
        if step == "DATA" and reply.startswith("354"):
            mail = b""
            while (line := talk.readline()) not in {b".\r\n", b""}:  # type: ignore[attr-defined]
                mail += line
            server.taken.append(mail)
            step = "."
            continue
        line = talk.readline()  # type: ignore[attr-defined]
        if not line:
            return
        server.heard.append(line.decode("ascii").rstrip())
        step = server.heard[-1].split(" ")[0].upper()
