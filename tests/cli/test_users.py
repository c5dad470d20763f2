"""`flask user …`: accounts from the shell; a password is read, checked, and never shown."""

import re

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from cli.commands import user_commands
from models.records.engine import RecordEngine
from models.tables.principals import BusinessUnit, PrincipalRole, Role, SystemUser
from tests.admin_views.office import build_app, build_engine
from tests.identity.staff import Browser, acts, code_of

PASSWORD = "rivers under seven bridges"
SHORT_PASSWORD = "vq7-Zk2p"
STATED = {
    "--email": "Shinjin@Example.JP",
    "--name": "事務局 新人",
    "--role": "kobe_operator",
    "--business-unit": "運営事務局",
}

ROLES_THERE_ARE = "There are: administrator, auditor, kobe_manager, kobe_official, kobe_operator."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RecordEngine:
    return build_engine(tmp_path_factory.mktemp("users"))


@pytest.fixture(scope="module")
def app(engine: RecordEngine) -> Flask:
    return build_app(engine)


def run(app: Flask, *arguments: str, stdin: str = "") -> Result:
    return app.test_cli_runner().invoke(user_commands, arguments, input=stdin)


def create(app: Flask, *flags: str, stdin: str = f"{PASSWORD}\n", **changes: str) -> Result:
    stated = STATED | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    words = [word for pair in stated.items() for word in pair]
    return run(app, "create", *words, "--password-stdin", *flags, stdin=stdin)


def number_of_accounts(engine: RecordEngine) -> int:
    with engine.database.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(SystemUser)) or 0)


def test_an_account_is_made_and_signs_in(app: Flask, engine: RecordEngine) -> None:
    result = create(app)
    assert result.exit_code == 0, result.output
    assert result.output == ("Made the account shinjin@example.jp with the role kobe_operator.\n")
    with engine.database.reading() as connection:
        statement = (
            select(SystemUser.full_name, BusinessUnit.name, Role.name)
            .join(BusinessUnit, BusinessUnit.id == SystemUser.businessunit_id)
            .join(PrincipalRole, PrincipalRole.principal_id == SystemUser.id)
            .join(Role, Role.id == PrincipalRole.role_id)
            .where(SystemUser.email == "shinjin@example.jp")
        )
        assert connection.execute(statement).all() == [
            ("事務局 新人", "運営事務局", "kobe_operator")
        ]
    browser = Browser(app)
    browser.try_password("shinjin@example.jp", PASSWORD)
    assert browser.is_in()


def test_the_name_is_the_address_where_none_is_given(app: Flask, engine: RecordEngine) -> None:
    assert create(app, email="namae.nashi@example.jp", name="").exit_code == 0
    with engine.database.reading() as connection:
        named = select(SystemUser.full_name).where(SystemUser.email == "namae.nashi@example.jp")
        assert connection.scalar(named) == "namae.nashi@example.jp"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nand another line\n"])
def test_the_password_is_the_first_line_with_its_spaces(app: Flask, ending: str) -> None:
    email = f"line{len(ending)}@example.jp"
    assert create(app, email=email, stdin=f" {PASSWORD} {ending}").exit_code == 0
    browser = Browser(app)
    browser.try_password(email, f" {PASSWORD} ")
    assert browser.is_in()


def test_a_second_factor_is_made_and_its_secret_printed(app: Flask) -> None:
    email = "kagi@example.jp"
    result = create(app, "--second-factor", email=email, stdin=f"{SHORT_PASSWORD}\n")
    assert result.exit_code == 0, result.output
    found = re.search(r"^Second factor \(TOTP secret\): ([A-Z2-7]{32})$", result.output, re.M)
    assert found is not None
    browser = Browser(app)
    browser.try_password(email, SHORT_PASSWORD)
    assert not browser.is_in()
    browser.enter(code_of(found[1]))
    assert browser.is_in()


