"""The resources of a check. Each is cheap to ask for and opens its way into the target at first use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from hypercare.round_fixtures import Ask as Ask
from hypercare.round_fixtures import Figure as Figure
from hypercare.round_fixtures import as_of as as_of
from hypercare.round_fixtures import ask as ask
from hypercare.round_fixtures import branches_in_focus as branches_in_focus
from hypercare.round_fixtures import figure as figure
from hypercare.round_fixtures import gate as gate
from hypercare.round_fixtures import incidents as incidents
from hypercare.round_fixtures import limits as limits
from hypercare.round_fixtures import reach as reach
from hypercare.round_fixtures import reviews as reviews
from hypercare.round_fixtures import series as series
from hypercare.round_fixtures import since_last_round as since_last_round
from hypercare.round_fixtures import suite_session as suite_session
from hypercare.round_fixtures import target as target
from hypercare.round_fixtures import today as today
from hypercare.round_fixtures import unreviewed as unreviewed
from hypercare.suite.blame import require_no_maintenance
from hypercare.suite.session import SuiteSession
from hypercare.target_file.config import LimitsSection
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from hypercare.adoption.attendance import Attendance
    from hypercare.adoption.causes import Resistance
    from hypercare.adoption.features import Features
    from hypercare.adoption.paper import PaperSales
    from hypercare.adoption.places import Places
    from hypercare.api.api import Api
    from hypercare.backups import Backups
    from hypercare.branch_isolation import BranchIsolation
    from hypercare.browser.browser import Browser
    from hypercare.clients.accounts import Accounts
    from hypercare.costs import Costs
    from hypercare.database.database import Database
    from hypercare.error_history.error_history import ErrorHistory
    from hypercare.habits import Habits
    from hypercare.hourly import Hourly
    from hypercare.integrity import Integrity
    from hypercare.logs import Logs
    from hypercare.mobile.phone import Phone
    from hypercare.operations.activity import ActivityLog
    from hypercare.operations.branches import Branches
    from hypercare.operations.dates import Dates
    from hypercare.operations.issues import Issues
    from hypercare.operations.jobs import Jobs
    from hypercare.operations.own_records import OwnRecords
    from hypercare.operations.production import Production
    from hypercare.operations.sales import Sales
    from hypercare.operations.switched_off import SwitchedOff
    from hypercare.operations.users import Users
    from hypercare.performance.performance import Performance
    from hypercare.seals import PastSales, Seals
    from hypercare.slow_statements.statements import Statements
    from hypercare.sources_read.log_sources import LogSources
    from hypercare.sources_read.user_reports import UserReports
    from hypercare.stability.availability import Availability
    from hypercare.stability.restarts import Restarts
    from hypercare.trials.synthetic import Synthetic
    from hypercare.web.web import Web


@pytest.fixture(scope="session")
def database(suite_session: SuiteSession) -> Database:
    return suite_session.database


@pytest.fixture(scope="session")
def seals(suite_session: SuiteSession, target: Target, database: Database) -> Seals:
    """What earlier rounds found in order and need not be asked again."""
    from hypercare.seals import Seals

    return Seals(target, database, suite_session.seal_store)


@pytest.fixture(scope="session")
def past_sales(suite_session: SuiteSession, target: Target, database: Database) -> PastSales:
    from hypercare.seals import PastSales

    return PastSales(target, database, suite_session.seal_store)


@pytest.fixture(scope="session")
def integrity(suite_session: SuiteSession, database: Database) -> Integrity:
    from hypercare.integrity import Integrity

    return Integrity(database, suite_session.memory)


@pytest.fixture(scope="session")
def sales(target: Target, database: Database, seals: Seals) -> Sales:
    from hypercare.operations.sales import Sales

    return Sales(target, database, seals)


@pytest.fixture(scope="session")
def production(target: Target, database: Database, seals: Seals) -> Production:
    from hypercare.operations.production import Production

    return Production(target, database, seals)


@pytest.fixture(scope="session")
def costs(target: Target, database: Database, seals: Seals) -> Costs:
    from hypercare.costs import Costs

    return Costs(target, database, seals)


@pytest.fixture(scope="session")
def dates(target: Target, database: Database) -> Dates:
    from hypercare.operations.dates import Dates

    return Dates(target, database)


@pytest.fixture(scope="session")
def habits(suite_session: SuiteSession, target: Target, database: Database, seals: Seals) -> Habits:
    from hypercare.habits import Habits

    return Habits(target, database, suite_session.memory, seals)


@pytest.fixture(scope="session")
def branches(target: Target, database: Database, seals: Seals) -> Branches:
    from hypercare.operations.branches import Branches

    return Branches(target, database, seals)


@pytest.fixture(scope="session")
def switched_off(suite_session: SuiteSession, target: Target, database: Database) -> SwitchedOff:
    from hypercare.operations.switched_off import SwitchedOff

    return SwitchedOff(target, database, suite_session.memory)


@pytest.fixture(scope="session")
def users(target: Target, database: Database) -> Users:
    from hypercare.operations.users import Users

    return Users(target, database)


@pytest.fixture(scope="session")
def attendance(target: Target, database: Database) -> Attendance:
    from hypercare.adoption.attendance import Attendance

    return Attendance(target, database)


@pytest.fixture(scope="session")
def paper(attendance: Attendance, sales: Sales, limits: LimitsSection) -> PaperSales:
    from hypercare.adoption.paper import PaperSales

    return PaperSales(attendance, sales, limits.pace_lowest)


@pytest.fixture(scope="session")
def resistance(
    suite_session: SuiteSession, attendance: Attendance, paper: PaperSales, limits: LimitsSection
) -> Resistance:
    from hypercare.adoption.causes import Resistance

    return Resistance(attendance, paper, limits, suite_session.memory)


@pytest.fixture(scope="session")
def places(target: Target, database: Database, seals: Seals) -> Places:
    from hypercare.adoption.places import Places

    return Places(target, database, seals)


@pytest.fixture(scope="session")
def activity(target: Target, database: Database) -> ActivityLog:
    from hypercare.operations.activity import ActivityLog

    return ActivityLog(target, database)


@pytest.fixture(scope="session")
def issues(target: Target, database: Database) -> Issues:
    from hypercare.operations.issues import Issues

    return Issues(target, database)


@pytest.fixture(scope="session")
def jobs(target: Target, database: Database) -> Jobs:
    from hypercare.operations.jobs import Jobs

    return Jobs(target, database)


@pytest.fixture(scope="session")
def records(target: Target, database: Database) -> OwnRecords:
    """Records of any entity, of one's own or built in: `records("invoice")`."""
    from hypercare.operations.own_records import OwnRecords

    return OwnRecords(target, database)


