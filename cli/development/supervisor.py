"""“make run”: set-up, web, worker and a mail inbox on this machine, one Ctrl-C for all of them.

It starts programs and tells where they are; it knows nothing of what they do. Environment
variables given to it reach them all; what it sets itself are only defaults.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager

from cli.development.children import GLANCE, Children
from cli.development.inbox import LOOPBACK, Inbox
from cli.development.inbox_page import InboxPage
from config import Settings, SettingsError

FLASK = [sys.executable, "-m", "flask", "--app", "app"]
DEFAULT_PORT = 8000
DEFAULT_INBOX_PORT = 8025
THREADS = 4


def main(environ: MutableMapping[str, str]) -> int:
    """Run until someone says stop; the exit status is not 0 if something failed."""
    try:
        port = _port(environ, "PORT", DEFAULT_PORT)
        inbox_port = _port(environ, "INBOX_PORT", DEFAULT_INBOX_PORT)
        _require_free(port)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    environ.setdefault("UKETSUKE_ENV", "development")
    environ.setdefault("UKETSUKE_BASE_URL", f"http://{LOOPBACK}:{port}")
    environ.setdefault("WEB_CONCURRENCY", "2")  # gunicorn's own variable for its processes
    environ.setdefault("PYTHONUNBUFFERED", "1")
    with ExitStack() as open_things:
        inbox_url = ""
        if not environ.get("UKETSUKE_MAIL_SERVER"):
            inbox_url = open_things.enter_context(_inbox(environ, inbox_port))
        try:
            Settings.from_environment(environ)
        except SettingsError as error:
            print(error, file=sys.stderr)
            return 2
        return _serve(environ, port=port, inbox_url=inbox_url)


def _serve(environ: MutableMapping[str, str], *, port: int, inbox_url: str) -> int:
    with Children(environ) as children:
        for command in set_up_commands(environ):
            words = [*FLASK, *command]
            made = subprocess.run(words, env=environ, check=False)  # nosec B603  # noqa: S603 - ours
            if made.returncode or children.must_stop:
                return made.returncode
        children.start("web", _web_command(port))
        children.start("worker", [*FLASK, "worker"])
        while not children.must_stop and not _answers(port):
            time.sleep(GLANCE)
        if not children.must_stop:
            _tell(environ["UKETSUKE_BASE_URL"], inbox_url)
        return children.wait()


def set_up_commands(environ: Mapping[str, str]) -> tuple[list[str], ...]:
    """What is done before anything serves. SOLUTIONS names folders as PATH does; none: Kobe's."""
    named = environ.get("SOLUTIONS", "").split(os.pathsep)
    folders = [os.path.abspath(os.path.expanduser(folder)) for folder in named if folder]
    return ["setup"], ["demo", "install", *folders]


def _web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "app:create_app()"),
        *("--bind", f"{LOOPBACK}:{port}", "--worker-class", "gthread"),
        *("--threads", str(THREADS), "--log-level", "warning", "--no-control-socket"),
    ]


def _tell(base_url: str, inbox_url: str) -> None:
    print("\nUketsuke 受付", flush=True)
    print(f"  公開サイト / public site   {base_url}/")
    print(f"  管理画面 / back office     {base_url}/admin/")
    if inbox_url:
        print(f"  受信メール / mail inbox    {inbox_url}/")
    print("  Ctrl-C で終了します / Ctrl-C stops all of it\n", flush=True)


@contextmanager
def _inbox(environ: MutableMapping[str, str], page_port: int) -> Iterator[str]:
    inbox = Inbox()
    page = InboxPage(inbox, port=page_port)
    environ["UKETSUKE_MAIL_SERVER"] = LOOPBACK
    environ["UKETSUKE_MAIL_PORT"] = str(inbox.port)
    inbox.start()
    page.start()
    try:
        yield f"http://{LOOPBACK}:{page.port}"
    finally:
        page.stop()
        inbox.stop()


def _port(environ: MutableMapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ValueError(f"{name} is “{text}”; it must be a port number, 1 to 65535.")
    return int(text)


def _require_free(port: int) -> None:
    try:
        with socket.create_server((LOOPBACK, port)):
            pass
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        advice = f"Try another: make run PORT={port + 1}"
        raise ValueError(f"Port {port} cannot be used ({reason}). {advice}") from None


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(os.environ))
