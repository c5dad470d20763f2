"""One pass over the environment variables: a value for each, and all that was wrong on the way.

Problems name the variable and never quote a secret. Knows no file and no key.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from config import addresses
from config.mail_addresses import Undeliverable, deliverable

PREFIX = "UKETSUKE_"
NAMES = (
    "ENV",
    "INSTANCE_DIR",
    "DATABASE_URL",
    "KEYSTORE_URL",
    "ROOT_KEY_FILE",
    "ROOT_KEY",
    "SECRET_KEY_FILE",
    "BACKUP_DIR",
    "KEYSTORE_BACKUP_DIR",
    "BACKUP_DAYS",
    "AUDIT_CHECKPOINT_FILE",
    "AUDIT_SYSLOG",
    "BASE_URL",
    "PROXY_HOPS",
    "SESSION_IDLE_MINUTES",
    "SESSION_HOURS",
    "MAIL_SERVER",
    "MAIL_PORT",
    "MAIL_TLS",
    "MAIL_USER",
    "MAIL_PASSWORD",
    "MAIL_SENDER",
    "IMAP_SERVER",
    "IMAP_PORT",
    "IMAP_TLS",
    "IMAP_USER",
    "IMAP_PASSWORD",
    "IMAP_FOLDER",
    "IMAP_ADDRESS",
    "IMAP_SUBADDRESSES",
    "CAPTCHA_FIXED_CODE",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET_FILE",
    "OIDC_NAME",
    "OIDC_GROUPS_CLAIM",
    "OIDC_SCOPES",
    "OIDC_REQUIRE_MFA",
    "OIDC_ACR",
)
ROOT_KEY_BYTES = 32
SWITCHED_OFF = {"", "0", "false", "no"}
"""What Flask takes FLASK_DEBUG's off to be."""
SWITCHES = {"on": True, "off": False}


class Environment(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TESTING = "testing"


class MailTls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


Choice = TypeVar("Choice", Environment, MailTls)


class Reading:
    """Gives every variable a value, a usable one even where it reports a problem."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []
        self._refuse_unknown_names()
        self.environment = self._choice("ENV", Environment.PRODUCTION)
        self.mail_tls = self._choice("MAIL_TLS", MailTls.NONE)
        self.instance_dir = Path(self.text("INSTANCE_DIR", "instance")).absolute()
        self.base_url = self._base_url()
        if self._in_production and environ.get("FLASK_DEBUG", "").lower() not in SWITCHED_OFF:
            self.problems.append("FLASK_DEBUG is on; in production it must be off.")

    def text(self, name: str, default: str = "") -> str:
        """The variable's text; a variable that is set but empty counts as not set."""
        value = self._environ.get(PREFIX + name, "").strip() or default
        if not value.isprintable():
            self.report(name, "holds a control character")
            return default
        return value

    def path(self, name: str, file_name: str) -> Path:
        return Path(self.text(name, str(self.instance_dir / file_name))).absolute()

    def folder(self, name: str) -> Path | None:
        text = self.text(name)
        return Path(text).absolute() if text else None

    def number(self, name: str, default: int, *, allowed: range) -> int:
        text = self.text(name, str(default))
        is_short = len(text) <= len(str(allowed[-1]))  # Python reads no number of 5,000 digits
        if is_short and text.isascii() and text.isdigit() and int(text) in allowed:
            return int(text)
        first, last = allowed[0], allowed[-1]
        self.report(name, f"is “{text}”; it must be a whole number from {first} to {last}")
        return default

    def switch(self, name: str, default: str) -> bool:
        text = self.text(name, default).lower()
        if text not in SWITCHES:
            self.report(name, f"is “{text}”; it must be on or off")
        return SWITCHES.get(text, SWITCHES[default])

    def tls(self, name: str, default: MailTls) -> MailTls:
        return self._choice(name, default)

    def database_url(self, name: str, file_name: str) -> str:
        default = f"sqlite:///{self.instance_dir / file_name}"
        try:
            url = addresses.shared_database(self.text(name, default))
        except ValueError as error:
            self.report(name, str(error))
            return default
        return url.render_as_string(hide_password=False)

    def root_key(self) -> str:
        text = self.text("ROOT_KEY")
        if text and self.text("ROOT_KEY_FILE"):
            self.report("ROOT_KEY", f"and {PREFIX}ROOT_KEY_FILE are both set; keep one")
        try:
            if text and len(b64decode(text, validate=True)) != ROOT_KEY_BYTES:
                self.report("ROOT_KEY", f"must be {ROOT_KEY_BYTES} bytes in base64")
        except (Base64Error, ValueError):
            self.report("ROOT_KEY", "is not base64")
        return text

    def mail_sender(self) -> str:
        host = addresses.host_of(self.base_url)
        domain = "localhost" if not host or addresses.is_loopback(host) else host
        sender = self.text("MAIL_SENDER", f"no-reply@{domain}")
        try:
            deliverable(sender)
        except Undeliverable as error:
            self.report("MAIL_SENDER", f"is “{sender}”, which no mail can come from: {error}")
        else:
            if sender.count("@") != 1 or " " in sender:
                self.report("MAIL_SENDER", f"is “{sender}”; it must be a bare e-mail address")
        return sender

    def captcha_fixed_code(self) -> str:
        code = self.text("CAPTCHA_FIXED_CODE")
        if code and self._in_production:
            self.report("CAPTCHA_FIXED_CODE", "is set; it is for development and testing only")
        elif code and not (len(code) == 6 and code.isascii() and code.isdigit()):
            self.report("CAPTCHA_FIXED_CODE", "must be six digits")
        return code

    def syslog(self, name: str) -> addresses.SyslogAddress:
        text = self.text(name)
        try:
            return addresses.syslog(text) if text else None
        except ValueError:
            self.report(name, f"is “{text}”; it must be a socket's path or host:port")
            return None

    def report(self, name: str, what: str) -> None:
        self.problems.append(f"{PREFIX}{name} {what}.")

    @property
    def _in_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    def _refuse_unknown_names(self) -> None:
        """A misspelt variable would silently leave its default, on the wrong database say."""
        given = {key.removeprefix(PREFIX) for key in self._environ if key.startswith(PREFIX)}
        for name in sorted(given - set(NAMES)):
            self.report(name, "is not a setting; see docs/settings.md")

    def _choice(self, name: str, default: Choice) -> Choice:
        text = self.text(name, default)
        try:
            return type(default)(text)
        except ValueError:
            allowed = ", ".join(type(default))
            self.report(name, f"is “{text}”; it must be one of {allowed}")
            return default

    def _base_url(self) -> str:
        default = "" if self._in_production else "http://127.0.0.1:8000"
        text = self.text("BASE_URL", default).rstrip("/")
        if not text:
            self.report("BASE_URL", "is not set; give the address people type, with https")
        elif not addresses.is_origin(text):
            self.report("BASE_URL", "must be https://host or https://host:port, without a path")
        elif self._in_production and not addresses.is_private_on_the_way(text):
            self.report("BASE_URL", f"is “{text}”; in production it must begin with https://")
        return text
