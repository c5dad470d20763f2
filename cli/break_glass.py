"""`flask user break-glass`: the account for emergencies, made and sealed (docs/break-glass.md)."""

import click
from flask.cli import with_appcontext

from admin_views.identity import break_glass_account
from admin_views.identity.account import as_written
from admin_views.identity.account_values import NewAccount
from cli.callers import shell_caller
from cli.errors import require_set_up
from cli.users import (
    account_id,
    choices_named,
    email_option,
    new_second_factor,
    second_factor_option,
    show_key,
)
from extensions import engine
from models.records.service import RecordService


@click.command("break-glass")
@email_option
@click.option("--name", default="緊急用", help="Who the audit and the mails say it is.")
@click.option("--role", "roles", multiple=True, help="The role's name; may be repeated.")
@click.option("--business-unit", default="", help="Where it belongs.")
@click.option("--again", is_flag=True, help="It is there already: give it a new password.")
@second_factor_option
@with_appcontext
def break_glass(
    email: str, *, again: bool, second_factor: bool, roles: tuple[str, ...], **stated: str
) -> None:
    """Make the account for emergencies, or give it a new password after it was used.

    The password is made here and printed once, for an envelope. All who manage users are told by
    mail whenever somebody signs in with it.
    """
    require_set_up()
    if not again and not (roles and stated["business_unit"]):
        raise click.UsageError("Name --role and --business-unit, or --again.")
    key, secret = new_second_factor() if second_factor else ("", None)
    credentials = break_glass_account.for_an_envelope(secret)
    caller = shell_caller("user break-glass")

    def work(service: RecordService) -> None:
        if again:
            user_id = account_id(email)
            break_glass_account.seal_anew(service, caller, user_id, credentials=credentials)
            return
        account = NewAccount(
            email=email,
            full_name=stated["name"],
            roles=roles,
            business_unit=stated["business_unit"],
        )
        break_glass_account.add(service, caller, account, credentials=credentials)

    with choices_named():
        engine().run(work)
    click.echo(f"The account for emergencies {as_written(email)} is ready to be sealed.")
    click.echo(f"Password: {credentials.password}")
    show_key(key)