@pytest.fixture(scope="session")
def logs(target: Target, suite_session: SuiteSession) -> Logs:
    from hypercare.logs import Logs

    return Logs(target, suite_session.memory, lambda: suite_session.database)


@pytest.fixture(scope="session")
def error_history(target: Target, suite_session: SuiteSession) -> ErrorHistory:
    """What is known of errors from before: since when, whose they were, what was done about them."""
    from hypercare.error_history.error_history import ErrorHistory

    return ErrorHistory(target, suite_session.memory, lambda: suite_session.history)


@pytest.fixture(scope="session")
def performance(target: Target, logs: Logs, suite_session: SuiteSession) -> Performance:
    """How fast people were answered, day by day since go-live."""
    from hypercare.performance.performance import Performance

    return Performance(target, logs, suite_session.memory)


@pytest.fixture(scope="session")
def hourly(target: Target, suite_session: SuiteSession) -> Hourly:
    """Counts by hour of the day, beside those of earlier days as they were remembered."""
    from hypercare.hourly import Hourly

    return Hourly(target, suite_session.memory)


@pytest.fixture(scope="session")
def restarts(target: Target, logs: Logs, suite_session: SuiteSession) -> Restarts:
    """Starts and crashes as the logs tell of them."""
    from hypercare.stability.restarts import Restarts

    return Restarts(target, logs, suite_session.memory)


@pytest.fixture(scope="session")
def log_sources(target: Target, logs: Logs) -> LogSources:
    """How far each log was read."""
    from hypercare.sources_read.log_sources import LogSources

    return LogSources(target, logs)


@pytest.fixture(scope="session")
def user_reports(target: Target, database: Database) -> UserReports:
    """What people reported, as a source."""
    from hypercare.sources_read.user_reports import UserReports

    return UserReports(target, database)


@pytest.fixture(scope="session")
def statements(target: Target, database: Database, logs: Logs, suite_session: SuiteSession) -> Statements:
    """Which statements to the database are slow."""
    from hypercare.slow_statements.statements import Statements

    return Statements(target, database, logs, suite_session.memory)


@pytest.fixture(scope="session")
def availability(target: Target, suite_session: SuiteSession) -> Availability:
    """How long the system was down, by what probers saw."""
    from hypercare.stability.availability import Availability

    return Availability(target, lambda: suite_session.history)


@pytest.fixture(scope="session")
def features(target: Target, logs: Logs, suite_session: SuiteSession) -> Features:
    from hypercare.adoption.features import Features

    return Features(target, logs, suite_session.memory)


@pytest.fixture(scope="session")
def backups(target: Target, database: Database) -> Iterator[Backups]:
    from hypercare.backups import Backups

    opened = Backups(target, database)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def accounts(target: Target) -> Accounts:
    from hypercare.clients.accounts import Accounts

    return Accounts(target)


@pytest.fixture(scope="session")
def api(target: Target) -> Iterator[Api]:
    from hypercare.api.api import Api

    opened = Api(target)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser(suite_session: SuiteSession) -> Browser:
    """Closed with the session, not with the last check: the report is printed in it."""
    return suite_session.browser


@pytest.fixture(scope="session")
def web(target: Target, browser: Browser) -> Web:
    from hypercare.web.web import Web

    return Web(target, browser)


@pytest.fixture(scope="session")
def phone(target: Target, browser: Browser) -> Phone:
    from hypercare.mobile.phone import Phone

    return Phone(target, browser)


@pytest.fixture(scope="session")
def branch_isolation(target: Target, accounts: Accounts) -> BranchIsolation:
    from hypercare.branch_isolation import BranchIsolation

    return BranchIsolation(target, accounts)


@pytest.fixture(scope="session")
def synthetic(target: Target, accounts: Accounts, api: Api, web: Web) -> Iterator[Synthetic]:
    """Trial records on the canary; leftovers are looked for through the API first, since it depends on least."""
    from hypercare.trials.synthetic import Synthetic

    opened = Synthetic(target, accounts, (api, web))
    yield opened
    opened.close()


@pytest.fixture
def earlier_trials_undone(request: pytest.FixtureRequest, suite_session: SuiteSession, synthetic: Synthetic) -> None:
    """What earlier sessions left of their trials is undone before a check looks at it, but for maintenance."""
    require_no_maintenance(request.node, suite_session)
    synthetic.clean_up()
