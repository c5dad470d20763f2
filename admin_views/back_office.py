"""Puts the back office into an application; the composition root calls it once."""

from flask import Flask
from flask_admin import BaseView
from flask_admin.theme import Bootstrap4Theme

from admin_views.account.pages import AccountPage
from admin_views.applicants.pages import ApplicantsPage
from admin_views.audit.inspections.pages import InspectionsPage
from admin_views.audit.pages import AuditPage
from admin_views.contractors.pages import ContractorsPage
from admin_views.dashboards.pages import DashboardPage
from admin_views.disclosure.pages import DisclosurePage
from admin_views.extraction.export_page import ExportPage
from admin_views.extraction.extracts_page import ExtractsPage
from admin_views.extraction.ledger_page import LedgerPage
from admin_views.extraction.statistics_page import StatisticsPage
from admin_views.guarding import ADMIN, install_guard
from admin_views.incidents.pages import IncidentsPage
from admin_views.menu import BackOffice
from admin_views.pages.jobs import JobsPage
from admin_views.pages.metadata import MetadataPage
from admin_views.pages.purpose import PurposePage
from admin_views.pages.start import StartPage
from admin_views.papers.pages import PapersPage
from admin_views.people.account_pages import UsersPage
from admin_views.people.federation_pages import FederationPage
from admin_views.people.organization_page import OrganizationPage
from admin_views.people.pledge_page import PledgePage
from admin_views.people.training_page import TrainingPage
from admin_views.people.why_page import WhyPage
from admin_views.publication.pages import PublicationPage
from admin_views.queues.pages import QueuesPage
from admin_views.records.dispatching import Dispatcher
from admin_views.reports.pages import ReportsPage
from admin_views.retention.pages import RetentionPage
from admin_views.reviews.pages import ReviewsPage
from admin_views.support.pages import SupportPage
from admin_views.teams.pages import TeamsPage
from extensions import ENGINE
from models.records.engine import RecordEngine


def install_back_office(app: Flask, engine: RecordEngine) -> None:
    """Register every view there will ever be: entities published later need no new route.

    Pages find `engine` through the application, as it is at each request.
    """
    app.extensions.setdefault(ENGINE, engine)
    install_guard(app)
    office = BackOffice(
        name="Uketsuke", index_view=StartPage(name="Home", url=ADMIN), theme=Bootstrap4Theme()
    )
    office.add_views(*_for_records(), *_for_supervision(), *_for_people())
    office.init_app(app)


def _for_records() -> tuple[BaseView, ...]:
    return (
        Dispatcher(),
        DashboardPage(name="Dashboards", endpoint="dashboards", url=f"{ADMIN}/dashboard"),
        ApplicantsPage(name="Requests from applicants", endpoint="applicants"),
        QueuesPage(name="Queues", endpoint="queues", url=f"{ADMIN}/queue"),
        ExportPage(name="Data export", endpoint="export"),
        ExtractsPage(name="Requests and files", endpoint="extracts"),
        StatisticsPage(name="Statistics", endpoint="statistics"),
        LedgerPage(name="Ledger of extracts", endpoint="ledger"),
        PublicationPage(name="Publication", endpoint="publication"),
        DisclosurePage(name="Disclosure", endpoint="disclosure"),
        RetentionPage(name="Retention", endpoint="retention"),
    )


def _for_supervision() -> tuple[BaseView, ...]:
    return (
        AuditPage(name="Audit log", endpoint="audit"),
        InspectionsPage(
            name="Monthly inspections", endpoint="inspections", url="audit/inspections"
        ),
        PapersPage(name="Papers on personal data", endpoint="papers"),
        IncidentsPage(name="Register of incidents", endpoint="incidents"),
        JobsPage(name="System jobs", endpoint="jobs"),
    )


def _for_people() -> tuple[BaseView, ...]:
    return (
        FederationPage(
            name="Single sign-on", endpoint="federation_page", url=f"{ADMIN}/federation"
        ),
        UsersPage(name="Users and roles", endpoint="users"),
        TeamsPage(name="Teams", endpoint="teams"),
        WhyPage(name="Why?", endpoint="why", url="access/why"),
        SupportPage(name="Support session", endpoint="support"),
        ContractorsPage(name="Contractors", endpoint="contractors"),
        ReportsPage(name="Reports on contracted work", endpoint="reports", url=f"{ADMIN}/report"),
        ReviewsPage(name="Account reviews", endpoint="reviews"),
        TrainingPage(name="Training", endpoint="training"),
        OrganizationPage(name="Organization", endpoint="organization"),
        PledgePage(name="Pledge", endpoint="pledge"),
        PurposePage(name="Purpose", endpoint="purpose"),
        MetadataPage(name="Metadata", endpoint="metadata"),
        AccountPage(name="Your account", endpoint="account", url="/account"),
    )
