"""The settings as one frozen value, and the two moments at which they are refused.

`Settings.from_environment` refuses what contradicts itself or is unsafe; `require_ready` refuses
to serve with key files that are missing or open to others. Both tell every problem at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from config import addresses, key_files, mailbox, single_sign_on
from config.mailbox import Mailbox
from config.reading import PREFIX, Environment, MailTls, Reading
from config.single_sign_on import SingleSignOn

MAIL_PORTS = {MailTls.NONE: 25, MailTls.STARTTLS: 587, MailTls.TLS: 465}
PORTS = range(1, 65536)
PROXY_HOPS = range(9)
BACKUP_DAYS = range(1, 3651)
SESSION_IDLE_MINUTES = range(5, 61)
SESSION_HOURS = range(1, 25)


class SettingsError(Exception):
    """The settings do not allow a start; `problems` has every reason, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["Uketsuke cannot start:", *(f"- {p}" for p in problems)]))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation chose. Secrets and addresses that may hold one stay out of `repr`."""

    environment: Environment
    """UKETSUKE_ENV: production unless said otherwise; the two others are for engineers."""
    instance_dir: Path
    """UKETSUKE_INSTANCE_DIR: where files of this installation live; absolute."""
    database_url: str = field(repr=False)
    """UKETSUKE_DATABASE_URL: sqlite:///… or postgresql+psycopg://…, for SQLAlchemy."""
    keystore_url: str = field(repr=False)
    """UKETSUKE_KEYSTORE_URL: the data keys' own database, never the one above."""
    root_key_file: Path
    """UKETSUKE_ROOT_KEY_FILE: 32 raw bytes, mode 0400; not read where `root_key` is set."""
    root_key: str = field(repr=False)
    """UKETSUKE_ROOT_KEY: the root key as base64 text instead of a file; empty if a file."""
    secret_key_file: Path
    """UKETSUKE_SECRET_KEY_FILE: what signs cookies and form tokens; mode 0400."""
    audit_checkpoint_file: Path
    """UKETSUKE_AUDIT_CHECKPOINT_FILE: the audit's second place, only appended to."""
    audit_syslog: addresses.SyslogAddress
    """UKETSUKE_AUDIT_SYSLOG: /dev/log or host:port; None without."""
    backup_dir: Path | None
    """UKETSUKE_BACKUP_DIR: where backups of the records are kept; None without."""
    keystore_backup_dir: Path | None
    """UKETSUKE_KEYSTORE_BACKUP_DIR: where those of the keystore are, never below the other one."""
    backup_days: int
    """UKETSUKE_BACKUP_DAYS: after how many days no backup of the records can be read any more."""
    base_url: str
    """UKETSUKE_BASE_URL: how people reach the service, no slash at the end; for links in mails."""
    proxy_hops: int
    """UKETSUKE_PROXY_HOPS: how many reverse proxies in front are trusted for X-Forwarded-*."""
    session_idle: timedelta
    """UKETSUKE_SESSION_IDLE_MINUTES: how long a session of staff may lie unused."""
    session_length: timedelta
    """UKETSUKE_SESSION_HOURS: how long it lives however much it is used."""
    mail_server: str
    """UKETSUKE_MAIL_SERVER: host name or address of the SMTP server."""
    mail_port: int
    """UKETSUKE_MAIL_PORT: 25, 587 with starttls, 465 with tls, unless said otherwise."""
    mail_tls: MailTls
    """UKETSUKE_MAIL_TLS: none, starttls, tls."""
    mail_user: str
    """UKETSUKE_MAIL_USER: empty = the server asks for no sign-in."""
    mail_password: str = field(repr=False)
    """UKETSUKE_MAIL_PASSWORD: with the user, or not at all."""
    mail_sender: str
    """UKETSUKE_MAIL_SENDER: the address all mails come from."""
    mailbox: Mailbox | None
    """Where answers to the office's mails come; None where they are fetched from nowhere."""
    captcha_fixed_code: str = field(repr=False)
    """UKETSUKE_CAPTCHA_FIXED_CODE: six digits every CAPTCHA shows; never in production."""
    single_sign_on: SingleSignOn | None
    """The identity provider of the office; None where there is none."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings `environ` describes; SettingsError lists all that is wrong with it."""
        reading = Reading(environ)
        settings = cls(
            environment=reading.environment,
            instance_dir=reading.instance_dir,
            database_url=reading.database_url("DATABASE_URL", "uketsuke.db"),
            keystore_url=reading.database_url("KEYSTORE_URL", "keystore.db"),
            root_key_file=reading.path("ROOT_KEY_FILE", "root.key"),
            root_key=reading.root_key(),
            secret_key_file=reading.path("SECRET_KEY_FILE", "secret.key"),
            audit_checkpoint_file=reading.path("AUDIT_CHECKPOINT_FILE", "audit-checkpoints.jsonl"),
            audit_syslog=reading.syslog("AUDIT_SYSLOG"),
            backup_dir=reading.folder("BACKUP_DIR"),
            keystore_backup_dir=reading.folder("KEYSTORE_BACKUP_DIR"),
            backup_days=reading.number("BACKUP_DAYS", 35, allowed=BACKUP_DAYS),
            base_url=reading.base_url,
            proxy_hops=reading.number("PROXY_HOPS", 0, allowed=PROXY_HOPS),
            session_idle=timedelta(
                minutes=reading.number("SESSION_IDLE_MINUTES", 30, allowed=SESSION_IDLE_MINUTES)
            ),
            session_length=timedelta(
                hours=reading.number("SESSION_HOURS", 12, allowed=SESSION_HOURS)
            ),
            mail_server=reading.text("MAIL_SERVER", "127.0.0.1"),
            mail_port=reading.number("MAIL_PORT", MAIL_PORTS[reading.mail_tls], allowed=PORTS),
            mail_tls=reading.mail_tls,
            mail_user=reading.text("MAIL_USER"),
            mail_password=reading.text("MAIL_PASSWORD"),
            mail_sender=reading.mail_sender(),
            mailbox=mailbox.read(reading),
            captcha_fixed_code=reading.captcha_fixed_code(),
            single_sign_on=single_sign_on.read(reading),
        )
        if problems := reading.problems + _contradictions(settings):
            raise SettingsError(problems)
        return settings

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def is_tls(self) -> bool:
        """Whether people come by TLS: then cookies travel by it alone, whatever a proxy says."""
        return self.base_url.startswith("https://")

    def require_ready(self) -> None:
        """Refuse to serve while a key is missing or open to others.

        Apart from `from_environment`, so that `flask setup` can run before the files exist.
        """
        files = {"SECRET_KEY_FILE": self.secret_key_file}
        if not self.root_key:
            files["ROOT_KEY_FILE"] = self.root_key_file
        found = {name: key_files.problem(path) for name, path in files.items()}
        if self.single_sign_on is not None:
            found["OIDC_CLIENT_SECRET_FILE"] = self.single_sign_on.problem_of_secret()
        if any(found.values()):
            raise SettingsError([f"{PREFIX}{name} {why}." for name, why in found.items() if why])

    def secret_key(self) -> str:
        """What signs cookies and form tokens: 64 hexadecimal digits."""
        return self.secret_key_file.read_text(encoding="ascii")

    def create_secret_key(self) -> None:
        """Make the secret key's file for the set-up; FileExistsError if there is one."""
        key_files.create(self.secret_key_file)


def _contradictions(settings: Settings) -> list[str]:
    """What each variable alone allows and all of them together do not."""
    problems = []
    if addresses.place_of(settings.database_url) == addresses.place_of(settings.keystore_url):
        problems.append(
            f"{PREFIX}KEYSTORE_URL is the same database as {PREFIX}DATABASE_URL; keys beside the "
            "records would be in the same backups."
        )
    if addresses.overlap(settings.backup_dir, settings.keystore_backup_dir):
        problems.append(
            f"{PREFIX}BACKUP_DIR and {PREFIX}KEYSTORE_BACKUP_DIR are one folder, or one is in the "
            "other; who has both can read what was erased."
        )
    if bool(settings.mail_user) != bool(settings.mail_password):
        problems.append(f"{PREFIX}MAIL_USER and {PREFIX}MAIL_PASSWORD go together; set both.")
    leaves = settings.mail_tls is MailTls.NONE and not addresses.is_loopback(settings.mail_server)
    if leaves and settings.is_production:
        problems.append(
            f"{PREFIX}MAIL_TLS is none; in production mails, whose links confirm applications, "
            "must not travel in clear: starttls or tls, or a server on this machine."
        )
    return problems
