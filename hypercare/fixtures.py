"""The resources of a check. Each is cheap to ask for and opens its way into the target at first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

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
    from hypercare.adoption.places import Places
    from hypercare.api.api import Api
    from hypercare.backups import Backups
    from hypercare.branch_isolation import BranchIsolation
    from hypercare.browser.browser import Browser
    from hypercare.clients.accounts import Accounts
    from hypercare.database.database import Database
    from hypercare.escalation.incidents import Incidents
    from hypercare.habits import Habits
    from hypercare.integrity import Integrity
    from hypercare.logs import Logs
    from hypercare.mobile.phone import Phone
    from hypercare.operations.activity import ActivityLog
    from hypercare.operations.branches import Branches
    from hypercare.operations.costs import Costs
    from hypercare.operations.dates import Dates
    from hypercare.operations.issues import Issues
    from hypercare.operations.jobs import Jobs
    from hypercare.operations.own_records import OwnRecords
    from hypercare.operations.production import Production
    from hypercare.operations.sales import Sales
    from hypercare.operations.switched_off import SwitchedOff
    from hypercare.operations.users import Users
    from hypercare.seals import PastSales, Seals
    from hypercare.trials.synthetic import Synthetic
    from hypercare.web.web import Web

Number = int | float | str | Decimal
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
    ranges = [suite_session.checklist[item].day_range for item in items_of(request.node)]
    day, calendar = target.calendar.date_of(target.as_of), target.calendar
    found: set[str] = set()
    for days in ranges:
        branches = None if days is None else calendar.branches_in(days, day)
        if branches is None:
            return None
        found |= branches
    return frozenset(found) or None


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
def costs(target: Target, database: Database) -> Costs:
    from hypercare.operations.costs import Costs

    return Costs(target, database)


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
def resistance(suite_session: SuiteSession, attendance: Attendance, limits: LimitsSection) -> Resistance:
    from hypercare.adoption.causes import Resistance

    return Resistance(attendance, limits, suite_session.memory)


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
