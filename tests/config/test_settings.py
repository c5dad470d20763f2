"""Settings: defaults, what production refuses, that all problems are told and no secret is."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import NAMES, PREFIX, Environment, MailTls, Settings, SettingsError
from jobs.mail import Mailer

PRODUCTION = {"UKETSUKE_BASE_URL": "https://uketsuke.example.jp"}
DEVELOPMENT = {"UKETSUKE_ENV": "development"}
SECRET = "open-sesame-4711"
SIGN_IN = {"UKETSUKE_MAIL_USER": "kobe", "UKETSUKE_MAIL_PASSWORD": SECRET}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    return caught.value.problems


def test_production_is_the_default() -> None:
    settings = Settings.from_environment(PRODUCTION)
    assert settings.environment is Environment.PRODUCTION
    assert settings.is_production


def test_everything_lives_in_the_instance_folder(tmp_path: Path) -> None:
    environ = DEVELOPMENT | {"UKETSUKE_INSTANCE_DIR": str(tmp_path)}
    settings = Settings.from_environment(environ)
    assert settings.database_url == f"sqlite:///{tmp_path}/uketsuke.db"
    assert settings.keystore_url == f"sqlite:///{tmp_path}/keystore.db"
    assert settings.root_key_file == tmp_path / "root.key"
    assert settings.secret_key_file == tmp_path / "secret.key"


def test_instance_folder_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment(DEVELOPMENT)
    monkeypatch.chdir(tmp_path)
    assert settings.instance_dir.is_absolute()
    assert not settings.instance_dir.is_relative_to(tmp_path)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg(scheme: str) -> None:
    environ = PRODUCTION | {"UKETSUKE_DATABASE_URL": f"{scheme}://u:p%40ss@db.example.jp/kobe"}
    url = Settings.from_environment(environ).database_url
    assert url == "postgresql+psycopg://u:p%40ss@db.example.jp/kobe"


@pytest.mark.parametrize(
    ("tls", "port"), [("", 25), ("none", 25), ("starttls", 587), ("tls", 465)]
)
def test_mail_port_follows_tls(tls: str, port: int) -> None:
    assert Settings.from_environment(PRODUCTION | {"UKETSUKE_MAIL_TLS": tls}).mail_port == port


def test_mail_port_may_be_another() -> None:
    environ = PRODUCTION | {"UKETSUKE_MAIL_TLS": "tls", "UKETSUKE_MAIL_PORT": "2525"}
    settings = Settings.from_environment(environ)
    assert (settings.mail_port, settings.mail_tls) == (2525, MailTls.TLS)


def test_mails_come_from_the_public_host() -> None:
    assert Settings.from_environment(PRODUCTION).mail_sender == "no-reply@uketsuke.example.jp"
    assert Settings.from_environment(DEVELOPMENT).mail_sender == "no-reply@localhost"


@pytest.mark.parametrize(
    ("variable", "value", "about"),
    [
        ("UKETSUKE_CAPTCHA_FIXED_CODE", "123456", "development and testing only"),
        ("FLASK_DEBUG", "1", "FLASK_DEBUG"),
        ("FLASK_DEBUG", "yes", "FLASK_DEBUG"),
        ("UKETSUKE_BASE_URL", "http://uketsuke.example.jp", "https"),
        ("UKETSUKE_BASE_URL", "", "is not set"),
    ],
)
def test_production_refuses(variable: str, value: str, about: str) -> None:
    assert any(about in problem for problem in problems(PRODUCTION | {variable: value}))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("UKETSUKE_BASE_URL", "http://127.0.0.1:8000"),
        ("UKETSUKE_BASE_URL", "http://[::1]:8000/"),
        ("UKETSUKE_BASE_URL", "http://localhost"),
        ("FLASK_DEBUG", "0"),
        ("FLASK_DEBUG", "False"),
    ],
)
def test_production_accepts(variable: str, value: str) -> None:
    Settings.from_environment(PRODUCTION | {variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("UKETSUKE_ENV", "staging"),
        ("UKETSUKE_MAIL_TLS", "ssl3"),
        ("UKETSUKE_MAIL_PORT", "smtp"),
        ("UKETSUKE_MAIL_PORT", "-1"),
        ("UKETSUKE_MAIL_PORT", "0"),
        ("UKETSUKE_MAIL_PORT", "65536"),
        ("UKETSUKE_MAIL_PORT", "２５"),
        ("UKETSUKE_PROXY_HOPS", "9"),
        ("UKETSUKE_PROXY_HOPS", "1" * 5000),
        ("UKETSUKE_DATABASE_URL", "mysql://db/kobe"),
        ("UKETSUKE_DATABASE_URL", "sqlite://"),
        ("UKETSUKE_DATABASE_URL", "sqlite:///:memory:"),
        ("UKETSUKE_DATABASE_URL", "sqlite:///file::memory:?uri=true"),
        ("UKETSUKE_DATABASE_URL", "sqlite:///file:kobe?mode=memory&cache=shared&uri=true"),
        ("UKETSUKE_KEYSTORE_URL", "sqlite:///kobe.db?mode=memory"),
        ("UKETSUKE_KEYSTORE_URL", "sqlite://host/kobe.db"),
        ("UKETSUKE_KEYSTORE_URL", "postgresql:///kobe?port=x"),
        ("UKETSUKE_KEYSTORE_URL", "nonsense"),
        ("UKETSUKE_ROOT_KEY", "no base64!"),
        ("UKETSUKE_ROOT_KEY", b64encode(b"too short").decode()),
        ("UKETSUKE_BASE_URL", "ftp://example.jp"),
        ("UKETSUKE_BASE_URL", "https://example.jp/service"),
        ("UKETSUKE_BASE_URL", "https://user@example.jp"),
        ("UKETSUKE_BASE_URL", "https://example.jp:port"),
        ("UKETSUKE_CAPTCHA_FIXED_CODE", "12345"),
        ("UKETSUKE_CAPTCHA_FIXED_CODE", "１２３４５６"),
        ("UKETSUKE_MAIL_SENDER", "Kobe <no-reply@example.jp>"),
        ("UKETSUKE_MAIL_SENDER", "a@b.example\r\nBcc: c@d.example"),
        ("UKETSUKE_MAIL_SENDER", "受付@example.jp"),
        ("UKETSUKE_MAIL_SENDER", "no-reply@exa_mple.jp"),
        ("UKETSUKE_MAIL_SENDER", "no-reply@"),
        ("UKETSUKE_MAIL_SENDER", "a@b@example.jp"),
        ("UKETSUKE_MAIL_USER", "kobe"),
        ("UKETSUKE_DATABSE_URL", "sqlite:///misspelt.db"),
    ],
)
def test_a_wrong_value_is_refused_by_name(variable: str, value: str) -> None:
    found = problems(DEVELOPMENT | {variable: value})
    assert any(problem.startswith(variable) for problem in found)


@pytest.mark.parametrize(
    ("records", "keys"),
    [
        ("postgresql://db.example.jp/kobe", "postgresql://db.example.jp/kobe"),
        ("postgresql://u@db.example.jp/kobe", "postgresql://keys@DB.example.jp:5432/kobe"),
        ("postgresql://db.example.jp/kobe", "postgresql:///kobe?host=db.example.jp:5432"),
        ("postgresql://db.example.jp/kobe", "postgresql://db.example.jp/x?dbname=kobe"),
        ("postgresql://db.example.jp/kobe", "postgresql://kobe@db.example.jp"),
        ("postgresql://db.example.jp/k", "postgresql://db.example.jp/k?options=-csearch_path=x"),
        ("postgresql://localhost/kobe", "postgresql://127.0.0.1/kobe"),
        ("postgresql://localhost/kobe", "postgresql:///kobe"),
        ("sqlite:////tmp/uketsuke/k.db", "sqlite:////tmp/uketsuke/../uketsuke/k.db"),
        ("sqlite:////tmp/uketsuke/k.db", "sqlite:////tmp/uketsuke/k.db?timeout=5"),
        ("sqlite:///k.db", f"sqlite:///{Path.cwd()}/k.db"),
    ],
)
def test_the_keys_have_a_database_of_their_own(records: str, keys: str) -> None:
    environ = {"UKETSUKE_DATABASE_URL": records, "UKETSUKE_KEYSTORE_URL": keys}
    [problem] = problems(PRODUCTION | environ)
    assert "KEYSTORE_URL is the same database" in problem


@pytest.mark.parametrize(
    ("records", "keys"), [("/b", "/b"), ("/b", "/b/keys"), ("/b/records/..", "/b"), ("b", "./b/k")]
)
def test_backups_of_the_keys_have_a_folder_of_their_own(records: str, keys: str) -> None:
    environ = {"UKETSUKE_BACKUP_DIR": records, "UKETSUKE_KEYSTORE_BACKUP_DIR": keys}
    [problem] = problems(PRODUCTION | environ)
    assert "are one folder, or one is in the other" in problem
    apart = PRODUCTION | environ | {"UKETSUKE_KEYSTORE_BACKUP_DIR": "/vault"}
    assert str(Settings.from_environment(apart).keystore_backup_dir) == "/vault"


def test_a_link_to_the_records_file_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "keys.db").symlink_to(tmp_path / "records.db")
    urls = {
        "UKETSUKE_DATABASE_URL": f"sqlite:///{tmp_path}/records.db",
        "UKETSUKE_KEYSTORE_URL": f"sqlite:///{tmp_path}/keys.db",
    }
    assert "KEYSTORE_URL is the same database" in problems(PRODUCTION | urls)[0]


@pytest.mark.parametrize(
    ("records", "keys"),
    [
        ("postgresql://db.example.jp/kobe", "postgresql://keys.example.jp/kobe"),
        ("postgresql://db.example.jp/kobe", "postgresql://db.example.jp:5433/kobe"),
        ("postgresql://db.example.jp/kobe", "postgresql://db.example.jp/kobe_keys"),
        ("postgresql://db.example.jp/kobe", "sqlite:////tmp/kobe"),
    ],
)
def test_other_databases_are_others(records: str, keys: str) -> None:
    Settings.from_environment(
        PRODUCTION | {"UKETSUKE_DATABASE_URL": records, "UKETSUKE_KEYSTORE_URL": keys}
    )


@pytest.mark.parametrize("sign_in", [{}, SIGN_IN])
def test_mails_and_their_password_do_not_travel_in_clear(sign_in: dict[str, str]) -> None:
    server = {"UKETSUKE_MAIL_SERVER": "mail.example.jp"}
    assert "MAIL_TLS" in problems(PRODUCTION | sign_in | server)[0]
    Settings.from_environment(PRODUCTION | sign_in)  # to loopback they do not travel
    Settings.from_environment(DEVELOPMENT | sign_in | server)
    for tls in ("starttls", "tls"):
        Settings.from_environment(PRODUCTION | sign_in | server | {"UKETSUKE_MAIL_TLS": tls})


def test_all_problems_are_told_at_once() -> None:
    environ = {"UKETSUKE_MAIL_PORT": "x", "UKETSUKE_PROXY_HOPS": "x", "FLASK_DEBUG": "1"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    assert len(caught.value.problems) == 4
    assert all(problem in str(caught.value) for problem in caught.value.problems)


def test_repr_shows_no_secret() -> None:
    environ = PRODUCTION | {
        "UKETSUKE_DATABASE_URL": f"postgresql://u:{SECRET}@db.example.jp/kobe",
        "UKETSUKE_KEYSTORE_URL": f"postgresql://u:{SECRET}@keys.example.jp/kobe",
        "UKETSUKE_ROOT_KEY": b64encode(SECRET.ljust(32).encode()).decode(),
        "UKETSUKE_MAIL_USER": "kobe",
        "UKETSUKE_MAIL_PASSWORD": SECRET,
    }
    shown = repr(Settings.from_environment(environ))
    assert SECRET not in shown
    assert environ["UKETSUKE_ROOT_KEY"] not in shown


@given(
    name=st.sampled_from(["ROOT_KEY", "MAIL_PASSWORD", "DATABASE_URL", "KEYSTORE_URL"]),
    wrapping=st.sampled_from(["{}", "postgresql://u:{}@db:port/x", "{}://db", "sqlite://{}"]),
)
def test_a_problem_quotes_no_secret(name: str, wrapping: str) -> None:
    environ = PRODUCTION | {PREFIX + name: wrapping.format(SECRET)}
    assert SECRET not in "".join(problems(environ))


@given(
    st.dictionaries(
        st.sampled_from([PREFIX + name for name in NAMES]),
        st.text(max_size=40) | st.sampled_from(["production", "testing", "https://a.example.jp"]),
    )
)
def test_any_environment_gives_settings_or_a_settings_error(environ: dict[str, str]) -> None:
    try:
        settings = Settings.from_environment(environ)
    except SettingsError:
        return
    Mailer(settings)  # as the worker begins
    assert not (settings.is_production and settings.captcha_fixed_code)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", None),
        ("/dev/log", "/dev/log"),
        ("log.example.jp:514", ("log.example.jp", 514)),
        ("[::1]:514", ("::1", 514)),
    ],
)
def test_where_syslog_is(text: str, address: object) -> None:
    found = Settings.from_environment(PRODUCTION | {"UKETSUKE_AUDIT_SYSLOG": text})
    assert found.audit_syslog == address


@pytest.mark.parametrize(
    "text",
    ["nowhere", "host:", "host:x", ":514", "u@host:514", "host:0", "host:99999", "h:1/x", "["],
)
def test_what_is_no_address_of_syslog(text: str) -> None:
    [problem] = problems(PRODUCTION | {"UKETSUKE_AUDIT_SYSLOG": text})
    assert problem.startswith("UKETSUKE_AUDIT_SYSLOG is “")


def test_checkpoints_are_written_into_the_instance_folder_or_elsewhere(tmp_path: Path) -> None:
    environ = DEVELOPMENT | {"UKETSUKE_INSTANCE_DIR": str(tmp_path)}
    file = Settings.from_environment(environ).audit_checkpoint_file
    assert file == tmp_path / "audit-checkpoints.jsonl"
    environ["UKETSUKE_AUDIT_CHECKPOINT_FILE"] = "/mnt/worm/lines"
    assert Settings.from_environment(environ).audit_checkpoint_file == Path("/mnt/worm/lines")
