"""Key files: made for their owner alone, refused where missing, open to others or too short."""

import stat
from base64 import b64encode
from pathlib import Path

import pytest

from config import Settings, SettingsError


def settings_in(directory: Path, **more: str) -> Settings:
    environ = {"UKETSUKE_ENV": "development", "UKETSUKE_INSTANCE_DIR": str(directory)}
    return Settings.from_environment(environ | more)


@pytest.fixture
def ready(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    settings.create_secret_key()
    settings.root_key_file.write_bytes(bytes(32))
    settings.root_key_file.chmod(0o400)
    return settings


def test_what_the_set_up_makes_is_ready(ready: Settings) -> None:
    ready.require_ready()
    assert len(bytes.fromhex(ready.secret_key())) == 32


def test_a_secret_key_is_private_and_never_replaced(ready: Settings) -> None:
    before = ready.secret_key()
    assert stat.S_IMODE(ready.secret_key_file.stat().st_mode) == 0o400
    with pytest.raises(FileExistsError):
        ready.create_secret_key()
    assert ready.secret_key() == before


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    first, second = settings_in(tmp_path / "a"), settings_in(tmp_path / "b")
    first.create_secret_key()
    second.create_secret_key()
    assert first.secret_key() != second.secret_key()


def test_both_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="flask setup") as caught:
        settings_in(tmp_path).require_ready()
    assert [problem.split()[0] for problem in caught.value.problems] == [
        "UKETSUKE_SECRET_KEY_FILE",
        "UKETSUKE_ROOT_KEY_FILE",
    ]


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o444, 0o640, 0o601, 0o620])
@pytest.mark.parametrize("name", ["root.key", "secret.key"])
def test_a_file_open_to_others_is_refused(ready: Settings, name: str, mode: int) -> None:
    (ready.instance_dir / name).chmod(mode)
    with pytest.raises(SettingsError, match=f"mode {mode:04o}"):
        ready.require_ready()


def test_a_short_file_is_refused(ready: Settings) -> None:
    ready.secret_key_file.chmod(0o600)
    ready.secret_key_file.write_text("short")
    with pytest.raises(SettingsError, match="too short"):
        ready.require_ready()


def test_a_folder_is_no_key(ready: Settings) -> None:
    ready.secret_key_file.unlink()
    ready.secret_key_file.mkdir()
    with pytest.raises(SettingsError, match="not a file"):
        ready.require_ready()


def test_a_root_key_in_the_environment_needs_no_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, UKETSUKE_ROOT_KEY=b64encode(bytes(32)).decode())
    settings.create_secret_key()
    settings.require_ready()
