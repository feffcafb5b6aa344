"""The resources of a check. Each is cheap to ask for and opens its way into the target at first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

import pytest

from hypercare.plan.calendar import Period
from hypercare.suite.blame import require_no_maintenance
from hypercare.suite.performing import FIGURES
from hypercare.suite.selection import items_of
from hypercare.suite.session import SESSION, SuiteSession
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
    from hypercare.escalation.incidents import Incidents
    from hypercare.escalation.reach import Reach
    from hypercare.gates.standing import JudgedGate
    from hypercare.habits import Habits
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
    from hypercare.period_reports.reviews import Reviews
    from hypercare.seals import PastSales, Seals
    from hypercare.slow_statements.statements import Statements
    from hypercare.sources_read.log_sources import LogSources
    from hypercare.sources_read.user_reports import UserReports
    from hypercare.stability.availability import Availability
    from hypercare.stability.restarts import Restarts
    from hypercare.trials.synthetic import Synthetic
    from hypercare.web.web import Web

Number = int | float | str | Decimal
Ask = Callable[..., NoReturn]
Figure = Callable[[str, Number | Mapping[str, Number]], None]


@pytest.fixture(scope="session")
def suite_session(pytestconfig: pytest.Config) -> SuiteSession:
    return pytestconfig.stash[SESSION]


@pytest.fixture(scope="session")
def target(suite_session: SuiteSession) -> Target:
    """The system under watch; the embedded one, started for the session, when none is named."""
    return suite_session.target


@pytest.fixture(scope="session")
def today(target: Target) -> Period:
    """The business day so far."""
    return target.today


@pytest.fixture(scope="session")
def since_last_round(target: Target) -> Period:
    return target.since_last_round


@pytest.fixture(scope="session")
def unreviewed(target: Target) -> Period:
    """The day so far, and what came before it after the last round of the same name."""
    return target.unreviewed


@pytest.fixture(scope="session")
def as_of(target: Target) -> datetime:
    return target.as_of


@pytest.fixture
def branches_in_focus(
    request: pytest.FixtureRequest, suite_session: SuiteSession, target: Target
) -> frozenset[str] | None:
    """The branches for which it is one of the days that the items of the check are for; None where it is for all."""
    day, calendar = target.calendar.date_of(target.as_of), target.calendar
    found: set[str] = set()
    for item in items_of(request.node):
        ranges = suite_session.checklist[item].day_ranges
        branches = calendar.branches_in(ranges, day) if ranges else None
        if branches is None:
            return None
        found |= branches
    return frozenset(found) or None


@pytest.fixture
def gate(request: pytest.FixtureRequest, suite_session: SuiteSession, target: Target) -> JudgedGate:
    """The gate of the plan that the item of the check asks for, as it stands now."""
    from hypercare.gates.evidence import evidence_of
    from hypercare.gates.judging import judged_gate

    (item,) = items_of(request.node)
    asked = suite_session.checklist.gate(item)
    evidence = evidence_of(suite_session.history, suite_session.config, asked.days, target.as_of)
    return judged_gate(asked, suite_session.checklist, evidence)


@pytest.fixture(scope="session")
def reviews(suite_session: SuiteSession, target: Target) -> Reviews:
    from hypercare.period_reports.reviews import Reviews

    return Reviews(suite_session.config, suite_session.history, target.as_of)


@pytest.fixture(scope="session")
def reach(suite_session: SuiteSession, target: Target) -> Reach:
    from hypercare.escalation.reach import Reach

    return Reach(suite_session.config, suite_session.history, target.as_of)


@pytest.fixture
def ask(request: pytest.FixtureRequest, suite_session: SuiteSession, target: Target) -> Ask:
    """Asks a person the question of the check's item: `ask()`, or `ask("3 people could not log in.")` with what the
    question is about. What was answered before, and for how long nobody has, is said with it."""

    def asks(about: str = "") -> NoReturn:
        from hypercare.outcome.signals import AwaitingPerson
        from hypercare.suite.asking import earlier_words

        (item,) = items_of(request.node)
        question = suite_session.checklist[item].question
        raise AwaitingPerson(" ".join(filter(None, (about, question, earlier_words(suite_session, item)))))

    return asks


@pytest.fixture(scope="session")
def limits(target: Target) -> LimitsSection:
    return target.config.limits


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Puts a number into the daily report: `figure("sales_created", 142)`.

    Money is given as Decimal; a number that is broken down is a mapping by name. Its words and its unit stand in the
    checklist, [[figure]], or in hypercare/reports/figures.py.
    """
    figures = request.node.stash.setdefault(FIGURES, {})

    def record(name: str, value: Number | Mapping[str, Number]) -> None:
        if isinstance(value, Mapping):
            figures[name] = {part: _json_number(one) for part, one in value.items()}
        else:
            figures[name] = _json_number(value)

    return record


def _json_number(value: Number) -> int | float | str:
    return str(value) if isinstance(value, Decimal) else value


@pytest.fixture(scope="session")
def incidents(suite_session: SuiteSession) -> Incidents:
    return suite_session.incidents


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

    return Logs(target, suite_session.memory)


@pytest.fixture(scope="session")
def performance(target: Target, logs: Logs, suite_session: SuiteSession) -> Performance:
    """How fast people were answered, day by day since go-live."""
    from hypercare.performance.performance import Performance

    return Performance(target, logs, suite_session.memory)


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
