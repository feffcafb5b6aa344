"""Whether the system was up for more than a share of its hours, and when it will have been."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypercare.gates.evidence import Evidence
from hypercare.gates.standing import JudgedCriterion, Standing
from hypercare.outcome.durations import rounded_duration
from hypercare.target_file.open_hours import service_periods

_NONE = timedelta(0)
_FARTHEST_DAYS = 60
_LONGEST_SHOWN = 5


def judged_uptime(words: str, above: float, days: int, evidence: Evidence) -> JudgedCriterion:
    """By the bounds: what nobody observed may have been up or down, and as long as that decides it is unknown."""
    found = evidence.uptime.measured()
    if found.percent is None or found.lower is None or found.upper is None:
        return JudgedCriterion(
            words, Standing.UNKNOWN, "Nobody observed it in its hours of these days; a prober would."
        )
    said = f"Up {float(found.percent):.2f} % of the hours that were observed."
    if found.lower > Fraction(above):
        return JudgedCriterion(words, Standing.MET, said)
    downs = sorted((span for span in found.intervals if span.state.value == "down"), key=lambda one: -one.length)
    zone = evidence.config.business.calendar.zone
    blocked_by = tuple(
        f"down for {rounded_duration(span.length)} from {span.start.astimezone(zone):%d %b %H:%M}"
        for span in downs[:_LONGEST_SHOWN]
    )
    if found.upper > Fraction(above):
        bounds = f"between {float(found.lower):.2f} and {float(found.upper):.2f} %"
        return JudgedCriterion(words, Standing.UNKNOWN, f"{said} With what nobody observed it is {bounds}.", blocked_by)
    return JudgedCriterion(words, Standing.NOT_MET, said, blocked_by, _reached(above, days, evidence))


def _reached(above: float, days: int, evidence: Evidence) -> date | None:
    """The first day at whose end the days looked back on come to more, if nothing goes down any more."""
    calendar = evidence.config.business.calendar
    down = {day: evidence.uptime.measured(window=calendar.day(day)).down for day in evidence.days}
    today = evidence.days[-1]
    for ahead in range(_FARTHEST_DAYS):
        last = today + timedelta(days=ahead)
        window = [last - timedelta(days=number) for number in range(days)]
        window = [day for day in window if day >= min(calendar.go_live, today)]
        service = sum((_service(evidence, day) for day in window), _NONE)
        lost = sum((down.get(day, _NONE) for day in window), _NONE)
        if service and 100 * (service - lost) / service > above:
            return last
    return None


def _service(evidence: Evidence, day: date) -> timedelta:
    business = evidence.config.business
    whole = business.calendar.day(day)
    return sum((period.length for period in service_periods(business, whole.start, whole.end)), _NONE)
