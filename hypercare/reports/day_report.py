"""The report of a business day so far: all its rounds as one, wherever each of them ran."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.history.missed_rounds import due_rounds
from hypercare.history.round_summaries import summaries_of_day
from hypercare.history.store import History
from hypercare.plan.checklist import Checklist
from hypercare.reports.allure import RoundResults
from hypercare.reports.annotations import with_annotations
from hypercare.reports.daily import daily_summary, not_superseded
from hypercare.reports.folder import publish, work_folder
from hypercare.reports.status import status_of
from hypercare.reports.summary import Summary, read_summary
from hypercare.reports.writer import ALLURE_RESULTS, DAY, PAGE, rewrite_report, rounds_of_day, write_report
from hypercare.target_file.config import TargetConfig

_LOG = logging.getLogger(__name__)
_INSTANT = timedelta(microseconds=1)


class DayReport:
    """What makes the report of one day: the target and its plan, its history, and where reports lie."""

    def __init__(self, config: TargetConfig, plan: Checklist, history: History, reports: Path, day: date) -> None:
        self._config, self._plan, self._history = config, plan, history
        self._reports, self._day = reports, day
        calendar = config.business.calendar
        period = calendar.day(day)
        self._due = tuple(due_rounds(config, period.start - _INSTANT, period.end - _INSTANT))

    def rounds(self) -> list[RoundResults]:
        """The rounds of the day that have ended, in the order of their instants.

        Each as the history has it, with the folder in which it left its results; a folder that is not there is that of
        a round that ran on another machine. Rounds of which only the folder tells are taken from there, but for those
        of another target that has the same folder for its reports.
        """
        from_history = list(self._rounds_in_history())
        names_there = {one.summary.round for one in from_history}
        names = [name for name in self._names() if name not in names_there]
        in_folder = rounds_of_day(self._reports, self._day.isoformat(), names)
        found = [*from_history, *(one for one in in_folder if one.summary.target == self._config.target.name)]
        counting = {id(one) for one in not_superseded([one.summary for one in found])}
        counted = [one for one in found if id(one.summary) in counting]
        return sorted(counted, key=lambda one: (one.summary.as_of, one.summary.finished))

    def summary(self, rounds: Sequence[RoundResults], now: datetime | None) -> Summary:
        """The day as one, with what people have said since, and as of `now` its incidents; as they were told for None.

        Raises:
            ValueError: there is no round.
        """
        merged = daily_summary(
            [one.summary for one in rounds],
            order=[item.id for item in self._plan],
            expected=list(dict.fromkeys(one.round for one in self._due)),
            due={one.round: one.due for one in reversed(self._due)},
        )
        if now is not None:
            merged = _with_incidents_as_they_are(merged, Incidents(self._history, self._config), now)
        return with_annotations(merged, Annotations(self._history).of_day(self._day))

    def publish(self, summary: Summary, rounds: Sequence[RoundResults], project: Path, *, lead_there: bool) -> Path:
        """Write it as `<reports>/<day>/day`, and lead `latest` there.

        Raises:
            ReportsFolderProblem: it cannot be written.
        """
        work = work_folder(self._reports)
        write_report(summary, work, rounds=rounds, project=project)
        return publish(work, self._reports, summary.date, DAY, lead_there=lead_there, keep_former=False)

    def tell_anew(self, now: datetime | None) -> None:
        """Tell in the report that lies there what people have said since: on its page, in its text and its data.

        What takes longer (Allure, what is printed) stays as the last round made it. Where no report of the day lies
        there, none is made.

        Raises:
            ReportsFolderProblem: it cannot be written.
        """
        folder, rounds = self._reports / self._day.isoformat() / DAY, self.rounds()
        if rounds and (folder / PAGE).is_file():
            rewrite_report(self.summary(rounds, now), folder)

    def _names(self) -> list[str]:
        plan = self._plan
        due = [one.round for one in self._due]
        return list(dict.fromkeys([*due, *plan.schedules, *(one.name for one in plan.rounds)]))

    def _rounds_in_history(self) -> Iterator[RoundResults]:
        for text in summaries_of_day(self._history, self._day):
            try:
                summary = Summary.model_validate_json(text)
            except ValueError as error:
                _LOG.warning("a round of %s is left out of its day's report: %s", self._day, _first_line(error))
                continue
            yield RoundResults(summary, self._folder_of(summary) / ALLURE_RESULTS)

    def _folder_of(self, summary: Summary) -> Path:
        """Where the round left its report; a report that another of its name replaced was set aside."""
        of_day = self._reports / self._day.isoformat()
        for folder in sorted(of_day.glob(f"{summary.round}*")):
            try:
                if read_summary(folder / "summary.json").started == summary.started:
                    return folder
            except (OSError, ValueError):
                continue
        return of_day / f"{summary.round} elsewhere"


def _first_line(error: ValueError) -> str:
    return str(error).partition("\n")[0]


def _with_incidents_as_they_are(summary: Summary, incidents: Incidents, now: datetime) -> Summary:
    """The incidents that the rounds told of, as they stand by now."""
    newer = {one.id: one for one in incidents.stories([one.id for one in summary.incidents], now)}
    entries = [newer.get(one.id, one) for one in summary.incidents]
    entries.sort(key=lambda one: not one.is_open)
    changed = {**dict(summary), "incidents": entries, "status": status_of(summary.items, entries)}
    return Summary.model_validate(changed)
