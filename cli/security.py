"""`flask security explain`: why somebody may do something, or what they would need for it."""

from uuid import UUID

import click
from sqlalchemy import select

from admin_views.identity.account import as_written
from admin_views.people.why_form import PRIVILEGES
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.metadata.labels import LANGUAGES
from models.records import why
from models.records.why import Why
from models.security.findings import Explanation, Section
from models.tables.principals import SystemUser

WORDS = {"ja": ("可", "不可", "次のいずれかが必要："), "en": ("yes", "no", "Needed, one of:")}
"""A question's answer, and what stands before that which would change it."""

security_commands = PlainGroup("security", help="Who may do what, and why.")


@security_commands.command("explain")
@click.option("--user", "email", required=True, help="The person's e-mail address.")
@click.option(
    "--privilege",
    required=True,
    type=click.Choice(list(PRIVILEGES), case_sensitive=False),
    help="What the person would do.",
)
@click.option("--entity", default="", help="The records' entity, by its logical name.")
@click.option("--record", type=click.UUID, default=None, help="One record, by its identifier.")
@click.option("--attribute", default="", help="One attribute, by its logical name.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", help="Of the answer; English."
)
def explain(
    email: str, *, privilege: str, record: UUID | None, language: str, **named: str
) -> None:
    """Name the rules that allow it, or those that would be needed; audited."""
    require_set_up()
    asked = Why(
        user=_user(email),
        privilege=PRIVILEGES[privilege],
        entity=named["entity"],
        record=record,
        attribute=named["attribute"],
    )
    caller = shell_caller("security explain")
    told = engine().run(lambda service: why.explain(service.unit, caller, asked))
    _tell(told, language)


def _tell(told: Explanation, language: str) -> None:
    yes, no, _ = WORDS[language]
    click.echo(yes if told.allowed else no)
    for section in told.sections:
        click.echo(f"[{yes if section.allowed else no}] {section.title(language)}")
        _tell_section(section, language)


def _tell_section(section: Section, language: str) -> None:
    for finding in section.present:
        click.echo(f"    {finding.text(language)}")
    if section.needed:
        click.echo(f"    {WORDS[language][2]}")
    for finding in section.needed:
        click.echo(f"    - {finding.text(language)}")


def _user(email: str) -> UUID:
    statement = select(SystemUser.id).where(SystemUser.email == as_written(email))
    with engine().database.reading() as connection:
        found = connection.scalar(statement)
    if found is None:
        raise RecordNotFound(f"there is no account {email}")
    return found
