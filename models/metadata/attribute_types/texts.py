"""String (text, e-mail, phone, URL), Memo and AutoNumber: everything that is kept as text.

Length is counted in Unicode code points after NFC and CRLF → LF, as the form's counter does.
"""

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from crypto.normalisers import national_phone, normalise_phone
from crypto.unicode_forms import normal_form
from models.metadata.attribute_types.base import AttributeType, InvalidValue
from models.metadata.definitions import AttributeDefinition

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""Dots may stand anywhere in the local part: docomo and au once issued such addresses."""
LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
LONGEST_URL = 2048


def tidy(value: object) -> str:
    """One spelling for one text: NFC, LF line ends, no control characters."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    try:
        text = normal_form("NFC", text)
        text.encode()
    except ValueError as error:  # more marks than any script writes; half a surrogate pair
        raise InvalidValue("control_characters") from error
    if CONTROL.search(text):
        raise InvalidValue("control_characters")
    return text


def _limited(attribute: AttributeDefinition, text: str) -> str:
    if len(text) > attribute.max_length:
        raise InvalidValue("too_long", maximum=attribute.max_length, length=len(text))
    return text


def _plain(attribute: AttributeDefinition, text: str) -> str:
    if attribute.index:
        try:
            normal_form("NFKC", text)  # as the blind index spells it
        except ValueError as error:
            raise InvalidValue("control_characters") from error
    return _limited(attribute, text)


def _email(attribute: AttributeDefinition, text: str) -> str:
    try:
        address = normal_form("NFKC", text)
        if len(address) > LONGEST_ADDRESS:
            raise InvalidValue("email")
        if not PLAIN_ADDRESS.fullmatch(address):
            # Of no use: an address outside ASCII that the office's mail server may not take.
            validate_email(address, check_deliverability=False, strict=True, allow_smtputf8=False)
    except (ValueError, EmailNotValidError) as error:
        raise InvalidValue("email") from error
    return _limited(attribute, address)


def _phone(attribute: AttributeDefinition, text: str) -> str:
    """The national form: what people read, and dial."""
    try:
        return national_phone(normalise_phone(text))
    except ValueError as error:
        raise InvalidValue("phone") from error


def _url(attribute: AttributeDefinition, text: str) -> str:
    _limited(attribute, text)  # first: urlsplit brings a host into another normal form
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError as error:
        raise InvalidValue("url") from error
    if parts.scheme not in {"http", "https"} or not host or re.search(r"[\s<>\"\\]", text):
        raise InvalidValue("url")
    return text


def _text_column() -> TypeEngine[Any]:
    """Of any length: a longer max_length must not rewrite the table. In the order of code points
    everywhere: SQLite has no other, and a server's own changes with its libraries."""
    return Text().with_variant(Text(collation="C"), "postgresql")


FORMATS = {"": _plain, "Text": _plain, "Email": _email, "Phone": _phone, "Url": _url}


class StringType(AttributeType):
    name: ClassVar[str] = "String"

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return _text_column()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        text = tidy(value).strip()
        if not text:
            return None
        if "\n" in text or "\t" in text:
            raise InvalidValue("one_line")
        return FORMATS[attribute.format](attribute, text)


class MemoType(AttributeType):
    name: ClassVar[str] = "Memo"
    is_orderable: ClassVar[bool] = False

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return _text_column()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        text = tidy(value)
        if not text.strip():
            return None
        return _limited(attribute, text)


class AutoNumberType(StringType):
    """A String the service fills in: see `models/records/autonumber.py`."""

    name: ClassVar[str] = "AutoNumber"
