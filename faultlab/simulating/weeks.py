"""Living through the weeks: three rounds a day, a prober every hour, and the truth beside what they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from faultlab.simulating.differences import (
    PHASES,
    Difference,
    lasting_at,
    of_branches,
    of_day,
    of_figures,
    of_outcomes,
    true_figures,
)
from faultlab.simulating.forked_rounds import PROJECT
from faultlab.simulating.ground_truth import GroundTruth
from faultlab.simulating.life import Life
from faultlab.simulating.moment import Moment, at
from faultlab.simulating.script import LOOKING_BACK, ON_PAPER, PROBER_OFF, SERVER_DOWN, Trouble
from faultlab.simulating.summing_up import SUMMED, sum_up
from faultlab.simulating.uptime_truth import ProbeSample
from faultlab.simulating.week_results import Weeks
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import DAILY_ROUNDS, Round

FIRST_LOOK, LAST_LOOK = 9, 19
LOOK = "look"
_WHO = "Workshop IT"

Tell = Callable[[str], None]


def live(
    folder: Path,
    weeks: Weeks,
    *,
    browser_days: Sequence[int] = (),
    rounds: Sequence[str] = (),
    report: Tell = lambda _: None,
) -> None:
    """Live through the weeks in a new folder, and fill in what was said.

    On `browser_days` the rounds come in by the browser too, which takes most of their time; on the others by the API
    and everything behind it. `rounds` are those of a day, all three when none are named.
    """
    with Life(folder, weeks.seed, weeks.go_live) as life:
        simulation = _Simulation(life, weeks, browser_days, report)
        for moment, what in plan(weeks.days, weeks.script, rounds):
            simulation.go_on(moment, what)
        sum_up(weeks, life, simulation.ground_truth)


def plan(
    days: int, script: Sequence[Trouble], rounds: Sequence[str] = (), go_live: date | None = None
) -> Iterator[tuple[Moment, Trouble | str]]:
    """What happens when, in order: troubles first, then the prober, then the rounds.

    The daily rounds go on after day 14, and with a `go_live` those of normal operations are held beside them.
    """
    happens: list[tuple[Moment, int, Trouble | str]] = []
    for day in range(1, days + 1):
        happens += [(Moment(day, time(hour)), 1, LOOK) for hour in range(FIRST_LOOK, LAST_LOOK + 1)]
        due = {chosen.value: clock for chosen, clock in DAILY_ROUNDS.items()}
        happens += [(Moment(day, clock), 2, chosen) for chosen, clock in due.items() if not rounds or chosen in rounds]
        if go_live is not None and day > PHASES[-1][0]:
            morning = at(day, FIRST_LOOK)
            rarer = _rarer(morning.calendar_day(go_live))
            happens += [(morning, 3, chosen) for chosen in rarer if not rounds or chosen in rounds]
    for trouble in script:
        happens += [(moment, 0, trouble) for moment in (trouble.begins, trouble.ends) if moment.day <= days]
    prober_off = [trouble for trouble in script if trouble.what == PROBER_OFF]
    for moment, _, what in sorted(happens, key=lambda one: (one[0], one[1])):
        if what != LOOK or not any(trouble.lasts_at(moment) for trouble in prober_off):
            yield moment, what


def _rarer(day: date) -> Iterator[str]:
    """The rounds of normal operations that are due on a day, by the plan's own words: the business never closes."""
    if day.weekday() == 0:
        yield Round.WEEKLY.value
    if day.day == 1:
        yield Round.MONTHLY.value
    if day.day == 1 and day.month % 3 == 1:
        yield Round.QUARTERLY.value
    if (day.month, day.day) == (1, 2):
        yield Round.ANNUAL.value


class _Simulation:
    """One life while it is lived."""

    def __init__(self, life: Life, weeks: Weeks, browser_days: Sequence[int], report: Tell) -> None:
        self.life = life
        self.weeks = weeks
        self.browser_days = browser_days
        self.report = report
        self.ground_truth = GroundTruth()

    def go_on(self, moment: Moment, what: Trouble | str) -> None:
        self.life.live_until(moment)
        if isinstance(what, Trouble):
            self._turn(what, begins=moment == what.begins)
        elif what == LOOK:
            self._probe(moment)
        else:
            self._round(moment, what)

    def _turn(self, trouble: Trouble, *, begins: bool) -> None:
        """Let a trouble begin, or end."""
        if trouble.what == SERVER_DOWN:
            (self.life.switch_off if begins else self.life.switch_on)()
        elif trouble.what.startswith(ON_PAPER):
            if begins:
                self.life.go_on_paper(
                    trouble.what.removeprefix(ON_PAPER), trouble.begins.calendar_day(self.life.go_live)
                )
        elif trouble.what not in (PROBER_OFF, LOOKING_BACK):
            (self.life.put_in if begins else self.life.take_out)(trouble.what)

    def _probe(self, moment: Moment) -> None:
        self.weeks.probes += 1
        down = any(trouble.what == SERVER_DOWN for trouble in lasting_at(moment, self.weeks.script))
        self.ground_truth.probes.append(ProbeSample(self.life.instant(moment), up=not down))
        if self.life.probe():
            self._answer()

    def _round(self, moment: Moment, chosen: str) -> None:
        status = self.life.round(chosen, browser=moment.day in self.browser_days)
        self.weeks.rounds += 1
        written = self.life.reports / moment.calendar_day(self.life.go_live).isoformat() / chosen / "summary.json"
        if written.exists():
            found = list(self._read(moment, chosen, json.loads(written.read_text(encoding="utf-8"))))
        else:
            found = [Difference(str(moment), f"the {chosen} round left no report (status {status})")]
        self.weeks.differences += found
        self.report(f"Seed {self.weeks.seed}, {chosen}: " + ("; ".join(map(str, found)) or f"{moment} as it should be"))
        if status:
            self._answer()

    def _read(self, moment: Moment, chosen: str, summary: Mapping[str, Any]) -> Iterator[Difference]:
        """Hold one round against the truth, and remember what it had to say."""
        when, instant, script = str(moment), self.life.instant(moment), self.weeks.script
        if datetime.fromisoformat(summary["as_of"]) != instant:
            yield Difference(when, f"the round was as of {summary['as_of']}")
        yield from of_day(moment, summary, _items_of(chosen, moment.day))
        self.weeks.outcomes.update(item["outcome"] for item in summary["items"])
        self.weeks.asked.update((item["id"], moment.day) for item in summary["items"] if item["outcome"] == "awaiting")
        yield from of_outcomes(moment, summary, script)
        self.ground_truth.observe_round(instant, moment, summary["items"], script)
        truth = self.life.truth_of(moment.calendar_day(self.life.go_live))
        true = true_figures(truth, chosen, lasting_at(moment, script))
        if chosen in SUMMED:
            self.ground_truth.figures.append((moment.day, true))
        yield from of_figures(when, summary["figures"], true)
        if chosen == "evening":
            yield from of_branches(when, summary["figures"], truth)

    def _answer(self) -> None:
        """Somebody takes every incident at once."""
        for incident in self.life.json_of("incidents"):
            if incident["acknowledged"] is None:
                self.life.run_command("ack", incident["id"], "--by", _WHO)


@lru_cache
def _items_of(chosen: str, day: int) -> tuple[str, ...]:
    """What the plan has for a round of a day."""
    items = read_checklist(PROJECT / "checklist.toml").items
    of_round = [item for item in items if chosen in item.rounds]
    if chosen not in DAILY_ROUNDS:
        return tuple(one.id for one in of_round)
    return tuple(one.id for one in of_round if not one.day_ranges or any(day in days for days in one.day_ranges))
