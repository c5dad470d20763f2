"""An office without a screen: people come to it with what a provider says of them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Flask

from admin_views.identity import accounts
from admin_views.identity.account_values import NewAccount
from admin_views.identity.credentials import Credentials
from admin_views.identity.federation import group_roles, identities
from admin_views.identity.federation.admitting import admit
from admin_views.identity.federation.evidence import Evidence
from admin_views.identity.federation.reasons import Reason
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import new_id
from tests.admin_views.office import PASSWORD
from tests.federation.people import Known, known

TESTS = Caller.system("tests")
SECRETARIAT, LAB, CITY = "運営事務局", "企画調整局つなぐラボ", "神戸市"
ONE_GROUP = {("a", "kobe_operator"): SECRETARIAT}


@dataclass(frozen=True)
class House:
    app: Flask
    engine: RecordEngine

    def new_issuer(self, mappings: dict[tuple[str, str], str]) -> str:
        """With these mappings: (group, role) → business unit."""
        issuer = f"https://{uuid4().hex}.example.jp"
        with self.app.app_context():
            for (group, role), unit in mappings.items():
                group_roles.map_group(TESTS, issuer, group=group, role=role, business_unit=unit)
        return issuer

    def hire(self, issuer: str, subject: str, *, roles: tuple[str, ...], unit: str) -> UUID:
        """Somebody with an account of before, linked."""
        email = f"{new_id().hex}@example.jp"
        account = NewAccount(email=email, full_name="担当", roles=roles, business_unit=unit)
        credentials = Credentials(password=PASSWORD)
        with self.app.app_context():
            made = self.engine.run(
                lambda s: accounts.add_account(s, TESTS, account, credentials=credentials)
            )
            identities.link_for(TESTS, issuer, email=email, subject=subject)
        return made

    def comes(self, issuer: str, subject: str, *groups: str, **told: object) -> UUID | Reason:
        one = Evidence(issuer=issuer, subject=subject, groups=frozenset(groups), **told)  # type: ignore[arg-type]
        with self.app.app_context():
            return admit(one, address="192.0.2.1")

    def known(self, found: UUID | Reason) -> Known:
        assert isinstance(found, UUID), found
        return known(self.engine, found)
