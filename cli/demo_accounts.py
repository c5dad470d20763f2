"""Demo accounts of a solution: made once, printed at every start, never in production.

Their passwords are random and kept in the instance's folder, readable by its owner alone.
"""

import json
import os
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_security.proxies import _security

from admin_views.identity import accounts, passwords
from admin_views.identity.accounts import NewAccount
from admin_views.identity.second_factor import sealed_secret
from cli.errors import require_set_up, said_plainly
from extensions import engine, settings
from jobs.recurrences import ensure
from models.records.service import RecordService
from models.security.caller import Caller
from packager.installing import install
from packager.solution_reading import read_solution

DEMO_SOLUTION = "solutions/kobe_support"
FILE = "demo-accounts.json"
MAKER = Caller.system("demo accounts of flask setup --demo")
WITH_SECOND_FACTOR = {"kobe_official", "administrator"}


@click.command("install")
@with_appcontext
def install_demo() -> None:
    """Install Kobe's solution with demo accounts, and print how to sign in."""
    require_set_up()
    if settings().is_production:
        raise click.ClickException("demo accounts are not for production (UKETSUKE_ENV)")
    folder = Path(current_app.root_path) / DEMO_SOLUTION
    with said_plainly():
        catalog = install(engine().database, folder)
        engine().database.run(lambda transaction: ensure(transaction, catalog.recurrences))
        _show(folder)


def _show(folder: Path) -> None:
    """Make the solution's demo accounts if that was not done yet, and print how to sign in."""
    path = settings().instance_dir / FILE
    if not path.exists():
        made = [_make(stated) for stated in read_solution(folder).demo_accounts]
        _keep(path, made)
    click.echo(f"\nDemo accounts (sign in at {settings().base_url}/login):")
    for one in json.loads(path.read_text(encoding="utf-8")):
        line = f"  {one['email']:<22} {one['role']:<14} password: {one['password']}"
        if one["totp_secret"]:
            line += f"   second factor (TOTP secret): {one['totp_secret']}"
        click.echo(line)
    click.echo("")


def _make(stated: Any) -> dict[str, str]:
    role = str(stated["role"])
    key = accounts.new_totp_key() if role in WITH_SECOND_FACTOR else ""
    secret = sealed_secret(_security.totp_factory, key) if key else None
    made = {
        "email": str(stated["email"]),
        "role": role,
        "password": passwords.make_password(),
        "totp_secret": key,
    }
    account = NewAccount(
        email=made["email"],
        full_name=str(stated["name"]),
        role=role,
        business_unit=str(stated["business_unit"]),
    )

    def add(service: RecordService) -> None:
        accounts.add_account(
            service, MAKER, account, password=made["password"], totp_secret=secret
        )

    engine().run(add)
    return made


def _keep(path: Path, made: list[dict[str, str]]) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, indent=1)
