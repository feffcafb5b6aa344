"""How long production orders rest between two steps, and steps are in hand, where all goes well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy import select

from hypercare.database.database import Database
from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.model import Model
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.signals import NotCovered

# Fewer rests or steps that came to an end do not tell how long one lasts.
_LEAST = 50
_MOST_STEPS = 20_000
# As long as all but two, and by half as long again: the longest are only seen once they are over.
_BUT = 2
_AND_HALF = 1.5
# Where so many, and one in so many, take more than half of what is acceptable, it takes so many times that to know.
_SLOW = 5
_ONE_IN = 50
_TIMES_AS_LONG = 3


@dataclass(frozen=True)
class _Step:
    begun: datetime | None
    finished: datetime | None
    opened: datetime


_READ: WeakKeyDictionary[Database, dict[datetime, Mapping[object, Sequence[_Step]]]] = WeakKeyDictionary()


def _rests_of(steps: Sequence[_Step]) -> tuple[Sequence[timedelta], datetime | None]:
    """The rests of an order that came to an end, and since when it has been at rest, if it is."""
    found = []
    signs = sorted(at for one in steps for at in (one.begun, one.finished) if at is not None)
    ended = {one.finished for one in steps}
    before, is_at_rest = steps[0].opened, True
    for at in signs:
        if is_at_rest and at > before:
            found.append(at - before)
        before, is_at_rest = at, at in ended
    return found, before if is_at_rest else None


class UsualWaits:
    """Told by the steps that were begun or finished since go-live: one that has not moved yet is no measure."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def rest(self, at_least: timedelta) -> timedelta:
        """How long an order may rest before it lies about: longer than orders do that go on in the end.

        Raises NotCovered where too few have gone on, or not for long enough, to tell.
        """
        return self._longer_than(self._rests, self._resting, at_least, "orders have gone on to a next step")

    def in_hand(self, at_least: timedelta) -> timedelta:
        """How long a step may be in hand: longer than steps are that are finished in the end.

        Raises NotCovered where too few were finished to tell.
        """
        return self._longer_than(self._durations, self._in_hand, at_least, "steps were begun and finished")

    def mostly(self, at_least: timedelta) -> timedelta:
        """Within what time nine of ten orders go on to their next step.

        Raises NotCovered where too few have gone on to tell.
        """
        ended = self._ended(self._rests, "orders have gone on to a next step")
        return max(at_least, ended[len(ended) * 9 // 10])

    def _longer_than(
        self,
        lengths: Callable[[], Sequence[timedelta]],
        going_on: Callable[[], Sequence[timedelta]],
        at_least: timedelta,
        what: str,
    ) -> timedelta:
        ended = self._ended(lengths, what)
        longest = ended[-1 - _BUT]
        since = self._model.as_of - self._model.calendar.day(self._model.calendar.go_live).start
        slow = sum(one > at_least / 2 for one in (*ended, *going_on()))
        is_slow_house = slow >= max(_SLOW, len(ended) / _ONE_IN)
        if longest > since / 2 or (is_slow_house and since < at_least * _TIMES_AS_LONG):
            raise NotCovered(
                f"Not enough history: {slow:,} take more than {exact_duration(at_least / 2)} here, and how long such "
                "ones take in the end is not seen yet.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        return max(at_least, timedelta(hours=round(longest * _AND_HALF / timedelta(hours=1))))

    @staticmethod
    def _ended(lengths: Callable[[], Sequence[timedelta]], what: str) -> Sequence[timedelta]:
        ended = sorted(lengths())
        if len(ended) < _LEAST:
            raise NotCovered(
                f"Not enough history: only {len(ended)} {what} yet, and {_LEAST} are needed to tell how long it takes.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        return ended

    def _rests(self) -> Sequence[timedelta]:
        """From the opening of an order, or the end of a step, to the next sign of work on the order."""
        return [length for steps in self._by_order.values() for length in _rests_of(steps)[0]]

    def _resting(self) -> Sequence[timedelta]:
        """How long orders with a step to do have been at rest."""
        unfinished = (steps for steps in self._by_order.values() if any(one.finished is None for one in steps))
        return [self._model.as_of - at for steps in unfinished if (at := _rests_of(steps)[1]) is not None]

    def _durations(self) -> Sequence[timedelta]:
        steps = (one for steps in self._by_order.values() for one in steps)
        return [one.finished - one.begun for one in steps if one.begun and one.finished and one.finished >= one.begun]

    def _in_hand(self) -> Sequence[timedelta]:
        """For how long steps have been in hand."""
        steps = (one for steps in self._by_order.values() for one in steps)
        return [self._model.as_of - one.begun for one in steps if one.begun and one.finished is None]

    @cached_property
    def _by_order(self) -> Mapping[object, Sequence[_Step]]:
        """Read once a round: several checks ask how long things take."""
        read = _READ.setdefault(self._model.database, {})
        if self._model.as_of not in read:
            read[self._model.as_of] = self._read()
        return read[self._model.as_of]

    def _read(self) -> Mapping[object, Sequence[_Step]]:
        model = self._model
        order, step = model.records("production_order"), model.records("step")
        created, finished = order.instant("created_at"), step.instant("finished_at")
        begun = step.instant("started_at") if step.has("started_at") else finished
        statement = (
            select(order["id"].label("id"), created.raw.label("opened"), begun.raw.label("b"), finished.raw.label("f"))
            .select_from(step.source.join(order.source, step["order"] == order["id"]))
            .where(created.within(model.watched(created, order)), *orders_excluding_canary(model, order))
            .order_by(created.raw.desc())
            .limit(_MOST_STEPS)
        )
        found: dict[object, list[_Step]] = defaultdict(list)
        for row in model.database.rows(statement, about=f"how long {order.place} wait"):
            opened = created.timestamp_format.decode(row["opened"])
            if opened is not None:
                ended = finished.timestamp_format.decode(row["f"])
                found[row["id"]].append(_Step(begun.timestamp_format.decode(row["b"]), ended, opened))
        return found
