"""“make run” as a whole: it serves, ends without a trace, and a second start keeps everything."""

from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.service import Service, served


def processes_of(instance: Path) -> list[str]:
    """The command lines of all processes that were given this instance folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            environ = (process / "environ").read_bytes()
            if f"UKETSUKE_INSTANCE_DIR={instance}\0".encode() in environ:
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def content_of(instance: Path, *names: str) -> dict[str, bytes]:
    return {name: (instance / name).read_bytes() for name in names}


@pytest.mark.slow
def test_it_serves_ends_whole_and_starts_again(tmp_path: Path) -> None:
    keys = ("root.key", "secret.key")
    with served(tmp_path) as first:
        with urlopen(first.base_url, timeout=30) as answer:
            assert answer.status == 200
        assert {"gunicorn", "worker"} <= set(" ".join(processes_of(first.instance)).split())
        made = content_of(first.instance, *keys)
        assert first.stop() == 0
    assert processes_of(first.instance) == []
    with served(tmp_path) as second:
        assert content_of(second.instance, *keys) == made
    assert processes_of(second.instance) == []


@pytest.mark.slow
def test_another_mail_server_means_no_inbox(service: Service) -> None:
    assert service.environ["UKETSUKE_MAIL_SERVER"]
    assert "mail inbox" not in service.output
