"""How the busiest hour was carried, and how much more has been carried in time: told from what was served alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log

from hypercare.outcome.finding import Row
from hypercare.performance.day_figures import SLOTS_OF_AN_HOUR, BusiestHour, DayFigures
from hypercare.target_file.sections.limits import LimitsSection

# In fewer requests than that there is no load to speak of.
LEAST_REQUESTS = 100
_NO_CHANCE = 4.0
_DAYS_LOOKED_BACK_ON = 14


@dataclass(frozen=True)
class Load:
    """The busiest hour of today, beside the most that was served in time in ten minutes of the last days, per hour."""

    busiest: BusiestHour
    best_rate: int

    @property
    def headroom(self) -> float:
        """By which share of the busiest hour's requests more has been served in time; what nobody tried is not
        known."""
        return self.best_rate / self.busiest.count - 1

    def slows_down(self, times: float, least: timedelta) -> bool:
        """Whether the same requests take far longer in the busiest hour than in the others of the day."""
        hour = self.busiest
        if hour.slowdown is None or hour.slowdown < times or hour.longer_by_ms < least.total_seconds() * 1000:
            return False
        return log(hour.slowdown) >= _NO_CHANCE * hour.error_of_log_slowdown

    def is_late(self, limits: LimitsSection) -> bool:
        """Whether the busiest hour missed the objective of response times."""
        return (
            self.busiest.median > limits.response_median.total_seconds() * 1000
            or self.busiest.p95 > limits.response_p95.total_seconds() * 1000
        )

    def row(self) -> Row:
        hour = self.busiest
        return {
            "hour": f"{hour.hour:02d}:00",
            "requests": hour.count,
            "median_ms": round(hour.median),
            "p95_ms": round(hour.p95),
            "times_as_long_as_in_other_hours": None if hour.slowdown is None else round(hour.slowdown, 1),
            "most_served_in_time_an_hour": self.best_rate,
        }


def load_of(days: Sequence[DayFigures]) -> Load | None:
    """That of the last of the days; None where it had no hour with requests enough."""
    busiest = days[-1].busiest
    if busiest is None or busiest.count < LEAST_REQUESTS:
        return None
    best = max(day.best_slot for day in days[-_DAYS_LOOKED_BACK_ON:])
    return Load(busiest, best * SLOTS_OF_AN_HOUR)
