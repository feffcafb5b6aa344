"""Which incidents there have to be, from what the script says and when somebody looked.

As docs/incidents.md has it: a round opens an incident for what fails, and it is over when each of its items held in a
round since; a prober opens one when two of its last three looks failed, and it is over when it held for ten minutes, so
at the second look that finds it up when they are further apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from faultlab.simulating.uptime_truth import Look
from hypercare.outcome.level import Level

CHANNELS = ("health.web", "health.api", "health.mobile")
_BEGIN, _END = frozenset({"opened", "reopened"}), "resolved"


@dataclass(frozen=True)
class Sight:
    """A round looked at an item: what it has to report, or None because all was well."""

    at: datetime
    item: str
    level: Level | None


@dataclass(frozen=True)
class Episode:
    """A trouble from when it was known until it was known to be over; `ends` is None while it is not."""

    items: frozenset[str]
    begins: datetime
    ends: datetime | None
    level: Level

    def overlaps(self, other: Episode) -> bool:
        return (other.ends is None or self.begins < other.ends) and (self.ends is None or other.begins < self.ends)

    def __str__(self) -> str:
        until = f"until {self.ends:%Y-%m-%d %H:%M}" if self.ends else "not over"
        return f"{', '.join(sorted(self.items))} {self.level.value} since {self.begins:%Y-%m-%d %H:%M} {until} (UTC)"


def episodes_of_items(sights: Iterable[Sight]) -> Iterator[Episode]:
    """One for each time that an item began to fail; in whatever order the sights come."""
    ordered = sorted(sights, key=attrgetter("item", "at"))
    for item, those in groupby(ordered, key=attrgetter("item")):
        failing: list[Sight] = []
        for sight in those:
            if sight.level is not None:
                failing.append(sight)
            elif failing:
                yield _episode(item, failing, sight.at)
                failing = []
        if failing:
            yield _episode(item, failing, None)


def _episode(item: str, failing: Sequence[Sight], ends: datetime | None) -> Episode:
    level = max(sight.level for sight in failing if sight.level is not None)
    return Episode(frozenset({item}), failing[0].at, ends, level)


def outages(looks: Sequence[Look], blocked_rounds: Iterable[datetime] = ()) -> Iterator[Episode]:
    """Outages of the whole server as its prober knows them; `blocked_rounds` are those that it kept from looking."""
    known: datetime | None = None
    first_up: datetime | None = None
    for number, look in enumerate(looks):
        if not look.up:
            first_up = None
            confirmed = sum(not one.up for one in looks[max(0, number - 2) : number + 1]) >= 2
            earlier = [at for at in blocked_rounds if at <= look.at and _follows_a_failure(looks, at)]
            if known is None and (confirmed or earlier):
                known = min([*earlier, look.at] if confirmed else earlier)
        elif known is not None:
            if first_up is not None:
                yield from _of_doors(known, look.at)
                known = None
            first_up = look.at
    if known is not None:
        yield from _of_doors(known, None)


def _follows_a_failure(looks: Sequence[Look], at: datetime) -> bool:
    before = [look for look in looks if look.at <= at]
    return bool(before) and not before[-1].up


def _of_doors(begins: datetime, ends: datetime | None) -> Iterator[Episode]:
    for channel in CHANNELS:
        yield Episode(frozenset({channel}), begins, ends, Level.L3)


def told_episodes(incidents: Iterable[Mapping[str, Any]]) -> Iterator[Episode]:
    """What the incidents of `hypercare incidents --all --json` say, one for each time that one opened."""
    for incident in incidents:
        begins: datetime | None = None
        levels: list[Level] = []
        for event in incident["story"]:
            at = datetime.fromisoformat(event["at"])
            if event["kind"] in _BEGIN:
                begins, levels = at, []
            levels.append(Level(event["level"]))
            if event["kind"] == _END and begins is not None:
                yield Episode(frozenset(incident["items"]), begins, at, max(levels))
                begins = None
        if begins is not None:
            yield Episode(frozenset(incident["items"]), begins, None, max(levels))


def incident_differences(told: Sequence[Episode], true: Sequence[Episode]) -> Iterator[str]:
    """Incidents that nobody caused, that are missing, or whose begin, end or level is another.

    Of what is true an episode has one item; an incident may hold several, and lasts as long as any of them fails.
    """
    accounted: set[Episode] = set()
    for one in told:
        parts = [part for part in true if part.items <= one.items and part.overlaps(one)]
        accounted.update(parts)
        if not parts:
            yield f"an incident that nothing caused: {one}"
            continue
        right = _together(parts)
        if (one.begins, one.ends, one.level) != (right.begins, right.ends, right.level):
            yield f"an incident is {one}, where {right} is right"
    for part in true:
        if part not in accounted:
            yield f"no incident was told for {part}"


def _together(parts: Sequence[Episode]) -> Episode:
    ends = [part.ends for part in parts if part.ends is not None]
    return Episode(
        frozenset().union(*(part.items for part in parts)),
        min(part.begins for part in parts),
        max(ends) if len(ends) == len(parts) else None,
        max(part.level for part in parts),
    )
