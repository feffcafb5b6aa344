"""What a check may ask of its round: the clock, the day, the limits, and whom to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

import pytest

from hypercare.plan.calendar import Period
from hypercare.suite.performing import FIGURES, SERIES
from hypercare.suite.selection import items_of
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.target_file.config import LimitsSection
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from hypercare.escalation.incidents import Incidents
    from hypercare.escalation.reach import Reach
    from hypercare.gates.standing import JudgedGate
    from hypercare.outcome.series import Series, TellSeries
    from hypercare.period_reports.reviews import Reviews

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


@pytest.fixture
def series(request: pytest.FixtureRequest) -> TellSeries:
    """Puts a figure along hours or stages into the report, which draws it: `series("sales_by_hour", Series(...))`."""
    told = request.node.stash.setdefault(SERIES, {})

    def record(name: str, value: Series) -> None:
        told[name] = value.model_dump(mode="json")

    return record


def _json_number(value: Number) -> int | float | str:
    return str(value) if isinstance(value, Decimal) else value


@pytest.fixture(scope="session")
def incidents(suite_session: SuiteSession) -> Incidents:
    return suite_session.incidents
