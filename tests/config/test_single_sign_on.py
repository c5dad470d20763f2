"""Settings of single sign-on: all or none, nothing unsafe, the secret in a file of its own."""

from pathlib import Path

import pytest

from config import Settings, SettingsError, SingleSignOn

ISSUER = "https://login.example.jp/tenant/v2.0"
STATED = {"UKETSUKE_OIDC_ISSUER": ISSUER, "UKETSUKE_OIDC_CLIENT_ID": "uketsuke"}
PRODUCTION = {"UKETSUKE_BASE_URL": "https://uketsuke.example.jp"}
DEVELOPMENT = {"UKETSUKE_ENV": "development"}
SECRET = "a secret of forty characters or perhaps not"


def read(environ: dict[str, str], **more: str) -> SingleSignOn:
    named = {f"UKETSUKE_OIDC_{name}": value for name, value in more.items()}
    found = Settings.from_environment(environ | STATED | named).single_sign_on
    assert found is not None
    return found


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    return caught.value.problems


def test_without_a_word_there_is_no_provider() -> None:
    assert Settings.from_environment(PRODUCTION).single_sign_on is None


def test_what_is_not_stated_has_a_default(tmp_path: Path) -> None:
    found = read(PRODUCTION | {"UKETSUKE_INSTANCE_DIR": str(tmp_path)})
    assert found == SingleSignOn(
        issuer=ISSUER,
        client_id="uketsuke",
        client_secret_file=tmp_path / "oidc_client.secret",
        name="",
        groups_claim="groups",
        scopes=("openid", "email", "profile"),
        requires_multi_factor=True,
        acr=(),
    )


def test_everything_can_be_stated(tmp_path: Path) -> None:
    found = read(
        PRODUCTION,
        NAME="神戸市 職員認証",
        GROUPS_CLAIM="https://example.jp/groups",
        SCOPES="openid groups",
        REQUIRE_MFA="off",
        ACR="urn:mfa  phr",
        CLIENT_SECRET_FILE=str(tmp_path / "client"),
    )
    assert (found.name, found.groups_claim) == ("神戸市 職員認証", "https://example.jp/groups")
    assert (found.scopes, found.acr) == (("openid", "groups"), ("urn:mfa", "phr"))
    assert not found.requires_multi_factor
    assert found.client_secret_file == tmp_path / "client"


@pytest.mark.parametrize("missing", sorted(STATED))
def test_half_a_provider_is_refused_by_the_name_of_what_is_missing(missing: str) -> None:
    [problem] = problems(PRODUCTION | {k: v for k, v in STATED.items() if k != missing})
    assert problem.startswith(f"{missing} is not set")


def test_a_detail_without_a_provider_is_refused() -> None:
    found = problems(PRODUCTION | {"UKETSUKE_OIDC_GROUPS_CLAIM": "roles"})
    assert [problem.split()[0] for problem in found] == sorted(STATED, reverse=True)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.jp",
        "login.example.jp",
        "ftp://login.example.jp",
        "https://",
        "https://user@login.example.jp",
        "https://login.example.jp?tenant=1",
        "https://login.example.jp/#x",
        "https://login.example.jp/a b",
        "https://login.example.jp/a\\b",
        "https://login.example.jp:port/",
        "https://職員.example.jp",
        "https://login.example.jp/" + "x" * 255,
    ],
)
@pytest.mark.parametrize("environ", [PRODUCTION, DEVELOPMENT], ids=["production", "development"])
def test_an_issuer_that_is_none_or_travels_in_clear_is_refused(
    issuer: str, environ: dict[str, str]
) -> None:
    found = problems(environ | STATED | {"UKETSUKE_OIDC_ISSUER": issuer})
    assert [problem.split()[0] for problem in found] == ["UKETSUKE_OIDC_ISSUER"]


def test_a_provider_on_this_machine_is_for_development_only() -> None:
    here = {"ISSUER": "http://127.0.0.1:3000"}
    assert read(DEVELOPMENT, **here).issuer == here["ISSUER"]
    assert "https" in problems(PRODUCTION | STATED | {"UKETSUKE_OIDC_ISSUER": here["ISSUER"]})[0]


def test_an_issuer_is_kept_to_the_letter() -> None:
    """Tokens name it so; a slash more is another issuer."""
    assert read(PRODUCTION, ISSUER="https://login.example.jp/").issuer.endswith("/")


@pytest.mark.parametrize(
    ("name", "value", "about"),
    [
        ("SCOPES", "email profile", "openid"),
        ("SCOPES", 'openid "x"', "scopes"),
        ("SCOPES", "openid グループ", "scopes"),
        ("REQUIRE_MFA", "maybe", "on or off"),
        ("REQUIRE_MFA", "true", "on or off"),
        ("NAME", "あ" * 41, "40 characters"),
    ],
)
def test_a_wrong_detail_is_refused_by_name(name: str, value: str, about: str) -> None:
    variable = f"UKETSUKE_OIDC_{name}"
    [problem] = problems(PRODUCTION | STATED | {variable: value})
    assert problem.startswith(variable)
    assert about in problem


@pytest.fixture
def installed(tmp_path: Path) -> Settings:
    environ = DEVELOPMENT | STATED | {"UKETSUKE_INSTANCE_DIR": str(tmp_path)}
    settings = Settings.from_environment(environ)
    settings.create_secret_key()
    settings.root_key_file.write_bytes(bytes(32))
    settings.root_key_file.chmod(0o400)
    return settings


def write_secret(settings: Settings, text: str, mode: int = 0o400) -> SingleSignOn:
    stated = settings.single_sign_on
    assert stated is not None
    stated.client_secret_file.write_text(text, encoding="utf-8")
    stated.client_secret_file.chmod(mode)
    return stated


def test_the_secret_is_read_from_its_file_and_shown_nowhere(installed: Settings) -> None:
    stated = write_secret(installed, f"{SECRET}\n")
    installed.require_ready()
    assert stated.client_secret() == SECRET
    assert SECRET not in repr(installed)


@pytest.mark.parametrize(
    ("text", "mode", "about"),
    [(SECRET, 0o440, "mode 0440"), (SECRET, 0o404, "mode 0404"), ("short", 0o400, "too short")],
)
def test_a_secret_that_others_may_read_or_guess_is_refused(
    installed: Settings, text: str, mode: int, about: str
) -> None:
    write_secret(installed, text, mode)
    with pytest.raises(SettingsError, match=f"UKETSUKE_OIDC_CLIENT_SECRET_FILE .*{about}"):
        installed.require_ready()


def test_a_missing_secret_is_refused_with_what_to_do(installed: Settings) -> None:
    with pytest.raises(SettingsError, match="write the secret that the provider gave you"):
        installed.require_ready()
