"""What `autocomplete` of a control may say: HTML's autofill detail tokens, by which a browser
knows what to fill in (WCAG 1.3.5). Any other word would help nobody, and nobody would notice.

https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill
"""

import re

from models.metadata.errors import DefinitionError

SECTION = re.compile(r"section-\S+")
PLACES = {"shipping", "billing"}
KINDS = {"home", "work", "mobile", "fax", "pager"}
CONTACTS = {
    "tel", "tel-country-code", "tel-national", "tel-area-code", "tel-local", "tel-local-prefix",
    "tel-local-suffix", "tel-extension", "email", "impp",
}  # fmt: skip
OTHERS = {
    "name", "honorific-prefix", "given-name", "additional-name", "family-name", "honorific-suffix",
    "nickname", "username", "new-password", "current-password", "one-time-code",
    "organization-title", "organization", "street-address", "address-line1", "address-line2",
    "address-line3", "address-level4", "address-level3", "address-level2", "address-level1",
    "country", "country-name", "postal-code", "cc-name", "cc-given-name", "cc-additional-name",
    "cc-family-name", "cc-number", "cc-exp", "cc-exp-month", "cc-exp-year", "cc-csc", "cc-type",
    "transaction-currency", "transaction-amount", "language", "bday", "bday-day", "bday-month",
    "bday-year", "sex", "url", "photo",
}  # fmt: skip


def require_autofill(text: str, where: str) -> None:
    """DefinitionError for what no browser understands; nothing stated is fine."""
    tokens = text.split(" ") if text else []
    if tokens in ([], ["on"], ["off"]):
        return
    if tokens[-1] == "webauthn" and len(tokens) > 1:
        tokens.pop()
    name, before = tokens[-1], tokens[:-1]
    if before and SECTION.fullmatch(before[0]):
        before = before[1:]
    if before and before[0] in PLACES:
        before = before[1:]
    if before and before[0] in KINDS and name in CONTACTS:
        before = before[1:]
    if before or name not in CONTACTS | OTHERS:
        message = f"{text!r} is no token of HTML's autocomplete, like email, tel, organization"
        raise DefinitionError(message, where=where, key="autocomplete")
