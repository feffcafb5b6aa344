"""Running one check: look, look again before crying out, and turn how it ended into its outcome."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hypercare.history.problem import HistoryProblem
from hypercare.outcome.database_load import listening_to_load
from hypercare.outcome.exceptions import looking_for
from hypercare.outcome.finding import Finding
from hypercare.outcome.grammar import agreeing
from hypercare.outcome.intake import Intake, listening, not_understood
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.outcome.signals import (
    AwaitingPerson,
    ChannelDown,
    CheckFailed,
    Doubted,
    DryRunStop,
    MonitorFault,
    NotCovered,
    Signal,
    question_about,
)
from hypercare.outcome.wording import result_text
from hypercare.plan.item import About
from hypercare.plan.ways import SEVERAL
from hypercare.suite.selection import items_of
from hypercare.suite.session import SuiteSession
from hypercare.target_file.command_line import command_line

if TYPE_CHECKING:
    from hypercare.outcome.doors import DoorTried

_LOG = logging.getLogger(__name__)
# What "blocks" a check that was asked only to look.
HELD_BACK = "our own restraint"


@dataclass(frozen=True)
class Judge:
    """Turns what a check raised into a result."""

    session: SuiteSession
    test: pytest.Item

    @property
    def items(self) -> tuple[str, ...]:
        return items_of(self.test)

    @property
    def level(self) -> Level:
        return max((self.session.checklist[item].level for item in self.items), default=Level.L2)

    def _is_sure(self, doubted: Doubted) -> bool:
        """Whether the check's rule is one here, whatever the records from before today say: agreed on, or seen to hold
        by earlier rounds, before something broke even what is old."""
        session = self.session
        if self.test.name.removeprefix("test_") in session.config.mapping.agreed.holds:
            return True
        if doubted.told_by_records:
            return False
        # What opens a history is loaded for the few checks that doubt themselves.
        from hypercare.history.round_queries import has_held
        from hypercare.suite.result_journal import rules_version

        with suppress(HistoryProblem):
            return session.history.is_there and has_held(session.history, self.test.nodeid, rules_version())
        return False

    def result(self, raised: BaseException | None) -> CheckResult:
        base = CheckResult(nodeid=self.test.nodeid, items=self.items, outcome=Outcome.PASSED, level=self.level)
        text = self.session.redactor.text
        match raised:
            case None:
                return base
            case CheckFailed(finding=finding):
                return replace(self._saying(base, finding), outcome=Outcome.FAILED)
            case ChannelDown():
                return self._way_down(base, raised)
            case Doubted(finding=finding) if self._is_sure(raised):
                return replace(self._saying(base, finding), outcome=Outcome.FAILED)
            case NotCovered(reason=reason, remedy=remedy):
                return replace(base, outcome=Outcome.NOT_COVERED, sentence=text(agreeing(reason)), remedy=text(remedy))
            case DryRunStop():
                return replace(base, outcome=Outcome.BLOCKED, sentence=text(str(raised)), blocked_by=HELD_BACK)
            case AwaitingPerson(bare_question=question, rows=rows, of=of):
                told = self._finding_to_tell(Finding(sentence=question, sample=rows, of=of))
                sentence = question_about(agreeing(told.sentence), told.sample)
                return replace(base, outcome=Outcome.AWAITING, sentence=text(sentence))
            case MonitorFault(reason=reason, remedy=remedy):
                return replace(base, outcome=Outcome.MONITOR_FAULT, sentence=text(reason), remedy=text(remedy))
            case HistoryProblem():
                sentence = f"What earlier rounds left behind was needed: {raised}"
                remedy = "See to [history] in the target file, or to the server it names."
                return replace(base, outcome=Outcome.MONITOR_FAULT, sentence=text(sentence), remedy=text(remedy))
            case pytest.skip.Exception():
                return replace(base, outcome=Outcome.NOT_COVERED, sentence=text(str(raised)))
            case _:
                sentence = f"The check itself broke: {type(raised).__name__}: {_first_line(raised)}"
                return replace(base, outcome=Outcome.MONITOR_FAULT, sentence=text(sentence))

    def _saying(self, base: CheckResult, finding: Finding) -> CheckResult:
        return base.saying(self._finding_to_tell(finding), self.session.redactor)

    def _finding_to_tell(self, finding: Finding) -> Finding:
        """As far as it may be told of people."""
        if not hides_people(self.session, self.items):
            return finding
        # Loaded where not everything may be told.
        from hypercare.suite.personal_data import people_policy

        return people_policy(self.session).applied(finding)

    def _way_down(self, base: CheckResult, down: ChannelDown) -> CheckResult:
        found = replace(base.saying(down.finding, self.session.redactor), address=down.address)
        answering = self.session.checklist.answering(down.way)
        if answering is not None and answering.id in self.items:
            return replace(found, outcome=Outcome.FAILED)
        do = "do" if down.way in SEVERAL else "does"
        sentence = f"Not looked at, since the {down.way} {do} not work: {found.sentence}"
        return replace(found, outcome=Outcome.BLOCKED, blocked_by=down.way, sentence=sentence)


def hides_people(session: SuiteSession, items: Iterable[str]) -> bool:
    """Whether a check asks how people work, and not everything may be told of each of them here."""
    is_about_people = any(session.checklist[item].about is About.PEOPLE for item in items)
    return is_about_people and session.config.reports.people != "names"


def _doors_tried(session: SuiteSession) -> AbstractContextManager[Mapping[Any, DoorTried]]:
    """Those between branches that a check tries; only a round's report tells of them."""
    if session.round is None:
        return nullcontext({})
    from hypercare.outcome.doors import listening_at_doors

    return listening_at_doors()


