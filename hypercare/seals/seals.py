"""The seals of one target as its questions meet them: which days to ask, and what is remembered of the others."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from hypercare.database.database import Database
from hypercare.database.fingerprint import KNOWN_TO
from hypercare.operations_model.model import LARGEST_WATCH, Model
from hypercare.outcome.signals import MonitorFault, NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals.day_fingerprints import DayFingerprint
from hypercare.seals.day_seals import DAYS_AT_ONCE, OWN, DayFingerprints, changed_since, components_of, written
from hypercare.seals.store import SealedDay, SealStore
from hypercare.seals.window import Day, Watch, Window
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
# Of the target file: what the questions read besides the records. A new address for messages voids nothing.
_READ_BY_QUESTIONS = {"business", "canary", "entities", "limits", "mapping"}
_VALUE = "value"
BEGINNING = datetime(1971, 1, 1, tzinfo=UTC)
"""No record of a business is of before."""


class Seals:
    """Asks nothing before its first question. Without a store, the watch is as it is without seals."""

    def __init__(self, target: Target, database: Database, store: SealStore | None = None) -> None:
        self.model = Model(target, database)
        self._store = store or SealStore()
        self._fingerprints: dict[tuple[str, str], DayFingerprints] = {}
        self._unanswered: set[tuple[str, str]] = set()

    def window(self, question: str, watch: Watch, since: datetime | None = None) -> Window:
        """What a question has to ask of the records of a watch.

        `question` is a name of its own, the same from round to round. Only such questions have seals whose answer of a
        day follows from the records of that day, of their parts and of what is `beside` them: not from the hour, nor
        from other days.

        Today, yesterday and what the target may take to settle are always asked; of the rest of the watch the days
        that this question never found in order, and those that are not any more as they were then. Of more than
        ALL_AT_ONCE records a part that changed may be noticed within a week. Where days cannot be compared, or not in
        time, the watch is asked whole. With `since`, days that are over by then are no part of the watch.

        Raises NotCovered where the entity or the field is not mapped, and what any question of the database raises.
        """
        records = self.model.records(watch.entity)
        instant = records.instant(watch.field)
        if self._can_seal and (watch.entity, watch.field) not in self._unanswered:
            try:
                return self._window(question, watch, since)
            except (NotCovered, MonitorFault) as signal:
                # The question itself may well be answered, and says so if not.
                _LOG.info("the days of %s are asked whole: %s", records.place, signal)
                self._unanswered.add((watch.entity, watch.field))
        whole = self.model.watched(instant, records)
        return Window(whole, (Day(self.model.calendar.date_of(whole.start), whole),))

    def daily(self, name: str, watch: Watch, ask: Callable[[Window], Mapping[date, Any]]) -> Mapping[date, Any]:
        """A figure of each day of the watch by its date, read once a day: sums, counts by branch, words in use.

        `ask` is given the days that have to be read, and returns what is to be remembered of each, as plain JSON; a day
        that it leaves out has nothing. Of days that are for later rounds there is nothing either.
        """
        window = self.window(f"figures: {name}", watch)
        read = ask(window)
        if window.keep is not None:
            window.keep({day.date: {_VALUE: read.get(day.date)} for day in window.days})
        remembered = {day: figures[_VALUE] for day, figures in window.sealed.items()}
        return {day: value for day, value in sorted({**remembered, **read}.items()) if value is not None}

    def accumulated(self, name: str, watch: Watch, ask: Callable[[Period], Any], add: Callable[[Any, Any], Any]) -> Any:
        """A figure of all the past, of which only what came since is read: all kinds ever seen, when each was first.

        `ask` reads it of a period, as plain JSON; `add` makes one of an earlier and a later. What is entered later
        under a date long past is not in it.
        """
        question, end = f"accumulated: {name}", self.model.hypercare.end
        if not self._can_seal:
            return ask(Period(BEGINNING, end))
        basis, until = self._basis(watch), self._recent_from
        day = self.model.calendar.date_of(until)
        earlier = {at: one for at, one in self._store.days(question, basis).items() if at <= day}
        if earlier:
            at = max(earlier)
            value, start = earlier[at].figures[_VALUE], self.model.calendar.at(at, time.min)
            value = add(value, ask(Period(start, until))) if start < until else value
        else:
            value = ask(Period(BEGINNING, until))
        self._store.keep_days(question, basis, {day: SealedDay("", {_VALUE: value})}, day, self.model.as_of)
        return add(value, ask(Period(until, end)))

    def is_due(self, work: str, every: timedelta) -> bool:
        """Whether what is done now and then was not done for so long, whichever evenings there were no rounds; it
        counts from when that is first asked. Without a history it is due on one day in so many.
        """
        today = self.model.calendar.date_of(self.model.as_of)
        if not self._can_seal:
            return today.toordinal() % every.days == 0
        done = max(self._store.days(f"done: {work}", self._store.rules), default=None)
        if done is None:
            self.note_done(work)
        return done is not None and today - done >= every

    def note_done(self, work: str) -> None:
        today = self.model.calendar.date_of(self.model.as_of)
        self._store.keep_days(f"done: {work}", self._store.rules, {today: SealedDay("")}, today, self.model.as_of)

    # -- days ------------------------------------------------------------------------------------------------

    def _window(self, question: str, watch: Watch, since: datetime | None) -> Window:
        model = self.model
        basis, components = self._basis(watch), components_of(model, watch)
        fingerprints = self._fingerprints_of(watch)
        periods = {day: one for day, one in self._periods.items() if since is None or one.end > since}
        older = {day for day, period in periods.items() if period.end <= self._recent_from}
        sealed = {day: seal for day, seal in self._store.days(question, basis).items() if day in older}
        changed, compared = changed_since(fingerprints, components, sealed, model.as_of)
        in_order = {day: seal for day, seal in sealed.items() if day not in changed}
        asked, left = self._as_far_as_bearable(watch, [day for day in periods if day not in in_order])
        over = {day.date for day in asked if day.period.end <= model.target.today.start}
        # Before the question is asked: what changes meanwhile is to be noticed by the next round.
        columns = [fingerprints.of(one, over) for one in components] if self._store.keeps else []

        def keep(found: Mapping[date, Mapping[str, Any]]) -> None:
            if self._store.keeps:
                judged = over & found.keys()
                seals = {day: SealedDay(written([one[day] for one in columns]), found[day]) for day in judged}
                again = {day: in_order[day] for day in compared & in_order.keys()}
                self._store.keep_days(question, basis, {**again, **seals}, min(periods), model.as_of)

        figures = {day: seal.figures for day, seal in in_order.items()}
        return Window(self._whole, tuple(asked), figures, left, keep)

    @property
    def _can_seal(self) -> bool:
        return self._store.recalls and self.model.database.dialect in KNOWN_TO

    @cached_property
    def _whole(self) -> Period:
        return self.model.hypercare

    @cached_property
    def _periods(self) -> Mapping[date, Period]:
        """The days of the watch; the last one is as long as the day is old, with what the clocks may differ by.

        What is still settling lies in none of them, however many hours or days that takes.
        """
        calendar, whole = self.model.calendar, self._whole
        first, last = calendar.date_of(whole.start), calendar.date_of(self.model.as_of)
        dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        starts = [max(whole.start, calendar.at(day, time.min)) for day in dates]
        ends = [*starts[1:], whole.end]
        return {
            day: Period(start, end).until(whole.end)
            for day, start, end in zip(dates, starts, ends, strict=True)
            if start < whole.end or day == first
        }

    @property
    def _recent_from(self) -> datetime:
        """The start of yesterday, or of the day in which what is still settling then may lie."""
        calendar = self.model.calendar
        yesterday = calendar.at(calendar.date_of(self.model.as_of) - timedelta(days=1), time.min)
        settling = calendar.date_of(yesterday - self.model.mapping.settles_within)
        return calendar.at(settling, time.min)

    def _fingerprints_of(self, watch: Watch) -> DayFingerprints:
        key = watch.entity, watch.field
        if key not in self._fingerprints:
            self._fingerprints[key] = DayFingerprints(self.model, watch, self._periods)
        return self._fingerprints[key]

    def _as_far_as_bearable(self, watch: Watch, days: Sequence[date]) -> tuple[Sequence[Day], int]:
        """The newest days, as many as can be looked at in one round; how many are left to later ones."""
        fingerprints = self._fingerprints_of(watch)
        found: Mapping[date, DayFingerprint] = {}
        asked: list[Day] = []
        count = 0
        for place in range(len(days), 0, -1):
            day, period = days[place - 1], self._periods[days[place - 1]]
            if day not in found:
                step = len(days) if fingerprints.are_few(OWN) else DAYS_AT_ONCE
                found = fingerprints.of(OWN, days[max(0, place - step) : place])
            count += found[day][0]
            if count > LARGEST_WATCH and period.end <= self._recent_from and asked:
                break
            asked.append(Day(day, period))
        return asked[::-1], len(days) - len(asked)

    def _basis(self, watch: Watch) -> str:
        """What a day is judged by, besides its records."""
        refers_to = self.model.definitions.refers_to
        owners = (refers_to(watch.entity, owner.partition(".")[0]) for owner in watch.owners)
        others = (one for one in (*watch.parts, *owners) if one and self.model.has(one))
        entities = (watch.entity, *others, *watch.beside)
        types = {
            one: sorted((field, str(kind)) for field, kind in self.model.records(one).types.items()) for one in entities
        }
        return hashlib.sha256(f"{self._rules} {types}".encode()).hexdigest()[:32]

    @cached_property
    def _rules(self) -> str:
        config = self.model.target.config.model_dump(mode="json", include=_READ_BY_QUESTIONS)
        config["business"].pop("clock", None)
        return json.dumps([self._store.rules, config], sort_keys=True, default=str)
