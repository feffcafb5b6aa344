"""At the end of a life: incidents, uptime and the sums of the weeks, as they are told and as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from faultlab.simulating.differences import TOLD_BY, Difference, of_figures
from faultlab.simulating.ground_truth import GroundTruth, sums_of_weeks
from faultlab.simulating.incident_truth import Episode, incident_differences, told_episodes
from faultlab.simulating.life import LOOKED_EVERY, Life
from faultlab.simulating.moment import Moment
from faultlab.simulating.uptime_truth import truth_of_window, uptime_differences
from faultlab.simulating.week_results import Weeks

# Of a figure that several rounds tell, the one of the evening counts.
SUMMED = ("midday", "evening")


def sum_up(weeks: Weeks, life: Life, truth: GroundTruth) -> None:
    """Complete what was lived."""
    _incidents(weeks, life, truth)
    _uptime(weeks, life, truth, "all days", ())
    for number in range(1, weeks.days + 1):
        day = Moment(number, time()).calendar_day(life.go_live).isoformat()
        _uptime(weeks, life, truth, day, ("--from", day, "--to", day))
    _sums(weeks, life, truth)


def _incidents(weeks: Weeks, life: Life, truth: GroundTruth) -> None:
    reported = list(told_episodes(life.json_of("incidents", "--all")))
    true = truth.episodes()
    weeks.incidents = [_incident_row(one, true) for one in sorted(reported, key=lambda one: one.begins)]
    weeks.differences += [Difference("incidents", one) for one in incident_differences(reported, true)]


def _incident_row(one: Episode, true: Sequence[Episode]) -> dict[str, Any]:
    alone = [part for part in true if part.items <= one.items and part.overlaps(one)]
    return {
        "what": ", ".join(sorted(one.items)),
        "level": one.level.value,
        "since": f"{one.begins:%Y-%m-%d %H:%M}",
        "until": f"{one.ends:%Y-%m-%d %H:%M}" if one.ends else "not over",
        "is true": "no" if list(incident_differences([one], alone)) else "yes",
    }


def _uptime(weeks: Weeks, life: Life, truth: GroundTruth, of: str, window: Sequence[str]) -> None:
    answer = life.json_of("uptime", *window)
    begins, ends = (datetime.fromisoformat(answer[name]) for name in ("from", "to"))
    right = truth_of_window(begins, ends, truth.probes, LOOKED_EVERY, life.zone)
    seconds = {f"{state}_s": length for state, length in right["seconds"].items()}
    weeks.uptime.append({"of": of, "told": answer["percent"], "true": right["percent"], **seconds})
    weeks.differences += [Difference(f"uptime of {of}", one) for one in uptime_differences(answer, right)]


def _sums(weeks: Weeks, life: Life, truth: GroundTruth) -> None:
    """What the history keeps of the rounds' figures, by week since go-live."""
    true = sums_of_weeks(truth.figures)
    reported = sums_of_weeks(_remembered(life))
    for week, figures in true.items():
        figures_of_week = reported.get(week, {})
        weeks.differences += of_figures(f"week {week}", figures_of_week, figures)
        rows = (
            {"week": week, "figure": name, "told": figures_of_week.get(name), "true": right}
            for name, right in figures.items()
        )
        weeks.sums += [{name: str(value) for name, value in row.items()} for row in rows]


def _remembered(life: Life) -> Iterator[tuple[int, Mapping[str, Decimal]]]:
    for day, chosen, figures in life.remembered_figures():
        if chosen in SUMMED:
            names = [name for name in TOLD_BY[chosen] if name in figures]
            yield (day - life.go_live).days + 1, {name: Decimal(figures[name]) for name in names}
