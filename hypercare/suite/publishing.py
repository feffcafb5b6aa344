"""The report of a round: how it is made, how it is moved into place, and what is added to it then."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hypercare.browser.browser import find_browser
from hypercare.history.round_summaries import keep_summary
from hypercare.outcome.signals import NotCovered
from hypercare.publishing.target_index import index_reports
from hypercare.reports.allure import RoundResults
from hypercare.reports.day_report import DayReport
from hypercare.reports.folder import LATEST, publish, shows_a_later_day
from hypercare.reports.later_pages import add_later_pages
from hypercare.reports.pdf import print_page
from hypercare.reports.summary import Summary
from hypercare.reports.writer import write_report
from hypercare.suite.notify import tell_at_the_last
from hypercare.suite.printing import print_here
from hypercare.suite.recording import Recorder
from hypercare.suite.recovery import clear, tidy
from hypercare.suite.result_journal import ROUND_FILE
from hypercare.suite.session import SuiteSession
from hypercare.suite.summarising import summarise
from hypercare.suite.watchdog import OUT_OF_TIME

_LOG = logging.getLogger(__name__)
ALLURE_HISTORY = "allure-history.jsonl"


def publish_so_far(suite: SuiteSession, recorder: Recorder) -> None:
    """The report of what was seen of a round that must be ended by force."""
    summary = put_together(suite, recorder, OUT_OF_TIME)
    publish_day_so_far(suite, publish_report(suite, summary))
    tell_at_the_last(suite, summary)
    index_days(suite)
    suite.close()


def put_together(suite: SuiteSession, recorder: Recorder, unfinished: str) -> Summary:
    """The summary of what was recorded; `unfinished` is why a check that never ended did not.

    Raises:
        HistoryProblem: the history cannot be used.
    """
    if recorder.journal is not None:
        recorder.journal.flush()
    return summarise(suite, recorder, unfinished=unfinished)


@dataclass(frozen=True)
class Published:
    """A report where people find it: of a round, or of the day of which it is the newest round."""

    summary: Summary
    place: Path
    rounds: Sequence[RoundResults] = ()


def publish_report(suite: SuiteSession, summary: Summary) -> Published:
    """Write the report of a round into its work folder and move it into place.

    A round that looks back on a day leaves `latest` where it shows a later one.

    Raises:
        ReportsFolderProblem, HistoryProblem: the reports folder or the history cannot be written.
    """
    assert suite.work is not None
    write_report(summary, suite.work, project=suite.project)
    keep_days = suite.config.reports.keep_days
    lead_there = not (suite.target.is_replay and shows_a_later_day(suite.reports, summary.date))
    place = publish(suite.work, suite.reports, summary.date, summary.round, keep_days=keep_days, lead_there=lead_there)
    (place / ROUND_FILE).unlink(missing_ok=True)
    suite.history.record_figures(suite.id, summary.figures)
    reported_rounds = [one.id for one in summary.broken_rounds]
    keep_summary(suite.history, suite.id, summary.to_json())
    suite.history.finish_round(suite.id, summary.finished, summary.status.value, reported_rounds)
    clear(suite.history, suite.reports)
    tidy(suite.history, suite.config, suite.target.now())
    return Published(summary, place)


def publish_day_so_far(suite: SuiteSession, of_round: Published) -> Published:
    """Make the report of the round's day from all its rounds until now, and lead `latest` there.

    Returns:
        the day's report; that of the round where nothing is remembered, or where the day's cannot be made: whatever
        is wrong with it, the round has its report.
    """
    if suite.rehearses:
        return of_round
    day = of_round.summary.date
    try:
        report = DayReport(suite.config, suite.checklist, suite.history, suite.reports, day)
        rounds, now = report.rounds(), suite.target.now()
        is_today = suite.target.calendar.date_of(now) == day
        summary = report.summary(rounds, now if is_today else None)
        place = report.publish(summary, rounds, suite.project, lead_there=is_latest(suite, of_round.place))
    except Exception as error:  # noqa: BLE001 - a round that held must not end as one that failed
        _LOG.warning("the report of the day could not be made", exc_info=error)
        return of_round
    return Published(summary, place, rounds)


def index_days(suite: SuiteSession) -> str:
    """Make the index of all days anew; returns why it could not be made, empty where it was."""
    return index_reports(suite.reports, suite.config, suite.history)


def is_latest(suite: SuiteSession, place: Path) -> bool:
    """Whether `latest` leads to this report; where it leads to that of a round, it may lead to that of its day."""
    return (suite.reports / LATEST).resolve() == place.resolve()


def add_pages(suite: SuiteSession, report: Published) -> dict[str, str]:
    """Add to a published report what takes its time.

    Returns:
        the files that could not be made, each with its reason.
    """
    history = suite.reports / ".state" / suite.config.key / ALLURE_HISTORY
    printer = partial(_print, suite)
    return add_later_pages(report.summary, report.place, printer, rounds=report.rounds, history=history)


def _print(suite: SuiteSession, page: Path, pdf: Path) -> str:
    """In the browser of the checks, where there is one; else in one that is started for it."""
    reason = None if suite.prints is None else suite.prints(page, pdf)
    if reason is not None:
        return reason
    if suite.has_browser:
        return print_here(suite, page, pdf)
    return print_page(page, pdf, browser=browser_for_printing())


def browser_for_printing() -> Path | None:
    """The browser that the checks use; None where there is none, and the report then has no printed form."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            return find_browser(Path(playwright.chromium.executable_path))
    except (NotCovered, Error):
        return None
