"""What the simulator itself knows while a life is lived: when who looked, what had to be seen, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from faultlab.simulating.differences import due_at, lasting_at
from faultlab.simulating.incident_truth import Episode, Observation, episodes_of_items, outages
from faultlab.simulating.moment import Moment
from faultlab.simulating.script import Trouble
from faultlab.simulating.uptime_truth import ProbeSample
from hypercare.outcome.level import Level

_LOOKED = frozenset({"passed", "failed", "flaky"})


@dataclass
class GroundTruth:
    """`figures` are those that each round had to tell, with the number of its day."""

    probes: list[ProbeSample] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    blocked_rounds: list[datetime] = field(default_factory=list)
    figures: list[tuple[int, Mapping[str, Decimal]]] = field(default_factory=list)

    def observe_round(
        self, at: datetime, moment: Moment, items: Iterable[Mapping[str, Any]], script: Sequence[Trouble]
    ) -> None:
        """A round looked: what it has to say of its items, whatever it said.

        Only of what may be noticed and need not be, its word is taken.
        """
        due = due_at(moment, script)
        may = {name for trouble in lasting_at(moment, script) for name in trouble.may_notice}
        for item in items:
            name, outcome = item["id"], item["outcome"]
            if name in due:
                self.observations.append(Observation(at, name, due[name]))
            elif outcome in _LOOKED:
                noticed = name in may and outcome == "failed"
                self.observations.append(Observation(at, name, Level(item["level"]) if noticed else None))
            elif outcome == "blocked" and at not in self.blocked_rounds:
                self.blocked_rounds.append(at)

    def episodes(self) -> list[Episode]:
        """The troubles that incidents have to tell of."""
        return [*episodes_of_items(self.observations), *outages(self.probes, self.blocked_rounds)]


def sums_of_weeks(figures: Iterable[tuple[int, Mapping[str, Decimal]]]) -> dict[int, dict[str, Decimal]]:
    """Figures of numbered days added up by the weeks since go-live, the first of which is 1."""
    weeks: dict[int, dict[str, Decimal]] = {}
    for day, those in figures:
        week = weeks.setdefault((day - 1) // 7 + 1, {})
        for name, amount in those.items():
            week[name] = week.get(name, Decimal(0)) + amount
    return weeks