REFUSED = [
    ({"stdin": ""}, "Password must have between 15 and 128 characters."),
    ({"stdin": "\n"}, "Password must have between 15 and 128 characters."),
    ({"stdin": f"{SHORT_PASSWORD}\n"}, "Password must have between 15 and 128 characters."),
    (
        {"stdin": "passwordpassword\n"},
        "Password is on a list of passwords that were leaked. Choose another one.",
    ),
    (
        {"email": "yamada.taro@example.jp", "stdin": "yamada.taro@example.jp\n"},
        "Password is too easy to guess. Choose another one.",
    ),
    ({"role": "kobe_nobody"}, f"Choose Role. {ROLES_THERE_ARE}"),
    ({"role": ""}, f"Choose Role. {ROLES_THERE_ARE}"),
    (
        {"business_unit": "どこでもない課"},
        "Choose Business unit. There are: 企画調整局つなぐラボ, 神戸市, 運営事務局.",
    ),
    ({"email": "not an address"}, "Enter E-mail in the form name@example.jp."),
    ({"email": "tanto@"}, "Enter E-mail in the form name@example.jp."),
    ({"email": "@example.jp"}, "Enter E-mail in the form name@example.jp."),
    ({"name": "あ" * 101}, "Name must be 100 characters or fewer (now 101)."),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=range(len(REFUSED)))
def test_a_wrong_account_is_refused_in_one_line(
    app: Flask, engine: RecordEngine, changes: dict[str, str], words: str
) -> None:
    before = number_of_accounts(engine)
    result = create(app, **{"email": "dareka@example.jp"} | changes)
    assert result.exit_code == 1
    assert result.output == f"Error: {words}\n"
    assert number_of_accounts(engine) == before


def test_everything_wrong_is_said_at_once(app: Flask) -> None:
    result = create(app, email="x", role="x", business_unit="x", stdin="x\n")
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 4


def test_an_address_is_taken_once_however_it_is_written(app: Flask) -> None:
    assert create(app, email="ichido@example.jp").exit_code == 0
    result = create(app, email=" ICHIDO@example.jp ")
    assert result.exit_code == 1
    assert result.output == "Error: A record with the same E-mail already exists.\n"


@pytest.mark.parametrize("missing", ["--email", "--role", "--business-unit", "--password-stdin"])
def test_what_is_missing_is_named(app: Flask, missing: str) -> None:
    words = [word for pair in STATED.items() if pair[0] != missing for word in pair]
    flags = [] if missing == "--password-stdin" else ["--password-stdin"]
    result = run(app, "create", *words, *flags, stdin=f"{PASSWORD}\n")
    assert result.exit_code == 2
    assert missing in result.output


def test_there_is_no_way_to_give_a_password_on_the_command_line(app: Flask) -> None:
    help_text = run(app, "create", "--help").output
    assert "--password-stdin" in help_text
    assert not re.search(r"--password(?!-stdin)", help_text)


def test_no_password_is_shown_or_audited(app: Flask, engine: RecordEngine) -> None:
    made = create(app, "--second-factor", email="himitsu@example.jp")
    assert PASSWORD not in made.output
    key = made.output.split()[-1]
    [act] = [act for act in acts(engine) if act["action"] == "create_account"][-1:]
    assert act["by"].startswith("flask user create by ")
    assert act["details"] == {"roles": ["kobe_operator"]}
    assert not {PASSWORD, key, "himitsu"} & set(re.split(r"\W+", str(act)))


def test_an_account_is_ended_and_the_list_says_so(app: Flask) -> None:
    email = "yameru@example.jp"
    create(app, email=email)
    browser = Browser(app)
    browser.try_password(email, PASSWORD)
    assert browser.is_in()
    rest = "password only\tkobe_operator\t運営事務局\n"
    assert f"{email}\t事務局 新人\tactive\t{rest}" in run(app, "list").output
    ended = run(app, "deactivate", "--email", " Yameru@example.jp")
    assert ended.exit_code == 0, ended.output
    assert not browser.is_in()
    assert f"{email}\t事務局 新人\tinactive\t{rest}" in run(app, "list").output
    opened = run(app, "activate", "--email", email)
    assert opened.output == f"Activated {email}.\n"
    assert not browser.is_in(), "what ended stays ended"
    browser.try_password(email, PASSWORD)
    assert browser.is_in()
