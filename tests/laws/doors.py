"""Which door a route belongs to: the public's, that of accounts, or the office.

A route that is in none of them is nobody's, and fails: whoever adds one says here whom it is for.
"""

from typing import Any

from flask import Flask

OF_THE_PROGRAM = frozenset({"static", "security.static", "admin.static"})
"""Style sheets, scripts, pictures: the same for everyone."""
FOR_ANYONE = frozenset(
    {
        "home.index",
        "form_pages.show",
        "form_pages.enter",
        "form_pages.check",
        "form_pages.send",
        "form_pages.sent",
        "form_pages.clear",
        "captcha.image",
        "captcha.sound",
        "captcha.renew",
        "confirmation.ask",
        "confirmation.complete",
        "own_links.ask",
        "own_links.open_own",
        "own_links.ask_address",
        "own_links.change_address",
        "own.index",
        "own.correct",
        "own.enter",
        "own.withdraw",
        "own.withdraw_now",
        "own.erasure",
        "own.ask_erasure",
        "own.lawful_request",
        "own.ask_lawful",
        "own.end",
        "own.ended",
        "lost_links.show",
        "lost_links.ask",
        "published.index",
        "published.one",
        "published.atom",
        "published.data",
        "published.picture",
        "security.login",
        "federation.begin",
        "federation.back",
        "federation.ended",
        "federation.signed_out",
        "passkeys.sign_in_options",
    }
)
"""They answer a visitor."""
OF_ACCOUNTS = frozenset(
    {
        "account.codes",
        "account.delete",
        "account.end_others",
        "account.end_session",
        "account.index",
        "account.options",
        "account.register",
        "federation.own",
        "passkeys.proof_options",
        "passkeys.prove",
        "passkeys.second_factor",
        "passkeys.second_factor_options",
        "passkeys.sign_in",
        "recovery.enter",
        "security.change_password",
        "security.logout",
        "security.two_factor_rescue",
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.two_factor_token_validation",
        "security.tf_select",
        "security.verify",
    }
)
"""A person's own; they refuse a visitor like the office, though they lie outside of it."""
OFFICE = "/admin/"


def is_public(endpoint: str) -> bool:
    return endpoint in FOR_ANYONE | OF_THE_PROGRAM


def is_staffs(rule: Any) -> bool:
    """What only a signed-in person is answered."""
    return bool(rule.endpoint in OF_ACCOUNTS or _is_in_the_office(rule))


def unclassified(app: Flask) -> list[str]:
    """Rules of the map that are no door's."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not is_public(rule.endpoint) and not is_staffs(rule)
    ]


def _is_in_the_office(rule: Any) -> bool:
    return str(rule.rule).startswith(OFFICE) and rule.endpoint not in OF_THE_PROGRAM
