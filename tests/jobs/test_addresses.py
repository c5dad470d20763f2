"""Addresses as people have them reach a real server, one at a time."""

from email import message_from_bytes, policy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.mail_addresses import Undeliverable, deliverable
from jobs.mail import Mail, Mailer
from models.metadata.attribute_types import InvalidValue, type_of
from tests.jobs.post import settings
from tests.support.attributes import attribute
from tests.support.post_office import PostOffice

MAILER = Mailer(settings(25))
EMAIL = attribute("String", format="Email", max_length=254)
OLD = [
    ("taro.@docomo.ne.jp", '"taro."@docomo.ne.jp'),
    ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
    (".hanako@ezweb.ne.jp", '".hanako"@ezweb.ne.jp'),
    ("a...b..@docomo.ne.jp", '"a...b.."@docomo.ne.jp'),
    ("-_-.@docomo.ne.jp", '"-_-."@docomo.ne.jp'),
]
PLAIN = [
    "taro@example.jp",
    "o'neil+kobe@example.jp",
    "a/b=c@example.co.jp",
    "!#$%&'*+-/=?^_`{|}~@example.jp",
    '"taro yamada"@example.jp',
]


@pytest.mark.parametrize(("address", "quoted"), OLD)
def test_old_addresses_are_quoted(address: str, quoted: str) -> None:
    assert deliverable(address) == quoted


@given(st.emails() | st.text(max_size=12).map("{}@例え.jp".format) | st.from_regex(r"\S+@\S+"))
def test_what_a_form_accepts_can_be_sent_to(address: str) -> None:
    try:
        kept = type_of(EMAIL).parse(EMAIL, address)
    except InvalidValue:
        return
    assert kept is None or deliverable(str(kept)).isascii()


@pytest.mark.parametrize("address", PLAIN)
def test_others_stay_as_they_are(address: str) -> None:
    assert deliverable(address) == address


@pytest.mark.parametrize("address", [*(one for one, _ in OLD), *PLAIN, "taro@日本語.jp"])
def test_a_real_server_gets_the_very_address(
    mailer: Mailer, smtp_server: PostOffice, address: str
) -> None:
    mailer.send(Mail(to=address, subject="件名", body="本文", identity="1"))
    (received,) = smtp_server.mails
    assert [_bare(one) for one in received.recipients] == [_bare(deliverable(address))]
    (to,) = received.message["To"].addresses
    assert _bare(to.addr_spec) == _bare(deliverable(address))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "taro",
        "taro@",
        "taro@example.jp,victim@example.jp, ",
        "taro@exa mple.jp",
        "taro@<victim@example.jp>",
        "山田@example.jp",
        "taro@example.jp\r\nRCPT TO:<victim@example.jp>",
        "taro\0@example.jp",
        "taro@-",
        "taro@例え..",
    ],
)
def test_what_no_mail_can_be_sent_to(address: str) -> None:
    with pytest.raises(Undeliverable):
        deliverable(address)


@given(local=st.text(min_size=1, max_size=40), domain=st.sampled_from(["example.jp", "日本.jp"]))
def test_never_more_than_one_address(local: str, domain: str) -> None:
    """Whatever stands before the last @, the header and the envelope name one address."""
    address = f"{local}@{domain}"
    try:
        made = deliverable(address)
    except Undeliverable:
        return
    assume(len(made) < 254)
    message = MAILER.message(Mail(to=address, subject="a", body="b", identity="1"))
    parsed = message_from_bytes(MAILER.as_bytes(message), policy=policy.default)
    (to,) = parsed["To"].addresses
    assert _bare(to.addr_spec) == _bare(made)
    assert to.domain.isascii()


def _bare(address: str) -> str:
    """Without the quotes around a local part: `"taro."@…` and `taro.@…` are one address."""
    local, _, domain = address.rpartition("@")
    if local.startswith('"') and local.endswith('"'):
        local = local[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return f"{local}@{domain}"
