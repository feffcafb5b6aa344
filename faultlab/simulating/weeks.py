"""Living through the weeks: three rounds a day, a prober every hour, and the truth beside what they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from faultlab.catalogue import fault_named
from faultlab.injecting import inject, undo
from faultlab.simulating.life import Life
from faultlab.simulating.script import SERVER_DOWN, Moment, Trouble
from faultlab.simulating.seen import Difference, of_figures, of_outcomes
from hypercare.plan.rounds import DAILY_ROUNDS

FIRST_LOOK, LAST_LOOK = 9, 19
HOURLY = '[probe]\nevery = "1h"\n'


@dataclass
class Weeks:
    """What was lived, and every place at which the rounds differ from the truth."""

    seed: int
    days: int
    differences: list[Difference] = field(default_factory=list)
    rounds: int = 0
    incidents: Sequence[Mapping[str, Any]] = ()
    uptime: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Built-in types only."""
        return {
            "seed": self.seed,
            "days": self.days,
            "rounds": self.rounds,
            "differences": [str(one) for one in self.differences],
            "incidents": list(self.incidents),
            "uptime": dict(self.uptime),
        }


def live(
    folder: Path,
    *,
    seed: int,
    days: int,
    script: Sequence[Trouble] = (),
    browser_days: Sequence[int] = (),
    told: Callable[[str], None] = lambda _: None,
) -> Weeks:
    """Live through so many days in a new folder.

    On `browser_days` the rounds come in by the browser too, which takes most of their time; on the others by the API
    and everything behind it.
    """
    business = Life(folder / "state", seed, without=("web", "mobile"), extra=HOURLY)
    weeks, reports = Weeks(seed, days), folder / "reports"
    go_live = date.fromisoformat(json.loads((business.state / "settings.json").read_text(encoding="utf-8"))["go_live"])
    try:
        for moment, what in plan(days, script):
            business.live_until(moment.instant(go_live))
            if isinstance(what, Trouble):
                _turn(business, what, begins=moment == what.begins)
            elif what == "look":
                business.look(reports)
            else:
                business.without = () if moment.day in browser_days else ("web", "mobile")
                business.name_ways()
                found = _round(business, reports, what, moment, go_live, script)
                weeks.differences += found
                weeks.rounds += 1
                told(f"day {moment.day} {what}: " + ("; ".join(map(str, found)) or "as it should be"))
        weeks.incidents = json.loads(business.told(reports, "incidents", "--all", "--json"))
        weeks.uptime = json.loads(business.told(reports, "uptime", "--json"))
    finally:
        business.stop()
    return weeks


def plan(days: int, script: Sequence[Trouble]) -> Iterator[tuple[Moment, Trouble | str]]:
    """What happens when, in order: faults first, then the prober, then a round."""
    happens: list[tuple[Moment, int, Trouble | str]] = []
    for day in range(1, days + 1):
        happens += [(Moment(day, time(hour)), 1, "look") for hour in range(FIRST_LOOK, LAST_LOOK + 1)]
        happens += [(Moment(day, clock), 2, chosen.value) for chosen, clock in DAILY_ROUNDS.items()]
    for trouble in script:
        happens += [(moment, 0, trouble) for moment in (trouble.begins, trouble.ends) if moment.day <= days]
    for moment, _, what in sorted(happens, key=lambda one: (one[0], one[1])):
        yield moment, what


def _turn(business: Life, trouble: Trouble, *, begins: bool) -> None:
    """Let a trouble begin, or end."""
    if trouble.what == SERVER_DOWN:
        business.stop() if begins else business.start()
        return
    (inject if begins else undo)(fault_named(trouble.what), business.target_file)


def _round(
    business: Life, reports: Path, chosen: str, moment: Moment, go_live: date, script: Sequence[Trouble]
) -> list[Difference]:
    status = business.round(chosen, reports)
    day = go_live + timedelta(days=moment.day - 1)
    written = reports / day.isoformat() / chosen / "summary.json"
    if not written.exists():
        return [Difference(moment, f"the {chosen} round left no report (status {status})")]
    summary = json.loads(written.read_text(encoding="utf-8"))
    found = list(of_outcomes(moment, summary, script))
    if chosen == "evening":
        truth = json.loads((business.state / "truth.json").read_text(encoding="utf-8"))
        found += of_figures(moment, summary, truth["days"][day.isoformat()])
    if datetime.fromisoformat(summary["as_of"]).replace(tzinfo=None, second=0, microsecond=0) != moment.instant(
        go_live
    ):
        found.append(Difference(moment, f"the round was as of {summary['as_of']}"))
    return found
