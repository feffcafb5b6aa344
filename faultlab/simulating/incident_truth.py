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

from faultlab.simulating.uptime_truth import ProbeSample
from hypercare.outcome.level import Level

CHANNELS = ("health.web", "health.api", "health.mobile")
_BEGIN, _END = frozenset({"opened", "reopened"}), "resolved"


@dataclass(frozen=True)
class Observation:
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


def episodes_of_items(observations: Iterable[Observation]) -> Iterator[Episode]:
    """One for each time that an item began to fail; in whatever order the sights come."""
    ordered = sorted(observations, key=attrgetter("item", "at"))
    for item, those in groupby(ordered, key=attrgetter("item")):
        failing: list[Observation] = []
        for observation in those:
            if observation.level is not None:
                failing.append(observation)
            elif failing:
                yield _episode(item, failing, observation.at)
                failing = []
        if failing:
            yield _episode(item, failing, None)


def _episode(item: str, failing: Sequence[Observation], ends: datetime | None) -> Episode:
    level = max(observation.level for observation in failing if observation.level is not None)
    return Episode(frozenset({item}), failing[0].at, ends, level)


def outages(probes: Sequence[ProbeSample], blocked_rounds: Iterable[datetime] = ()) -> Iterator[Episode]:
    """Outages of the whole server as its prober knows them; `blocked_rounds` are those that it kept from looking."""
    since: datetime | None = None
    first_up: datetime | None = None
    for number, probe in enumerate(probes):
        if not probe.up:
            first_up = None
            confirmed = sum(not one.up for one in probes[max(0, number - 2) : number + 1]) >= 2
            earlier = [at for at in blocked_rounds if at <= probe.at and _follows_a_failure(probes, at)]
            if since is None and (confirmed or earlier):
                since = min([*earlier, probe.at] if confirmed else earlier)
        elif since is not None:
            if first_up is not None:
                yield from _of_channels(since, probe.at)
                since = None
            first_up = probe.at
    if since is not None:
        yield from _of_channels(since, None)


def _follows_a_failure(probes: Sequence[ProbeSample], at: datetime) -> bool:
    before = [probe for probe in probes if probe.at <= at]
    return bool(before) and not before[-1].up


def _of_channels(begins: datetime, ends: datetime | None) -> Iterator[Episode]:
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


def incident_differences(reported: Sequence[Episode], true: Sequence[Episode]) -> Iterator[str]:
    """Incidents that nobody caused, that are missing, or whose begin, end or level is another.

    Of what is true an episode has one item; an incident may hold several, and lasts as long as any of them fails.
    """
    accounted: set[Episode] = set()
    for one in reported:
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
