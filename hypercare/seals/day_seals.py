"""Which days of the watch still are as they were when a question found them in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from hypercare.operations_model.model import Model
from hypercare.plan.calendar import Period
from hypercare.seals.day_fingerprints import (
    DayFingerprint,
    field_of_whole,
    fingerprints_of,
    fingerprints_of_all,
    fingerprints_of_owners,
    fingerprints_of_parts,
    has_owner,
    is_cheap,
)
from hypercare.seals.store import SealedDay
from hypercare.seals.window import Watch

# So many records are compared each evening with all that belongs to them. Of more, what is not cheap to compare comes
# up once a week: a seventh of the days each evening.
ALL_AT_ONCE = 20_000
_IN_ROTATION = 7
# What a planner finds by an index; of more days it may read a whole table of many years instead.
DAYS_AT_ONCE = 4
_AS_OLD_AS_THAT = timedelta(days=_IN_ROTATION, hours=-12)
OWN = ""

Component = str
"""OWN for the records themselves, the name of a part, "owners by" and a field, or "all of" and an entity beside."""


class DayFingerprints:
    """The fingerprints of the days of one watch, each asked once in a session, and together for several days."""

    def __init__(self, model: Model, watch: Watch, periods: Mapping[date, Period]) -> None:
        self._model = model
        self._watch = Watch(watch.entity, watch.field)
        self._periods = periods
        self._found: dict[Component, dict[date, DayFingerprint]] = {}
        self._own_are_cheap: bool | None = None
        self.known_few = False
        """Whether earlier rounds saw few records in the whole watch."""

    def of(self, component: Component, days: Iterable[date]) -> Mapping[date, DayFingerprint]:
        """The fingerprints of these days, among others; of many records a few days at a time, the newest first."""
        found = self._found.setdefault(component, {})
        missing = sorted(day for day in days if day not in found)
        while missing:
            at_once = len(missing) if self.are_few(component) else min(DAYS_AT_ONCE, len(missing))
            chosen, missing = missing[-at_once:], missing[:-at_once]
            found.update(zip(chosen, self._ask(component, chosen), strict=True))
        return found

    def are_few(self, component: Component) -> bool:
        """Whether days are so light, as far as is known, that one statement may ask for all of them."""
        counts = [count for count, _ in self._found.get(component, {}).values()]
        few = bool(counts) and sum(counts) * len(self._periods) <= ALL_AT_ONCE * len(counts)
        return few or self.known_few or self.is_cheap(component)

    def is_cheap(self, component: Component) -> bool:
        if component == OWN and self._own_are_cheap is None:
            self._own_are_cheap = is_cheap(self._model, self._watch.entity)
        return component.startswith(_ALL_OF) or (component == OWN and bool(self._own_are_cheap))

    def _ask(self, component: Component, days: Sequence[date]) -> Sequence[DayFingerprint]:
        periods = [self._periods[day] for day in days]
        if component.startswith(_ALL_OF):
            return fingerprints_of_all(self._model, component.removeprefix(_ALL_OF), periods)
        if component.startswith(_OWNERS_BY):
            return fingerprints_of_owners(self._model, self._watch, periods, component.removeprefix(_OWNERS_BY))
        ask = partial(fingerprints_of_parts, part=component) if component else fingerprints_of
        return ask(self._model, self._watch, days=periods)


_ALL_OF, _OWNERS_BY = "all of ", "owners by "


def components_of(model: Model, watch: Watch) -> Sequence[Component]:
    """What is compared of a day. Parts and owners that are not mapped are left out: no question reads them."""
    parts = [part for part in watch.parts if field_of_whole(model, part, watch.entity)]
    owners = [f"{_OWNERS_BY}{owner}" for owner in watch.owners if has_owner(model, watch, owner)]
    return [OWN, *parts, *owners, *(f"{_ALL_OF}{entity}" for entity in watch.beside)]


def written(fingerprints: Sequence[DayFingerprint]) -> str:
    """What a seal has of a day: its components, one after the other."""
    return "|".join(f"{count}:{text}" for count, text in fingerprints)


def count_in(seal: SealedDay) -> int:
    """How many records the day had."""
    return int(seal.fingerprint.partition(":")[0] or 0)


def changed_since(
    fingerprints: DayFingerprints,
    components: Sequence[Component],
    sealed: Mapping[date, SealedDay],
    as_of: datetime,
) -> tuple[set[date], set[date]]:
    """The sealed days that are not any more as they were, and those that were compared with all of their parts."""
    few = sum(map(count_in, sealed.values())) <= ALL_AT_ONCE
    fingerprints.known_few |= bool(sealed) and few
    due = {day for day, seal in sealed.items() if few or _is_due(day, seal, min(sealed), as_of)}
    changed: set[date] = set()
    for number, component in enumerate(components):
        days = set(sealed) if fingerprints.is_cheap(component) else due
        found = fingerprints.of(component, days)
        changed |= {day for day in days if sealed[day].fingerprint.split("|")[number] != written([found[day]])}
    return changed, due


def _is_due(day: date, seal: SealedDay, oldest: date, as_of: datetime) -> bool:
    """Once a week, whichever evenings there were no rounds; and before it leaves the watch."""
    turn = day.toordinal() % _IN_ROTATION == as_of.date().toordinal() % _IN_ROTATION
    return turn or day == oldest or seal.at is None or seal.at <= as_of - _AS_OLD_AS_THAT
