"""`flask maintenance tidy|check`: nothing stays that is of no use any more."""

import click

from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from extensions import engine, settings
from jobs.mail import Mailer
from jobs.tidying import check, tidy

maintenance_commands = PlainGroup("maintenance", help="Leave no data behind that is of no use.")


@maintenance_commands.command("tidy")
def tidy_up() -> None:
    """Put away now what the recurring jobs would put away at their hour; say what it was."""
    require_set_up()
    chosen = settings()
    done = tidy(engine(), Mailer(chosen), chosen.instance_dir)
    caller, outcome = shell_caller("maintenance tidy"), "failed" if done.refused else "ok"
    engine().run(
        lambda service: service.audit(caller, "tidy", outcome=outcome, removed=dict(done.gone))
    )
    for name, count in done.gone.items():
        click.echo(f"{count:>8,}  {name}")
    if done.refused:
        raise click.ClickException(f"some records could not be erased: {done.refused}")


@maintenance_commands.command("check")
def check_ages() -> None:
    """Is anything kept for longer than its rule allows? Exit status 1 if so, and what."""
    require_set_up()
    found = check(engine())
    for one in found.rules:
        name, rule = one.rule.display_name.text("en"), one.rule.name
        click.echo(
            f"{rule} ({name}): {one.due:,} due, {one.ahead:,} more within 30 days, "
            f"{one.overdue:,} overdue, {one.held:,} on hold, {one.undated:,} without a day"
        )
    for name, count in found.without_rule.items():
        click.echo(f"{name}: {count:,} records with personal data, and no rule that ends them")
    if not found.rules:
        click.echo("No retention rule is declared: records are kept until somebody deletes them.")
    if found.is_late:
        click.echo("The nightly search for what is due did not run.")
    if found.unproved:
        click.echo(f"{found.unproved} erasures could not be proved.")
    if found.jobs_overdue:
        click.echo(f"{found.jobs_overdue} recurring jobs have waited for more than a day.")
    if found.registers_overdue:
        click.echo(f"{found.registers_overdue:,} entries of registers are past their years.")
    if not found.are_none:
        raise click.ClickException("something is kept for longer than it may be")
    click.echo("Nothing is kept for longer than it may be.")