def run_check(call: Callable[[], Any], judge: Judge, *, again: bool) -> tuple[CheckResult, BaseException | None]:
    """Run a check, once more after a pause if it did not hold and `again` is set; with what it raised last."""
    _LOG.debug("%s begins", judge.test.nodeid)
    started, clock = datetime.now(UTC), time.monotonic()
    with ExitStack() as listeners:
        taken_in = listeners.enter_context(listening())
        doors = listeners.enter_context(_doors_tried(judge.session))
        load = listeners.enter_context(listening_to_load())
        passed_over = listeners.enter_context(looking_for(judge.items))
        result, raised = _run_with_retry(call, judge, again=again)
    result = _asked_all(_passed_on_something(result, taken_in.values(), judge), load.held_back)
    ended, took = datetime.now(UTC).isoformat(), round(time.monotonic() - clock, 3)
    text = judge.session.redactor.text
    looked_at = tuple({**intake.as_dict(), "source": text(intake.source)} for intake in taken_in.values())
    timed = replace(result, started=started.isoformat(), ended=ended, duration_s=took, looked_at=looked_at)
    if doors:
        timed = replace(timed, doors=tuple({**one.as_dict(), "reason": text(one.reason)} for one in doors.values()))
    cost = load.as_dict() if load.statements else {}
    return replace(timed, database_load=cost, excepted=passed_over.as_dicts()), raised


def _passed_on_something(result: CheckResult, taken_in: Iterable[Intake], judge: Judge) -> CheckResult:
    """A check that had something to look at and understood none of it has not looked, whatever it made of that."""
    reason = not_understood(taken_in) if result.outcome is Outcome.PASSED else ""
    if not reason:
        return result
    doctor = command_line(judge.session.config, "doctor", reads_history=False)
    remedy = f"Say in the target file how it is to be read; `{doctor}` tells what is understood."
    return replace(result, outcome=Outcome.NOT_COVERED, sentence=reason, remedy=remedy)


def _asked_all(result: CheckResult, held_back: Sequence[str]) -> CheckResult:
    """A check of which a question was not put has found nothing wrong so far, and no more than that."""
    if not held_back or result.outcome not in {Outcome.PASSED, Outcome.FLAKY}:
        return result
    remedy = "The next round of [database] heavy_rounds takes it along; it may read more."
    return replace(result, outcome=Outcome.NOT_COVERED, sentence=held_back[0], remedy=remedy)


def _run_with_retry(call: Callable[[], Any], judge: Judge, *, again: bool) -> tuple[CheckResult, BaseException | None]:
    began = datetime.now(UTC)
    raised = _raised_by(call)
    result = judge.result(raised)
    if again and result.outcome in {Outcome.FAILED, Outcome.BLOCKED}:
        pause = judge.session.config.rounds.retry_after.total_seconds()
        _LOG.info("%s is looked at again in %g s: %s, %s", judge.test.nodeid, pause, result.outcome, result.sentence)
        first = _try(result, began)
        # What is found while others are looked at may come of just that; an outage does not.
        quiet = judge.session.with_nothing_beside() if result.outcome is Outcome.FAILED else nullcontext()
        with quiet:
            time.sleep(pause)
            began = datetime.now(UTC)
            raised = _raised_by(call)
        second = judge.result(raised)
        tries = (first, _try(second, began))
        second_held = second.outcome in {Outcome.PASSED, Outcome.AWAITING}
        result = replace(replace(result, outcome=Outcome.FLAKY) if second_held else second, attempts=2, tries=tries)
    return result, raised


def _try(result: CheckResult, began: datetime) -> dict[str, str]:
    return {
        "outcome": result.outcome.value,
        "sentence": result.sentence,
        "started": began.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
    }


def _raised_by(call: Callable[[], Any]) -> BaseException | None:
    try:
        call()
    except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
        raise
    except BaseException as error:  # noqa: BLE001 - pytest's own outcomes derive from BaseException
        if not isinstance(error, Signal | pytest.skip.Exception):
            _LOG.debug("the check raised %s", type(error).__name__, exc_info=error)
        return error
    return None


def end_as(result: CheckResult, raised: BaseException | None, runbooks: tuple[str, ...]) -> None:
    """End the test for pytest, Allure and the rest as the result says."""
    match result.outcome:
        case Outcome.PASSED | Outcome.FLAKY:
            return
        case Outcome.FAILED:
            pytest.fail(result_text(result, runbooks), pytrace=False)
        case Outcome.MONITOR_FAULT:
            if raised is not None and not isinstance(raised, MonitorFault):
                raise raised
            raise MonitorFault(result.sentence + (f" {result.remedy}" if result.remedy else ""))
        case _:
            words = {Outcome.AWAITING: "awaiting a person"}.get(result.outcome, result.outcome.value)
            remedy = f" {result.remedy}" if result.remedy else ""
            pytest.skip(f"{words}: {result.sentence}{remedy}")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0]
