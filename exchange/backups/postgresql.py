"""PostgreSQL's own tools, pg_dump and pg_restore, as streams of bytes.

The password goes to them in their environment, never on a command line that every process of the
machine can read. Of what they print only the first line is told: the lines below it may quote a
row. It knows neither seals nor manifests.
"""

import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import IO, Any

from sqlalchemy import Connection, func, make_url, select

from exchange.backups.refusing import BackupRefused

CHUNK = 1024 * 1024
LONGEST_VERSION = 30  # seconds
COPY = re.compile(rb'COPY (?:"[^"]+"|[^".]+)\.("[^"]+"|[^" ]+) ')
MISSING = "{tool} is not installed here; install the client programs of PostgreSQL {version}"
OLDER = "{tool} is of version {found}, the server of {version}; install those of {version}"
VERSION = re.compile(r"\) (\d+)")


def current_schema(connection: Connection) -> str:
    return str(connection.scalar(select(func.current_schema())) or "public")


def exported_snapshot(connection: Connection) -> str:
    """By which others see the same moment as this transaction, while it lasts."""
    return str(connection.scalar(select(func.pg_export_snapshot())))


def require_tools(connection: Connection) -> None:
    """BackupRefused where they are missing, or older than the server."""
    driver: Any = connection.connection.driver_connection
    version = driver.info.server_version // 10_000
    for tool in ("pg_dump", "pg_restore"):
        try:
            said = _asked(tool)
        except FileNotFoundError:
            raise BackupRefused(MISSING.format(tool=tool, version=version)) from None
        found = VERSION.search(said)
        if found is None or int(found[1]) < version:
            number = found[1] if found else "unknown"
            raise BackupRefused(OLDER.format(tool=tool, found=number, version=version))


def dumped(
    url: str, *, schema: str, snapshot: str, left_out: Iterable[str] = ()
) -> Generator[bytes, None, None]:
    """The schema of one moment in pg_dump's custom format, of `left_out` the tables alone."""
    words = ["pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-privileges"]
    words += [f"--schema={_quoted(schema)}", f"--snapshot={snapshot}"]
    words += [f"--exclude-table-data={_quoted(schema)}.{_quoted(name)}" for name in left_out]
    with _running(words, url=url) as process:
        _pipe(process.stdin).close()
        while chunk := _pipe(process.stdout).read(CHUNK):
            yield chunk


def restored(url: str, chunks: Iterable[bytes], *, schema: str) -> None:
    """All of it in one transaction, into a schema that is there and has nothing in it."""
    words = ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner"]
    words += ["--no-privileges", f"--schema={schema}"]
    with _running(words, url=url) as process, _fed(process, chunks):
        _pipe(process.stdout).read()


def counted(chunks: Iterable[bytes]) -> Counter[str]:
    """The rows of each table of a dump, which is read to its end for it, without a server."""
    with _running(["pg_restore", "--data-only", "--file=-"]) as process, _fed(process, chunks):
        return _rows(_pipe(process.stdout))


def _rows(lines: Iterable[bytes]) -> Counter[str]:
    """Of COPY … FROM stdin; each row is one line, the end a backslash and a dot."""
    found: Counter[str] = Counter()
    table: str | None = None
    for line in lines:
        if table is None:
            started = COPY.match(line)
            table = started[1].decode().strip('"') if started else None
        elif line == b"\\.\n":
            table = None
        else:
            found[table] += 1
    return found


@contextmanager
def _running(words: list[str], *, url: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """One of the tools; BackupRefused with its own first words where it failed."""
    environ = dict(os.environ)
    if url:
        words = [*words, "--no-password", f"--dbname={_conninfo(url)}"]
        password = make_url(url).password
        environ |= {"PGPASSWORD": password} if password else {}
    with tempfile.TemporaryFile() as said:
        process = _started(words, environ, said)
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            _ended(process)
        if process.returncode:
            raise BackupRefused(_first_line(words[0], said))


def _started(
    words: list[str], environ: dict[str, str], said: IO[bytes]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # nosec B603  # noqa: S603 - a list of words, no shell
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=environ
    )


def _ended(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # it has ended before, and its status says why
    process.wait()


@contextmanager
def _fed(process: "subprocess.Popen[bytes]", chunks: Iterable[bytes]) -> Iterator[None]:
    """By a thread, while what comes out is read; what went wrong with `chunks` is raised here. A
    pipe that breaks is the tool's own end, whose reason it tells."""
    errors: list[BaseException] = []

    def feed() -> None:
        try:
            with _pipe(process.stdin) as pipe:
                for chunk in chunks:
                    pipe.write(chunk)
        except BrokenPipeError:
            return
        except BaseException as error:  # raised in the thread that waits
            errors.append(error)
            process.kill()  # what came of a part must not be kept

    thread = Thread(target=feed)
    thread.start()
    try:
        yield
    except BaseException:
        process.kill()
        raise
    finally:
        thread.join()
    if errors:
        raise errors[0]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise TypeError("a pipe was asked for")
    return pipe


def _conninfo(url: str) -> str:
    """What libpq is told, without secrets."""
    from psycopg.conninfo import make_conninfo  # 8 MB, of no use beside SQLite

    _, told = make_url(url).get_dialect()().create_connect_args(make_url(url))
    secrets = {"password", "sslpassword"}
    return make_conninfo(**{name: value for name, value in told.items() if name not in secrets})


def _asked(tool: str) -> str:
    done = subprocess.run(  # nosec B603  # noqa: S603 - a name of ours
        [tool, "--version"], capture_output=True, text=True, timeout=LONGEST_VERSION, check=False
    )
    return done.stdout


def _first_line(tool: str, said: IO[bytes]) -> str:
    said.seek(0)
    line = said.readline().decode(errors="replace").strip()
    return line or f"{tool} failed and said nothing"


def _quoted(name: str) -> str:
    """A pattern that means this name and no other."""
    return '"' + name.replace('"', '""') + '"'
