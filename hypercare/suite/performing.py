"""One check from its first look to what pytest, Allure and the recorder are told of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from hypercare.outcome import evidence
from hypercare.outcome.evidence import Attachment
from hypercare.outcome.freshness import copy_will_do
from hypercare.outcome.intake import in_words
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.outcome.signals import Signal
from hypercare.plan.item import About
from hypercare.suite.allure_labels import attach_to_allure, label_check, label_result, wants_allure
from hypercare.suite.blame import database_trouble, excused, may_be_caused_by_database, require_no_maintenance
from hypercare.suite.running import Judge, end_as, hides_people, run_check
from hypercare.suite.selection import items_of
from hypercare.suite.session import SuiteSession
from hypercare.suite.shipped_checks import runbook_page

# What opens a way into the running system, or asks how the main database itself is.
_LOOKS_AT_WHAT_IS_NOW = {
    *("api", "web", "phone", "browser", "accounts", "synthetic", "branch_isolation"),
    *("backups", "database", "integrity", "logs"),
}
_LOG = logging.getLogger(__name__)
# What is kept on a pytest test while it runs.
FIGURES: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
SERIES: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
RESULT = pytest.StashKey[CheckResult]()
ATTACHMENTS = pytest.StashKey[list[Attachment]]()


def _name_of_rows(result: CheckResult) -> str:
    there = len(result.sample) + len(result.more)
    which = f"first {there:,} of {result.count:,} " if result.count is not None and result.count > there else ""
    return f"{which}rows of the finding.csv"


def perform(test: pytest.Function, session: SuiteSession) -> Callable[..., None]:
    """A function to be called in place of the check's own."""
    original = test.obj

    def performed(**fixtures: Any) -> None:
        judge = Judge(session, test)
        allure_wanted = wants_allure(test.config)
        attachments = test.stash.setdefault(ATTACHMENTS, [])
        # What a question returned, and for whom it asked, names people in ways that nobody can foresee.
        names_nobody = hides_people(session, items_of(test))

        def keep(attachment: Attachment) -> None:
            if names_nobody:
                return
            attachments.append(attachment)
            if allure_wanted:
                attach_to_allure(attachment, session)

        def check() -> None:
            if session.maintenance:
                require_no_maintenance(test, session)
            with copy_will_do() if _only_asks_what_is_stored(test, session) else nullcontext():
                original(**fixtures)

        if session.round is None and not allure_wanted:
            result, raised = run_check(check, judge, again=session.retry)
        else:
            with evidence.collecting(keep):
                if allure_wanted:
                    label_check(test, session)
                result, raised = run_check(check, judge, again=session.retry)
                evidence.attach_rows(_name_of_rows(result), (*result.sample, *result.more))
                if result.looked_at:
                    evidence.attach("what was looked at", in_words(result.looked_at, most=len(result.looked_at)))
        result = _completed(result, test, session)
        test.stash[RESULT] = result
        if allure_wanted:
            label_result(result, session)
        end_as(result, raised, tuple(runbook_page(session, item) for item in result.items))

    return performed


def _only_asks_what_is_stored(test: pytest.Function, session: SuiteSession) -> bool:
    """Whether a copy of the database that is a little behind would do: nothing is compared with what people see now."""
    items = items_of(test)
    is_about_data = bool(items) and all(session.checklist[item].about is About.DATA for item in items)
    return is_about_data and not _LOOKS_AT_WHAT_IS_NOW.intersection(test.fixturenames)


def complete_report(
    test: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, session: SuiteSession
) -> None:
    """Give pytest's report of a phase the suite's own result, where the phase decided it."""
    raised = call.excinfo.value if call.excinfo else None
    if call.when == "call":
        result = test.stash.get(RESULT, None) or Judge(session, test).result(raised)
        if raised is not None and result.outcome is Outcome.PASSED:
            # Stopped from outside, for instance by the time limit of a single check.
            result = Judge(session, test).result(raised)
    elif raised is not None:
        result = Judge(session, test).result(raised)
        if isinstance(raised, Signal) and result.outcome in {Outcome.NOT_COVERED, Outcome.BLOCKED, Outcome.AWAITING}:
            report.outcome = "skipped"
            report.longrepr = (str(test.path), test.reportinfo()[1] or 0, f"{result.outcome}: {result.sentence}")
    else:
        return
    _log_result(result)
    report.hypercare = result.as_dict()  # type: ignore[attr-defined]
    if session.round is not None:
        from hypercare.reports.pytest_html import extras_of

        attachments = test.stash.setdefault(ATTACHMENTS, [])
        report.extras = extras_of(attachments)  # type: ignore[attr-defined]


def _completed(result: CheckResult, test: pytest.Function, session: SuiteSession) -> CheckResult:
    if result.outcome is Outcome.AWAITING:
        result = _with_answer(result, session)
    if result.outcome is Outcome.FAILED:
        result = _blamed(result, test, session)
    if session.maintenance:
        result = excused(result, test, session)
    figures, series = (test.stash.setdefault(key, {}) for key in (FIGURES, SERIES))
    return replace(result, figures=figures, series=series)


def _with_answer(result: CheckResult, session: SuiteSession) -> CheckResult:
    """A question that a person has answered for this day is not open any more."""
    if session.round is None:
        return result
    target = session.target
    for item in result.items:
        answer = session.history.attested(item, target.calendar.date_of(target.as_of))
        if answer is None:
            return result
        result = replace(result, outcome=Outcome.PASSED, sentence=f"{answer['answer']} ({answer['by']})")
    return result


def _blamed(result: CheckResult, test: pytest.Function, session: SuiteSession) -> CheckResult:
    """One trouble, one incident: what a broken database keeps from working is blocked by it."""
    if not may_be_caused_by_database(test.fixturenames, result.items, session.checklist):
        return result
    down = database_trouble(session)
    if down is None:
        return result
    blamed = Judge(session, test).result(down)
    return replace(
        blamed,
        detail=result.sentence,
        attempts=result.attempts,
        looked_at=result.looked_at,
        doors=result.doors,
        database_load=result.database_load,
        excepted=result.excepted,
        started=result.started,
        ended=result.ended,
        duration_s=result.duration_s,
    )


def _log_result(result: CheckResult) -> None:
    """How one check ended, why, and what would mend it."""
    seconds = result.duration_s or 0.0
    attempts = f", looked at {result.attempts} times" if result.attempts > 1 else ""
    items = ", ".join(result.items)
    if result.outcome is Outcome.PASSED:
        _LOG.info("%s passed after %.2f s (%s)", result.nodeid, seconds, items)
        return
    by = f" by {result.blocked_by}" if result.blocked_by else ""
    remedy = f" {result.remedy}" if result.remedy else ""
    level = f" at {result.level.value}" if result.outcome is Outcome.FAILED else ""
    ended_as = f"{result.outcome.value}{level}{by} after {seconds:.2f} s{attempts}"
    _LOG.info("%s %s (%s): %s%s", result.nodeid, ended_as, items, result.sentence, remedy)
