"""What a job's message tells the staff: sentences in English, one a line, for `gettext`.

No sentence quotes an error: mail servers repeat addresses in theirs.
"""

import smtplib
import ssl
from typing import NamedTuple

from config.mail_addresses import Undeliverable
from crypto.errors import BadTag
from jobs.mail import UnsafeHeader
from jobs.mailbox import MailboxRefused
from jobs.outbox import SEND_MAIL
from jobs.smtp import UncertainDelivery
from models.records.checkpoints.making import AuditTampered, CheckpointNotWritten

ERASED = "The record was erased before this job was done."
STOPPED = "A worker stopped while it did this job, so it was done again."
MAYBE_TWICE = "This mail may have been sent twice."
BROKE_OFF = "The connection to the mail server broke while the mail was handed over."
BAD_ADDRESS = "The address is not one that mail can be sent to."
UNSAFE = "The mail was not sent: a header holds a control character."
REFUSED = "The mail server refused the mail."
UNREACHABLE = "The mail server could not be reached."
CERTIFICATE = "The mail server's certificate was not accepted."
NOT_OFFERED = "The mail server does not offer the encryption or sign-in of the settings."
SIGN_IN = "The mail server refused the sign-in."
MAILBOX = "The mailbox refused the sign-in or what it was asked for."
ALTERED = "What the job carries was altered and does not open."
TAMPERED = "The audit log is not as it was written. See the audit log's inspection."
NO_CHECKPOINT = "The checkpoint of the audit log could not be written."
GIVEN_UP = "Workers stopped each time they did this job; it is not tried again."
UNEXPECTED = "The job broke off for a reason that the platform does not know."
LASTING = (STOPPED, MAYBE_TWICE)
"""Said once, they stand whatever becomes of the job later."""


class Failure(NamedTuple):
    """What to say, and whether trying again is of no use."""

    reason: str
    is_final: bool = False


def taken_over(kind: str) -> str:
    """For a job whose worker died: it may have been done, or not."""
    return f"{STOPPED}\n{MAYBE_TWICE}" if kind == SEND_MAIL else STOPPED


def joined(message: str, reason: str = "") -> str:
    """The lasting sentences of a message, and the new ones."""
    lines = [line for line in message.split("\n") if line in LASTING]
    lines += [line for line in reason.split("\n") if line and line not in lines]
    return "\n".join(lines)


def failure(error: Exception) -> Failure:
    """What an error means for the job, in words that hold no personal value."""
    match error:
        case UncertainDelivery():
            return Failure(f"{BROKE_OFF}\n{MAYBE_TWICE}")
        case Undeliverable():
            return Failure(BAD_ADDRESS, is_final=True)
        case UnsafeHeader():
            return Failure(UNSAFE, is_final=True)
        case AuditTampered():
            return Failure(TAMPERED, is_final=True)
        case CheckpointNotWritten():
            return Failure(f"{NO_CHECKPOINT}\n{error}")
        case BadTag():
            return Failure(ALTERED, is_final=True)
        case smtplib.SMTPException() | MailboxRefused():
            return _of_server(error)
        case ssl.SSLError():
            return Failure(CERTIFICATE)
        case OSError():
            return Failure(f"{UNREACHABLE}\n{error.strerror or type(error).__name__}")
    return Failure(f"{UNEXPECTED}\n{type(error).__name__}")


def _of_server(error: smtplib.SMTPException | MailboxRefused) -> Failure:
    """4xx is a "not now", 5xx a "no" (RFC 5321 §4.2.1); about the mail, that is: a sign-in that
    is refused is ours to mend, and the mail shall wait for it."""
    match error:
        case MailboxRefused():
            return Failure(MAILBOX)
        case smtplib.SMTPRecipientsRefused():
            code = max(code for code, _ in error.recipients.values())
            return Failure(f"{REFUSED}\nSMTP {code}", is_final=code >= 500)
        case smtplib.SMTPDataError():
            return Failure(f"{REFUSED}\nSMTP {error.smtp_code}", is_final=error.smtp_code >= 500)
        case smtplib.SMTPAuthenticationError():
            return Failure(f"{SIGN_IN}\nSMTP {error.smtp_code}")
        case smtplib.SMTPResponseException():
            return Failure(f"{REFUSED}\nSMTP {error.smtp_code}")
        case smtplib.SMTPNotSupportedError():
            return Failure(NOT_OFFERED)
    return Failure(UNREACHABLE)
