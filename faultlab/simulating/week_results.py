"""A life that was lived: how much was looked at, what was said, and where that differs from the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from faultlab.simulating.differences import Difference
from faultlab.simulating.script import Trouble

Row = Mapping[str, Any]


@dataclass
class Weeks:
    """`outcomes` count items in rounds; `asked` are the items that waited for a person, each with the day. The rows
    stand what was told beside what is true: `incidents`, `uptime` of all days and of each, and `sums` of figures by
    week."""

    seed: int
    go_live: date
    days: int
    script: Sequence[Trouble] = ()
    rounds: int = 0
    probes: int = 0
    took_s: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    asked: set[tuple[str, int]] = field(default_factory=set)
    differences: list[Difference] = field(default_factory=list)
    incidents: list[Row] = field(default_factory=list)
    uptime: list[Row] = field(default_factory=list)
    sums: list[Row] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Built-in types only."""
        return {
            "seed": self.seed,
            "go_live": self.go_live.isoformat(),
            "days": self.days,
            "rounds": self.rounds,
            "looks": self.probes,
            "took_s": self.took_s,
            "outcomes": dict(self.outcomes),
            "asked": dict(sorted(Counter(name for name, _ in self.asked).items())),
            "differences": [str(one) for one in self.differences],
            "troubles": [_row(trouble) for trouble in self.script if trouble.begins.day <= self.days],
            "incidents": list(self.incidents),
            "uptime": list(self.uptime),
            "sums": list(self.sums),
        }


def _row(trouble: Trouble) -> Row:
    noticed = ", ".join(f"{item} ({level.value})" for item, level in trouble.noticed_by.items())
    return {
        "from": str(trouble.begins),
        "to": str(trouble.ends),
        "what": trouble.what,
        "to be noticed by": noticed or "nobody in a round",
    }
