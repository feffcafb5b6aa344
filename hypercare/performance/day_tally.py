"""The requests of a day that is not over, so that those which come later can be added to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import exp, log, sqrt
from typing import Any, Self

from hypercare.logs.requests import Request
from hypercare.performance.day_figures import (
    MINUTES_OF_A_SLOT,
    SLOTS_OF_A_DAY,
    BusiestHour,
    DayFigures,
    HourFigures,
    RouteFigures,
)
from hypercare.performance.histogram import Histogram

OTHER_REQUESTS = "other requests"
_MOST_ROUTES = 200
_SHARE_IN_TIME = 0.95
# The spread of the logarithm of durations of one kind, where nothing says more of it.
_USUAL_SPREAD = 0.7


@dataclass
class _Mix:
    """How many requests of a kind there were, the sum of the logarithms of their milliseconds, and of these."""

    count: int = 0
    logs: float = 0.0
    milliseconds: float = 0.0

    def add(self, milliseconds: float) -> None:
        self.count += 1
        self.logs += log(max(milliseconds, 0.01))
        self.milliseconds += milliseconds


def name_of(request: Request) -> str:
    """A kind of request as people read it: "GET /sales/{id} (web)"."""
    named = f"{request.method} {request.route}".strip() or "requests without a route"
    return f"{named} ({request.channel})" if request.channel else named


@dataclass
class DayTally:
    """`in_time` is from when on an answer is late, for how many could be served in ten minutes."""

    day: date
    complete: bool = True
    count: int = 0
    untimed: int = 0
    milliseconds: float = 0.0
    overall: Histogram = field(default_factory=Histogram)
    routes: dict[str, Histogram] = field(default_factory=dict)
    channels: dict[str, Histogram] = field(default_factory=dict)
    hours: dict[int, Histogram] = field(default_factory=dict)
    slots: list[int] = field(default_factory=lambda: [0] * SLOTS_OF_A_DAY)
    late: list[int] = field(default_factory=lambda: [0] * SLOTS_OF_A_DAY)
    mix: dict[tuple[int, str], _Mix] = field(default_factory=lambda: defaultdict(_Mix))

    def add(self, request: Request, local: datetime, in_time: timedelta) -> None:
        """`local` is when it came, by the clock on the business's wall."""
        slot = (local.hour * 60 + local.minute) // MINUTES_OF_A_SLOT
        self.count += 1
        self.slots[slot] += 1
        if request.duration is None:
            self.untimed += 1
            return
        took = request.duration.total_seconds() * 1000
        self.late[slot] += request.duration > in_time
        name = name_of(request)
        if name not in self.routes and len(self.routes) >= _MOST_ROUTES:
            name = OTHER_REQUESTS
        self.milliseconds += took
        self.overall.add(took)
        for group, key in ((self.routes, name), (self.channels, request.channel)):
            group.setdefault(key, Histogram()).add(took)
        self.hours.setdefault(local.hour, Histogram()).add(took)
        self.mix[local.hour, name].add(took)

    @property
    def timed(self) -> int:
        return self.count - self.untimed

    def figures(self) -> DayFigures:
        return DayFigures(
            day=self.day,
            complete=self.complete,
            count=self.count,
            mean=self.milliseconds / self.timed if self.timed else 0.0,
            median=self.overall.at_share(0.5),
            p95=self.overall.at_share(0.95),
            routes={name: _figures_of(one) for name, one in self.routes.items()},
            by_channel={name: one.at_share(0.5) for name, one in self.channels.items() if name},
            slots=self.slots,
            busiest=self._busiest(),
            best_slot=max(
                (many for many, late in zip(self.slots, self.late, strict=True) if late <= (1 - _SHARE_IN_TIME) * many),
                default=0,
            ),
            by_hour={
                hour: HourFigures(one.count, one.at_share(0.5), one.at_share(0.95))
                for hour, one in sorted(self.hours.items())
                if one.count
            },
        )

    def _busiest(self) -> BusiestHour | None:
        if not self.hours:
            return None
        hour, histogram = max(self.hours.items(), key=lambda pair: (pair[1].count, -pair[0]))
        ratio = count = longer = 0.0
        for name, (inside, outside) in self._inside_and_outside(hour).items():
            if inside.count and outside.count:
                ratio += inside.count * (inside.logs / inside.count - outside.logs / outside.count)
                longer += inside.milliseconds - inside.count * outside.milliseconds / outside.count
                count += inside.count if name != OTHER_REQUESTS else 0
        figures = BusiestHour(hour, histogram.count, histogram.at_share(0.5), histogram.at_share(0.95))
        if not count:
            return figures
        error = _USUAL_SPREAD * sqrt(2 / count)
        slowdown, by = exp(ratio / count), longer / count
        return BusiestHour(hour, histogram.count, figures.median, figures.p95, slowdown, error, by)

    def _inside_and_outside(self, hour: int) -> Mapping[str, tuple[_Mix, _Mix]]:
        found: dict[str, tuple[_Mix, _Mix]] = defaultdict(lambda: (_Mix(), _Mix()))
        for (at, name), mix in self.mix.items():
            part = found[name][int(at != hour)]
            part.count += mix.count
            part.logs += mix.logs
            part.milliseconds += mix.milliseconds
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "complete": self.complete,
            "numbers": [self.count, self.untimed, self.milliseconds],
            "overall": self.overall.as_json(),
            "routes": {name: one.as_json() for name, one in self.routes.items()},
            "channels": {name: one.as_json() for name, one in self.channels.items()},
            "hours": [[hour, one.as_json()] for hour, one in self.hours.items()],
            "slots": self.slots,
            "late": self.late,
            "mix": [[hour, name, one.count, one.logs, one.milliseconds] for (hour, name), one in self.mix.items()],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        count, untimed, milliseconds = value["numbers"]
        found = cls(
            date.fromisoformat(value["day"]),
            value["complete"],
            count,
            untimed,
            milliseconds,
            Histogram.from_json(value["overall"]),
            {name: Histogram.from_json(one) for name, one in value["routes"].items()},
            {name: Histogram.from_json(one) for name, one in value["channels"].items()},
            {hour: Histogram.from_json(one) for hour, one in value["hours"]},
            list(value["slots"]),
            list(value["late"]),
        )
        for hour, name, *numbers in value["mix"]:
            found.mix[hour, name] = _Mix(*numbers)
        return found


def _figures_of(one: Histogram) -> RouteFigures:
    return RouteFigures(one.count, *(one.at_share(share) for share in (0.25, 0.5, 0.75, 0.95)))
