"""Whether reports were read: the rounds of a day or a week happened, and somebody signed what they came to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypercare.escalation.annotations import DAILY, sign_offs_of
from hypercare.history.missed_rounds import due_rounds
from hypercare.history.round_queries import past_rounds
from hypercare.history.store import History
from hypercare.outcome.found import Found
from hypercare.outcome.signals import AwaitingPerson, NotCovered
from hypercare.period_reports.period_report import week_of
from hypercare.target_file.config import TargetConfig

_A_DAY = timedelta(days=1)
_FARTHEST_DAYS = 10
_TOMORROW = "Nothing to mend: it is asked from tomorrow on."
_NEXT_WEEK = "Nothing to mend: it is asked when a week had rounds."


class Reviews:
    """What of the past was reported and read, as of an instant."""

    def __init__(self, config: TargetConfig, history: History, as_of: datetime) -> None:
        self._config = config
        self._history = history
        self._as_of = as_of

    def missed_rounds(self) -> Found:
        """Rounds that were due since yesterday and did not happen."""
        calendar = self._config.business.calendar
        start = calendar.day(self._today - _A_DAY).start
        due = list(due_rounds(self._config, start, self._as_of))
        missed = self._history.missed_rounds(self._config, start, self._as_of)
        rows = [
            {
                "round": one.round,
                "due": f"{one.due.astimezone(calendar.zone):%d %b %H:%M}",
                "broke off": "yes" if one.begun is not None else "",
            }
            for one in missed
        ]
        return Found.of_rows(rows, where="rounds", of=len(due))

    def require_last_day_read(self) -> None:
        """Raise AwaitingPerson where nobody signed the report of the last day with rounds before today.

        Raises:
            NotCovered: no day of late has any.
        """
        day = self._last_day()
        if day is None:
            raise NotCovered(
                "No day before this one has a round that ended.",
                remedy=_TOMORROW,
            )
        if not sign_offs_of(self._history, DAILY, day):
            command = f"hypercare sign-off --day {day} --by NAME"
            raise AwaitingPerson(f"Nobody has signed the report of {day:%A}, {day:%d %b}: read it, then {command}.")

    def require_last_week_read(self) -> None:
        """Raise AwaitingPerson where nobody signed the summary of the last week since go-live that is over.

        Raises:
            NotCovered: none is over yet, or none of its days had a round.
        """
        calendar = self._config.business.calendar
        number = week_of(calendar.number_of(self._today)) - 1
        if number < 1:
            raise NotCovered("The first week is not over yet.", remedy="Nothing to mend: it is asked from day 8 on.")
        first = calendar.go_live + timedelta(days=7 * (number - 1))
        name = f"week-{number}"
        held = self._held(calendar.day(first).start)
        if not any(first <= day < first + timedelta(days=7) for day in held):
            raise NotCovered(f"No round was held in week {number}.", remedy=_NEXT_WEEK)
        if not sign_offs_of(self._history, name, first):
            command = f"hypercare report week --week {number}"
            raise AwaitingPerson(
                f"Nobody has signed the summary of week {number}: read it ({command}), then hypercare sign-off "
                f"--what {name} --by NAME."
            )

    @property
    def _today(self) -> date:
        return self._config.business.calendar.date_of(self._as_of)

    def _last_day(self) -> date | None:
        since = self._config.business.calendar.day(self._today - _FARTHEST_DAYS * _A_DAY).start
        return max((day for day in self._held(since) if day < self._today), default=None)

    def _held(self, since: datetime) -> set[date]:
        rounds = past_rounds(self._history, since, self._config.rounds.check_limit)
        return {one.day for one in rounds if one.finished is not None}
