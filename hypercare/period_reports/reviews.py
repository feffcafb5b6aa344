"""Whether reports were read: the rounds of a day or a week happened, and somebody signed what they came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from hypercare.escalation.annotations import DAILY, sign_offs_of
from hypercare.history.missed_rounds import MissedRound, due_rounds
from hypercare.history.round_queries import past_rounds
from hypercare.history.store import History
from hypercare.outcome.found import Found
from hypercare.outcome.signals import AwaitingPerson, NotCovered
from hypercare.period_reports.period_report import week_of
from hypercare.target_file.config import TargetConfig

_A_DAY = timedelta(days=1)
_FARTHEST_DAYS = 10
# A round that is held once a week has been held twice within these.
_LOOKED_BACK = timedelta(days=16)
_LEAST_DAYS = 2
_TOMORROW = "Nothing to mend: it is asked from tomorrow on."
_NEXT_WEEK = "Nothing to mend: it is asked when a week had rounds."


class Reviews:
    """What of the past was reported and read, as of an instant."""

    def __init__(self, config: TargetConfig, history: History, as_of: datetime) -> None:
        self._config = config
        self._history = history
        self._as_of = as_of

    def missed_rounds(self) -> Found:
        """Rounds that were due since yesterday and did not happen, of those that are held otherwise."""
        return self._found([one for one in self._missed if one.round in self._usual])

    def rounds_that_nobody_holds(self) -> Found:
        """The others: whether anybody means to hold them only people know."""
        return self._found([one for one in self._missed if one.round not in self._usual])

    @cached_property
    def _missed(self) -> Sequence[MissedRound]:
        return self._history.missed_rounds(self._config, self._yesterday, self._as_of)

    @cached_property
    def _usual(self) -> frozenset[str]:
        """The rounds that were held on several of the days before yesterday, a weekly one in two weeks."""
        rounds = past_rounds(self._history, self._yesterday - _LOOKED_BACK, self._config.rounds.check_limit)
        days = Counter({(one.round, one.day) for one in rounds if one.finished is not None})
        held = Counter(name for name, day in days if day < self._today - _A_DAY)
        return frozenset(name for name, number in held.items() if number >= _LEAST_DAYS)

    @property
    def _yesterday(self) -> datetime:
        return self._config.business.calendar.day(self._today - _A_DAY).start

    def _found(self, missed: Sequence[MissedRound]) -> Found:
        zone = self._config.business.calendar.zone
        rows = [
            {
                "round": one.round,
                "due": f"{one.due.astimezone(zone):%d %b %H:%M}",
                "broke off": "yes" if one.begun is not None else "",
            }
            for one in missed
        ]
        due = len(list(due_rounds(self._config, self._yesterday, self._as_of)))
        return Found.of_rows(rows, where="rounds", of=due)

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
