"""`flask security explain`: the rules that allow it or would be needed, in either language."""

import json

import pytest

from models.tables.record_data import AuditEntry
from tests.admin_views.office import let_all_work
from tests.cli.installation import ENTITY, Installation

ACCOUNTS = {
    "kobe_operator": ("setsumei.operator@example.jp", "運営事務局"),
    "auditor": ("setsumei.auditor@example.jp", "神戸市"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, kobe: Installation) -> Installation:
    made = kobe.copy(tmp_path_factory.mktemp("explained"))
    for role, (email, unit) in ACCOUNTS.items():
        stated = ("--email", email, "--role", role, "--business-unit", unit, "--password-stdin")
        result = made.flask("user", "create", *stated, stdin="rivers under seven bridges\n")
        assert result.exit_code == 0, result.output
    with made.engine() as engine:
        let_all_work(engine.database)
    return made


def explained(office: Installation, role: str, *asked: str) -> str:
    return office.done("security", "explain", "--user", ACCOUNTS[role][0], *asked)


def test_what_is_allowed_names_the_rules(office: Installation) -> None:
    record = str(office.records()[0]["id"])
    told = explained(
        office,
        "kobe_operator",
        *("--entity", ENTITY, "--privilege", "read", "--record", record),
        *("--attribute", "kobe_phone"),
    )
    assert told.startswith("yes\n[yes] Is the account active?\n    The account is active.\n")
    assert "The role “Secretariat” grants Read; level: Local (business unit)." in told
    assert "“kobe_operator” (Secretariat) grants: read, masked, and unmasked one" in told
    assert "[no]" not in told


def test_what_is_not_names_what_would_be_needed_in_japanese(office: Installation) -> None:
    asked = ("--entity", ENTITY, "--privilege", "Reveal", "--attribute", "kobe_phone")
    told = explained(office, "auditor", *asked, "--language", "ja").splitlines()
    assert told[0] == "不可"
    assert told.count("    次のいずれかが必要：") == 3
    assert "    - ロール「事務局」（範囲：部署）。" in told


def test_it_is_audited_as_the_shell(office: Installation) -> None:
    explained(office, "auditor", "--privilege", "ReadAudit")
    entry = json.loads(office.rows(AuditEntry)[-1].body)
    assert entry["action"] == "explain_access"
    assert entry["by"].startswith("flask security explain by ")
    assert entry["details"] == {"account": ACCOUNTS["auditor"][0], "privilege": "ReadAudit"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--user", "dare@example.jp", "--privilege", "Export"), "there is no account dare"),
        (("--privilege", "Read"), "name the entity"),
        (("--privilege", "Delete", "--entity", ENTITY, "--attribute", "kobe_email"), "touches no"),
        (("--privilege", "Export", "--entity", "kobe_nothing"), "kobe_nothing"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    office: Installation, asked: tuple[str, ...], said: str
) -> None:
    user = () if "--user" in asked else ("--user", ACCOUNTS["auditor"][0])
    output = office.refused("security", "explain", *user, *asked)
    assert output.startswith("Error: ")
    assert len(output.splitlines()) == 1
    assert said in output


def test_a_privilege_that_is_none_is_answered_with_those_there_are(office: Installation) -> None:
    user = ("--user", ACCOUNTS["auditor"][0])
    output = office.refused("security", "explain", *user, "--privilege", "Fly", status=2)
    assert "'create'" in output
    assert "'actonbehalf'" in output
