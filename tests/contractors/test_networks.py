"""Networks of a contract: any range is kept spelled alike and holds exactly its own addresses."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_views.contractors.networks import MOST_LINES, problem_of, read_networks, spelled
from models.security.contracts import is_answered_at

ADDRESSES = st.ip_addresses()


@st.composite
def networks(draw: st.DrawFn) -> IPv4Network | IPv6Network:
    address = draw(ADDRESSES)
    longest = 32 if address.version == 4 else 128
    return ip_network(f"{address}/{draw(st.integers(1, longest))}", strict=False)


@given(network=networks(), address=ADDRESSES)
def test_a_network_holds_its_own_addresses(
    network: IPv4Network | IPv6Network, address: object
) -> None:
    stated, problems = read_networks(f"\n {network} \n")
    assert problems == []
    mapped = getattr(address, "ipv4_mapped", None)
    is_inside = (mapped or address) in ip_network(stated[0])
    assert is_answered_at(stated, str(address)) is is_inside
    for edge in (network[0], network[-1]):
        assert is_answered_at(stated, str(edge))


@given(st.ip_addresses(v=4), st.integers(1, 32))
def test_an_ipv4_range_is_the_same_however_it_is_written(address: object, bits: int) -> None:
    """A server that listens on IPv6 sees IPv4 addresses as mapped ones."""
    network = ip_network(f"{address}/{bits}", strict=False)
    written = f"::ffff:{network.network_address}/{bits + 96}"
    assert spelled(written) == str(network)
    assert is_answered_at((str(network),), f"::ffff:{network[0]}")
    mapped = IPv6Address(f"::ffff:{network[-1]}")
    assert is_answered_at((spelled(written),), mapped.exploded)


@given(ADDRESSES)
def test_a_single_address_is_a_network_of_one(address: object) -> None:
    (stated,), problems = read_networks(str(address))
    assert problems == []
    assert ip_network(stated).num_addresses == 1


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=70))
def test_any_text_is_a_network_or_is_refused(text: str) -> None:
    stated, problems = read_networks(text)
    for one in stated:
        assert ip_network(one)
    for problem in problems:
        assert problem.text("ja") != problem.text("en")


WRONG = {
    "the office": "network",
    "203.0.113": "network",
    "203.0.113.0/33": "network",
    "203.0.113.256": "network",
    "203.0.113.0 - 203.0.113.9": "network",
    "fe80::1%eth0": "network",
    "fe80::1%eth0/64": "network",
    "2001:db8::/129": "network",
    "https://203.0.113.1": "network",
    "２０３.0.113.1": "network",
    "9" * 61: "network",
    "203.0.113.1/24": "network_begins_elsewhere",
    "2001:db8::1/64": "network_begins_elsewhere",
    "0.0.0.0/0": "network_of_all",
    "::/0": "network_of_all",
    "203.0.113.1/0": "network_of_all",
    "203.0.113.0/255.255.255.0": "",
    "203.0.113.7": "",
    "2001:DB8::": "",
}


@pytest.mark.parametrize(("line", "code"), WRONG.items())
def test_what_is_wrong_with_a_line(line: str, code: str) -> None:
    assert problem_of(line) == code


def test_each_is_kept_once_in_the_order_stated() -> None:
    text = "2001:DB8:0::/48\n203.0.113.0/24\n\n2001:db8::/48\n203.0.113.0/255.255.255.0"
    assert read_networks(text) == (("2001:db8::/48", "203.0.113.0/24"), [])


def test_a_range_of_mapped_addresses_and_others_stays_what_it_is() -> None:
    assert spelled("::/64") == "::/64"
    assert not is_answered_at(("::/64",), "::ffff:203.0.113.1")


def test_there_is_an_end_to_it() -> None:
    _, problems = read_networks("203.0.113.1\n" * (MOST_LINES + 1))
    assert [problem.code for problem in problems] == ["too_many_lines"]


@pytest.mark.parametrize("address", ["", "unix:", "testclient", "203.0.113.1, 10.0.0.1", "\0"])
def test_what_is_no_address_is_not_answered(address: str) -> None:
    assert not is_answered_at(("203.0.113.0/24",), address)
    assert is_answered_at((), address)
    assert ip_address("203.0.113.1") in ip_network("203.0.113.0/24")
