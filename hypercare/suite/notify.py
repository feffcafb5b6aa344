"""The end of a round as others hear of it: messages to people, a sign of life to whoever watches the watch."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypercare.history.problem import HistoryProblem
from hypercare.notification.delivery import Delivered
from hypercare.notification.directly import tell_directly
from hypercare.notification.heartbeat import Beat
from hypercare.notification.notifier import Notifier
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import words_of_round
from hypercare.reports.summary import Summary
from hypercare.reports.verdict import verdict_of
from hypercare.safe_text import say
from hypercare.suite.exit_status import FAILED, HOLDS, INTERRUPTED, NOTHING_TO_RUN
from hypercare.suite.recording import Recorder
from hypercare.suite.session import SuiteSession

_AT_THE_LAST = timedelta(seconds=5)


def end_heartbeat(suite: SuiteSession, status: int, summary: Summary | None) -> Iterator[str]:
    """Say how the round ended. It lives when it could judge, be it well or badly; an interrupted one says nothing.

    Yields:
        what went wrong with that, in a sentence.
    """
    if suite.heartbeat is None or status == INTERRUPTED:
        return
    alive = status in {HOLDS, FAILED, NOTHING_TO_RUN}
    says = verdict_of(summary).headline if summary is not None else f"ended with status {status}"
    suite.heartbeat.beat(Beat.SUCCESS if alive else Beat.FAIL, says)
    trouble = suite.heartbeat.settled()
    if trouble:
        yield f"{trouble}."


def tell_people(suite: SuiteSession, summary: Summary, budget: timedelta | None = None) -> Delivered:
    """Tell what the round changed, what it found on the whole, and which rounds before it did not happen.

    Raises:
        HistoryProblem: the history cannot be used.
    """
    notifier = Notifier(suite.history, suite.config)
    now = suite.target.now()
    notifier.tell(suite.changes, summary, now, suite.id)
    notifier.notice_missed_rounds(now)
    notifier.notice_forgotten_maintenance(now)
    return notifier.deliver(now, budget)


def tell_at_the_last(suite: SuiteSession, summary: Summary) -> None:
    """The same for a round that is ended by force: what does not go out now, the next process sends."""
    if suite.rehearses:
        return
    try:
        tell_people(suite, summary, _AT_THE_LAST)
    except HistoryProblem as error:
        say(f"hypercare: {error}", sys.stderr)


def tell_without_history(suite: SuiteSession, recorder: Recorder, problem: str) -> None:
    """A round that could not remember what it saw says it all the same."""
    if suite.rehearses:
        return
    title = (
        f"The {words_of_round(suite.round).lower()} could not be recorded"
        if suite.round
        else "It could not be recorded"
    )
    levels = {result.sentence: result.level for result in recorder.results if result.outcome is Outcome.FAILED}
    tell_directly(suite.config, title, problem, [(level, text) for text, level in levels.items()], datetime.now(UTC))


def tell_that_none_began(suite: SuiteSession, problem: str) -> None:
    """People and whoever watches the watch learn that a round could not begin."""
    if suite.rehearses:
        return
    if suite.heartbeat is not None:
        suite.heartbeat.beat(Beat.FAIL, problem)
    what = f"The {words_of_round(suite.round).lower()}" if suite.round else "A round"
    title = f"{what} could not begin"
    tell_directly(suite.config, title, problem, (), datetime.now(UTC))
    if suite.heartbeat is not None:
        suite.heartbeat.settled()


def undelivered(done: Delivered) -> Iterator[str]:
    for route, trouble in done.troubles.items():
        after = "and are given up" if route in done.given_up else "and are tried again later"
        yield f"Messages did not arrive at {route} {after}: {trouble}"
