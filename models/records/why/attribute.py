"""May this attribute be read, shown unmasked, set: its nature, profiles, pledge and training."""

from collections.abc import Iterator

from models.metadata.definitions import AttributeDefinition
from models.records.why.asking import OnRecords, Right, Subject, gives
from models.security import contracts, granting
from models.security.findings import Finding, Kind, Section
from models.security.granting import FieldGrant
from models.security.labels import RIGHTS, told_rights
from models.security.privileges import Unmasked


def sections(
    subject: Subject, asked: OnRecords, attribute: AttributeDefinition
) -> Iterator[Section]:
    if asked.right in {"create", "update"}:
        yield _writable(attribute, asked.right)
    if attribute.may_be_personal:
        yield from _open_to_personal_data(subject)
    yield _secured(subject, asked, attribute)


def _writable(attribute: AttributeDefinition, right: Right) -> Section:
    code = "can_be_set"
    if attribute.is_read_only:
        code = "never_set"
    elif right == "update" and not attribute.valid_for_update:
        code = "never_changed"
    return Section("writable", allowed=code == "can_be_set", findings=(Finding(code),))


def _open_to_personal_data(subject: Subject) -> Iterator[Section]:
    """What the organization asks of those who work with personal data; nothing if it does not."""
    organization = subject.organization
    missing = contracts.what_closes(subject.user, organization, on=contracts.today())
    asked_for: tuple[tuple[Kind, bool, str], ...] = (
        ("pledge", bool(organization.must_pledge), "pledged"),
        ("training", bool(organization.training_months), "trained"),
    )
    for kind, is_asked_for, given in asked_for:
        if not is_asked_for:
            continue
        months: dict[str, object] = {"months": organization.training_months}
        codes = [f"closed_{kind}", f"{kind}_needed"] if kind in missing else [given]
        findings = (Finding(code, dict(months)) for code in codes)
        yield Section.of(kind, allowed=kind not in missing, findings=findings)


def _secured(subject: Subject, asked: OnRecords, attribute: AttributeDefinition) -> Section:
    if not attribute.secured:
        return Section("attribute", allowed=True, findings=(Finding("not_secured"),))
    entity, name = asked.entity.logical_name, attribute.logical_name
    held = subject.caller.rights(entity, name)
    allowed = gives(held, asked.right)
    granted = [one for one in _grants(subject) if (one.entity, one.attribute) == (entity, name)]
    findings = list(_granted(subject, granted))
    if not allowed:
        right = RIGHTS[asked.right]
        findings.append(Finding("profiles_lack", {"right": right}))
        for profile in granting.profiles_on(subject.connection, entity, name):
            if gives(held | profile.rights, asked.right):
                findings.append(Finding("profile_would_grant", {"profile": profile.profile}))
        findings.append(Finding("any_profile_would_grant", {"right": right}))
    return Section.of("attribute", allowed=allowed, findings=findings)


def _grants(subject: Subject) -> list[FieldGrant]:
    return granting.field_grants_of(
        subject.connection,
        subject.user.id,
        teams=list(subject.teams),
        roles=list(subject.roles),
    )


def _granted(subject: Subject, grants: list[FieldGrant]) -> Iterator[Finding]:
    for one in grants:
        rights = told_rights(one.rights)
        if rights:
            holder = one.holder or subject.user.full_name
            told = {"profile": one.profile, "holder": holder, "rights": rights}
            yield Finding("profile_grants", told)
    if any(one.rights.unmasked is Unmasked.ALL_RECORDS for one in grants):
        yield Finding("purpose_is_asked")
