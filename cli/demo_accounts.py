"""Demo accounts of solutions: made once, printed at every start, never in production.

Their passwords are random and kept in the instance's folder, readable by its owner alone.
"""

import json
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_security.proxies import _security
from sqlalchemy import select, update

from admin_views.contractors import changing
from admin_views.contractors.changing import Terms
from admin_views.identity import accounts, passwords
from admin_views.identity.account_values import NewAccount
from admin_views.identity.credentials import Credentials
from admin_views.identity.second_factor import sealed_secret
from cli.errors import PlainCommand, require_set_up
from extensions import engine, settings
from jobs.platform_recurrences import all_recurrences
from jobs.recurrences import ensure
from models.records.service import RecordService
from models.security import contracts, fiscal
from models.security.caller import Caller
from models.security.pledge import pledge_of
from models.security.principals import ORGANIZATION
from models.tables.base import utc_now
from models.tables.principals import Contractor, SystemUser
from packager.installing import install_audited
from packager.rights_reading import DemoAccount
from packager.solution_reading import read_solution

DEMO_SOLUTION = "solutions/kobe_support"
FILE = "demo-accounts.json"
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
MAKER = Caller.system("flask demo install")
TRAINING = "個人情報保護研修（見本）"


@click.command("install", cls=PlainCommand)
@click.argument("folders", metavar="[FOLDER]...", nargs=-1, type=FOLDER)
@with_appcontext
def install_demo(folders: tuple[Path, ...]) -> None:
    """Install solutions with their demo accounts, and print how to sign in.

    Without a FOLDER it is Kobe's solution.
    """
    require_set_up()
    if settings().is_production:
        raise click.ClickException("demo accounts are not for production (UKETSUKE_ENV)")
    chosen = folders or (Path(current_app.root_path) / DEMO_SOLUTION,)
    for folder in chosen:
        catalog = install_audited(engine(), MAKER, folder)
    engine().database.run(lambda transaction: ensure(transaction, all_recurrences(catalog)))
    _show(chosen)


def _show(folders: Sequence[Path]) -> None:
    """Make the solutions' demo accounts where that was not done yet, and print the sign-ins.

    Those are kept before an account is made, so that one broken off is gone on with.
    """
    path = settings().instance_dir / FILE
    solutions = [read_solution(folder) for folder in folders]
    stated = {one.email: (one, s.content) for s in solutions for one in s.rights.demo_accounts}
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    known = {one["email"] for one in kept}
    new = [_sign_in(account) for account, _ in stated.values() if account.email not in known]
    if new:
        kept += new
        _keep(path, kept)
    with engine().database.reading() as connection:
        present = set(connection.scalars(select(SystemUser.email)))
    for one in kept:
        if one["email"] not in present and one["email"] in stated:
            account, content = stated[one["email"]]
            _make(account, one, entities=content.entities)
    engine().run(lambda service: _make_ready(service, stated))
    _tell(kept)


def _tell(kept: Iterable[Mapping[str, str]]) -> None:
    click.echo(f"\nDemo accounts (sign in at {settings().base_url}/login):")
    for one in kept:
        line = f"  {one['email']:<22} {one['role']:<14} password: {one['password']}"
        if one["totp_secret"]:
            line += f"   second factor (TOTP secret): {one['totp_secret']}"
        click.echo(line)
    click.echo("")


def _sign_in(stated: DemoAccount) -> dict[str, str]:
    return {
        "email": stated.email,
        "role": stated.role,
        "password": passwords.make_password(),
        "totp_secret": accounts.new_totp_key() if stated.second_factor else "",
    }


def _make(stated: DemoAccount, sign_in: Mapping[str, str], *, entities: Iterable[str]) -> None:
    key = sign_in["totp_secret"]
    secret = sealed_secret(_security.totp_factory, key) if key else None
    credentials = Credentials(password=sign_in["password"], totp_secret=secret)
    account = NewAccount(
        email=stated.email,
        full_name=stated.name,
        roles=(stated.role,),
        business_unit=stated.business_unit,
        contractor=stated.contractor,
    )

    def add(service: RecordService) -> None:
        _ensure_contractor(service, stated.contractor, entities)
        accounts.add_account(service, MAKER, account, credentials=credentials)

    engine().run(add)


def _ensure_contractor(service: RecordService, name: str, entities: Iterable[str]) -> None:
    """With a contract for all data of the solution, from this April to the March after next."""
    known = select(Contractor.id).where(Contractor.name == name)
    if not name or service.transaction.read(known).first():
        return
    year = fiscal.year_of(contracts.today())
    terms = Terms(
        name=name,
        starts_on=str(fiscal.first_day_of(year)),
        ends_on=str(fiscal.first_day_of(year + 2) - timedelta(days=1)),
        scope={entity: {} for entity in entities},
    )
    changing.add(service, MAKER, terms)


def _make_ready(service: RecordService, emails: Collection[str]) -> None:
    """Pledged and trained today, and not dormant: there is something to look at."""
    transaction = service.transaction
    version = pledge_of(transaction.read(ORGANIZATION).one()).version
    pledged = {"pledged_on": contracts.today(), "pledge_version": version}
    trained = {"trained_on": contracts.today(), "training_name": TRAINING}
    demo = update(SystemUser).where(SystemUser.email.in_(emails))
    transaction.write(demo.values(**pledged, **trained, opened_on=utc_now()))


def _keep(path: Path, made: list[dict[str, str]]) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, indent=1)
    os.replace(name, path)
