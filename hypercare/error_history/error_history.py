"""Errors told with their past: first seen, last owner, and what people did about them on earlier days."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy.exc import SQLAlchemyError

from hypercare.error_history.kinds import Kinds, as_json, from_json, with_sightings
from hypercare.error_history.training import training_for
from hypercare.escalation.annotations import Annotations, answers_between
from hypercare.escalation.incidents import Incidents, UnknownIncident
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.logs.errors import ErrorGroup, Errors
from hypercare.logs.log_state import Remembering
from hypercare.outcome.evidence import attach_rows
from hypercare.plan.item import About
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_NAME = "kinds of errors"
_LOOKED_BACK = timedelta(days=60)
# Of the days on which something was done the last ones say most.
_MOST_DAYS = 10
_LONGEST = 160


class ErrorHistory:
    """`memory` holds the kinds from round to round; `history` is where people's answers and actions are."""

    def __init__(self, target: Target, memory: Remembering, history: Callable[[], History] | None = None) -> None:
        self._target = target
        self._memory = memory
        self._history = history

    def tell(self, errors: Errors) -> None:
        """Say with each error what is known of it from before today, and remember what is new."""
        for group in errors.groups:
            if group.by_user:
                group.training = training_for(group.source, group.sample, self._target.config.log_rules)
        try:
            kinds = from_json(self._memory.recall(_NAME))
            self._tell(errors, kinds)
            if not self._target.is_replay:
                self._memory.keep(_NAME, as_json(with_sightings(kinds, errors.groups, self._today)), self._target.as_of)
        except (HistoryProblem, SQLAlchemyError) as error:
            _LOG.debug("nothing is known of errors from before: %s", error)
        if errors.groups:
            attach_rows("errors with their past", errors.rows())

    @property
    def _today(self) -> date:
        return self._target.calendar.date_of(self._target.as_of)

    def _tell(self, errors: Errors, kinds: Kinds) -> None:
        days = {id(group): self._days_before(group, kinds) for group in errors.groups}
        done = self._done_on(sorted({day for some in days.values() for day in some})[-_MOST_DAYS:])
        for group in errors.groups:
            kind = kinds.get((group.source, group.fingerprint))
            if kind is not None:
                group.first_seen = min(group.first_seen or kind.first_seen, kind.first_seen)
            group.past = {
                "last_owner": kind.owner if kind is not None and not group.owner else "",
                "done_before": next((done[day] for day in reversed(days[id(group)]) if day in done), ""),
            }

    def _days_before(self, group: ErrorGroup, kinds: Kinds) -> list[date]:
        kind = kinds.get((group.source, group.fingerprint))
        days = {*group.by_day, *(kind.days if kind is not None else ())}
        return sorted(day for day in days if self._today - _LOOKED_BACK <= day < self._today)

    def _done_on(self, days: Iterable[date]) -> Mapping[date, str]:
        """What people answered about errors on these days, or wrote down as done, each day in a line."""
        days = list(days)
        history = self._history() if days and self._history is not None else None
        if history is None or not history.is_there:
            return {}
        about_errors = self._items_about_errors()
        done = {
            day: f"{day.isoformat()}, {answer.by}: {answer.answer}"
            for day, answer in answers_between(history, days[0], days[-1])
            if answer.item in about_errors
        }
        annotations, incidents = Annotations(history), Incidents(history, self._target.config)
        for day in days:
            for action in annotations.of_day(day).actions:
                if action.incident is not None and _is_of(about_errors, incidents, action.incident):
                    done[day] = f"{day.isoformat()}, {action.by}: {action.note}"
        return {day: self._target.redactor.text(text)[:_LONGEST] for day, text in done.items()}

    def _items_about_errors(self) -> frozenset[str]:
        return frozenset(item.id for item in self._target.config.plan if item.about is About.ERRORS)


def _is_of(items: Collection[str], incidents: Incidents, number: int) -> bool:
    try:
        return any(item in items for item in incidents.one(number).items)
    except UnknownIncident:
        return False
