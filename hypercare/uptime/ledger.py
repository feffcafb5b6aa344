"""Everything that is known of a target's uptime, and the uptime that follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from hypercare.plan.calendar import Period
from hypercare.uptime.combining import probers_of_one_way, ways_of_one_system
from hypercare.uptime.measured import Measured, measured
from hypercare.uptime.overrides import Correction, Maintenance, laid_over
from hypercare.uptime.sample import REACH, Sample, Tally
from hypercare.uptime.series import timeline_of_series
from hypercare.uptime.span import Span
from hypercare.uptime.state import State


@dataclass(frozen=True)
class _Place:
    """A way, and the branch in which it was looked at ("" for the whole business)."""

    way: str
    branch: str


@dataclass(frozen=True)
class Ledger:
    """Samples, maintenance and corrections, in any order.

    `reach` is for how many intervals a look speaks at most. `ways` are those that make up the system, without them
    all that were looked at. A branch is measured by its own looks together with those at the whole business.
    """

    samples: Sequence[Sample] = ()
    maintenance: Sequence[Maintenance] = ()
    corrections: Sequence[Correction] = ()
    reach: float = REACH
    ways: tuple[str, ...] = ()
    # What the samples of a place say up to an instant, which several measurements ask for.
    _sampled: dict[tuple[_Place, datetime], list[Span]] = field(default_factory=dict, init=False, compare=False)

    def measured(self, service: Sequence[Period], window: Period, *, way: str = "", branch: str = "") -> Measured:
        """The uptime of one way, or of the system; of one branch, or of the whole business.

        `service` are the hours in which it is meant to be up. The window begins with the first observation at the
        earliest; a window before it is empty.
        """
        places = self._places(way, branch)
        corrections = self._corrections(way, branch)
        first_samples = [self._tallies[place].first for place in places]
        first_corrections = [one.start for one in corrections if one.state not in {None, State.UNKNOWN}]
        first = min((*first_samples, *first_corrections), default=window.end)
        inside = Period(min(max(window.start, first), window.end), window.end)
        counted = [self._tallies[place].within(inside) for place in places]
        return measured(
            self._timeline(places, corrections, window.end, branch),
            service,
            inside,
            checks=sum(checks for checks, _ in counted),
            successes=sum(successes for _, successes in counted),
        )

    def ways_seen(self) -> tuple[str, ...]:
        """The ways that were looked at, in order."""
        return tuple(sorted({place.way for place in self._samples_at}))

    def branches_seen(self) -> tuple[str, ...]:
        return tuple(sorted({place.branch for place in self._samples_at if place.branch}))

    @cached_property
    def _samples_at(self) -> dict[_Place, list[Sample]]:
        found: defaultdict[tuple[str, str], list[Sample]] = defaultdict(list)
        for sample in self.samples:
            found[sample.way, sample.branch].append(sample)
        return {_Place(*place): found[place] for place in sorted(found)}

    @cached_property
    def _tallies(self) -> dict[_Place, Tally]:
        return {place: Tally(samples) for place, samples in self._samples_at.items()}

    def _places(self, way: str, branch: str) -> list[_Place]:
        """Those that speak of this way (or of all) in this branch (or in the whole business)."""
        ways = (way,) if way else self.ways
        of_ways = [place for place in self._samples_at if not ways or place.way in ways]
        here = [place for place in of_ways if place.branch in {"", branch}]
        # Where only branches are looked at, the business is up while all of them are.
        return here if here or branch else of_ways

    def _corrections(self, way: str, branch: str) -> list[Correction]:
        ways = (way,) if way else self.ways
        here = [one for one in self.corrections if one.branch in {"", branch}]
        return [one for one in here if not one.way or not ways or one.way in ways]

    def _timeline(
        self, places: Sequence[_Place], corrections: Sequence[Correction], until: datetime, branch: str
    ) -> list[Span]:
        """The system's states from the first observation on, to `until` at least."""
        looked_at = {place.way for place in places}
        only_told = {_Place(one.way, one.branch) for one in corrections if one.way and one.way not in looked_at}
        everywhere = [*places, *sorted(only_told, key=lambda place: (place.way, place.branch))] or [_Place("", branch)]
        maintenance = [one for one in self.maintenance if not one.branches or branch in one.branches]
        return ways_of_one_system([self._of_place(place, maintenance, corrections, until) for place in everywhere])

    def _of_place(
        self,
        place: _Place,
        maintenance: Iterable[Maintenance],
        corrections: Iterable[Correction],
        until: datetime,
    ) -> list[Span]:
        announced = [one for one in maintenance if not one.ways or not place.way or place.way in one.ways]
        place_corrections = [one for one in corrections if not one.way or one.way == place.way]
        return laid_over(self._sampled_timeline(place, until), announced, place_corrections)

    def _sampled_timeline(self, place: _Place, until: datetime) -> list[Span]:
        timeline = self._sampled.get((place, until))
        if timeline is None:
            probers: defaultdict[str, list[Sample]] = defaultdict(list)
            for sample in self._samples_at.get(place, ()):
                probers[sample.prober].append(sample)
            timeline = probers_of_one_way([timeline_of_series(one, until, self.reach) for one in probers.values()])
            self._sampled[place, until] = timeline
        return timeline
