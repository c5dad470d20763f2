"""Is the account let in, and does its contract cover what is asked?"""

from collections.abc import Iterator

from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.records.why.asking import Subject
from models.security import contracts
from models.security.dormancy import is_dormant
from models.security.findings import Finding, Section
from models.security.labels import PRIVILEGES
from models.security.privileges import Miscellaneous
from models.tables.base import utc_now


def sections(subject: Subject) -> Iterator[Section]:
    is_active = bool(subject.user.active)
    codes = ("account_active",) if is_active else ("account_inactive", "activation_needed")
    yield Section.of("account", allowed=is_active, findings=map(Finding, codes))
    if is_dormant(subject.user, subject.organization, at=utc_now()):
        codes = ("account_dormant", "opening_needed")
        yield Section.of("dormancy", allowed=False, findings=map(Finding, codes))
    if subject.contractor is not None:
        yield _contract_period(subject)


def contract_privilege(subject: Subject, privilege: Miscellaneous) -> Iterator[Section]:
    """What no contractor's account may do, whatever its roles grant."""
    if subject.contractor is not None and privilege in contracts.NEVER_UNDER_CONTRACT:
        finding = Finding("never_under_contract", {"privilege": PRIVILEGES[privilege]})
        yield Section("contract_privilege", allowed=False, findings=(finding,))


def contract_entity(subject: Subject, entity: EntityDefinition) -> Iterator[Section]:
    """Nothing for the office's own."""
    scope = subject.caller.scope
    if scope is None:
        return
    name = {"name": subject.caller.organization}
    allowed = entity.logical_name in scope
    codes = ["within_contract"] if allowed else ["outside_contract", "contract_entity_needed"]
    findings = [Finding(code, dict(name)) for code in codes]
    for attribute in scope.get(entity.logical_name, {}):
        known = entity.attributes.get(attribute)
        label = known.display_name if known else Label(attribute)
        findings.append(Finding("outside_options", {"attribute": label}))
    yield Section.of("contract_entity", allowed=allowed, findings=findings)


def _contract_period(subject: Subject) -> Section:
    contractor, today = subject.contractor, contracts.today()
    runs = contracts.runs(contractor, on=today)
    period = {
        "name": contractor.name,
        "first": contractor.starts_on,
        "last": contractor.ends_on,
        "today": today,
    }
    codes = ["contract_runs"] if runs else ["contract_over", "contract_period_needed"]
    findings = [Finding(code, dict(period)) for code in codes]
    if subject.caller.networks:
        networks = {"networks": ", ".join(subject.caller.networks)}
        findings.append(Finding("only_from_networks", dict(networks)))
    return Section.of("contract_period", allowed=runs, findings=findings)
