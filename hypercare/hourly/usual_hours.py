"""What is usual at each hour of such a day: the middle of earlier days, and how far apart they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hypercare.outcome.series import UsualBand
from hypercare.sales_and_production.same_weekday import named_alike, of_its_kind, of_its_name, usual_on

_SPREADS = 2


def usual_band(
    day: date, line: str, clocks: Sequence[str], earlier: Mapping[date, Mapping[str, int]]
) -> tuple[UsualBand | None, str]:
    """The band of a line at these times of the clock by earlier days, each by the clock; else None, and why.

    An hour that a day says nothing of had nothing.
    """
    usual = [usual_on(day, {other: float(hours.get(at, 0)) for other, hours in earlier.items()}) for at in clocks]
    found = [one for one in usual if one is not None]
    if len(found) < len(usual) or not found:
        before = {other: 0.0 for other in earlier if other < day}
        of_name, of_kind = len(of_its_name(day, before)), len(of_its_kind(day, before))
        return None, (
            f"What is usual on a {day:%A} is not known yet: that takes 3 {day:%A}s or 5 {named_alike(day, {})}; "
            f"{of_name} and {of_kind} are remembered."
        )
    band = UsualBand(
        line=line,
        days=found[0].days,
        alike=named_alike(day, earlier),
        low=[round(max(0.0, one.middle - _SPREADS * one.spread), 2) for one in found],
        middle=[round(one.middle, 2) for one in found],
        high=[round(one.middle + _SPREADS * one.spread, 2) for one in found],
    )
    return band, ""
