"""The networks of a contract, as somebody writes them: one a line, and what is wrong with each.

It knows no contract; who is answered from them is decided by `models/security/contracts.py`.
"""

from ipaddress import IPv6Network, ip_network

from models.metadata.errors import Problem
from models.metadata.labels import Label

NETWORKS = Label("接続元のネットワーク", "Networks")
MOST_LINES, LONGEST_LINE = 100, 60
MAPPED_BITS = 96
"""Of an IPv6 address that stands for an IPv4 one: those before the latter."""


def read_networks(text: str) -> tuple[tuple[str, ...], list[Problem]]:
    """The networks, each once and spelled alike; and the problems, each with its line."""
    lines = [line.strip() for line in text.splitlines()]
    stated = [(number, line) for number, line in enumerate(lines, start=1) if line]
    if len(stated) > MOST_LINES:
        parameters: dict[str, object] = {"maximum": MOST_LINES}
        return (), [Problem("networks", "too_many_lines", NETWORKS, parameters)]
    found: dict[str, None] = {}
    problems = []
    for number, line in stated:
        code = problem_of(line)
        if code:
            problems.append(Problem("networks", code, NETWORKS, {"line": number}))
        else:
            found[spelled(line)] = None
    return tuple(found), problems


def problem_of(line: str) -> str:
    """The code of what is wrong; "" if it is a network, or a single address."""
    if len(line) > LONGEST_LINE or "%" in line:
        return "network"
    try:
        network = ip_network(line, strict=False)
    except ValueError:
        return "network"
    if network.prefixlen == 0:
        return "network_of_all"
    try:
        ip_network(line)
    except ValueError:
        return "network_begins_elsewhere"
    return ""


def spelled(line: str) -> str:
    """As it is kept. IPv4 addresses are asked for as such, however they were written."""
    network = ip_network(line)
    if isinstance(network, IPv6Network) and network.prefixlen >= MAPPED_BITS:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            network = ip_network(f"{mapped}/{network.prefixlen - MAPPED_BITS}")
    return str(network)
