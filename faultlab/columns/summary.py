"""What a run comes to: which share was noticed, by which kind, and what went unnoticed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faultlab.columns.explained import Unnoticed, explanation_of
from faultlab.columns.worker import ColumnResult


@dataclass(frozen=True)
class Share:
    noticed: int
    of: int

    def __str__(self) -> str:
        return f"{self.noticed} of {self.of}" + (f" ({self.noticed / self.of:.0%})" if self.of else "")


class Summary:
    """`results` of faults and of healthy variations. Changes that the engine refuses are counted apart."""

    def __init__(self, results: Sequence[ColumnResult]) -> None:
        self.refused = [one for one in results if one.refused and not one.planned.healthy]
        made = [one for one in results if not one.refused]
        self.noticed = [one for one in made if one.noticed and not one.planned.healthy]
        self.unnoticed = [one for one in made if not one.noticed and not one.planned.healthy]
        self.healthy = [one for one in made if one.planned.healthy]
        self.not_made = [one for one in results if one.refused and one.planned.healthy]

    def unnoticed_as(self, how: Unnoticed) -> list[ColumnResult]:
        """Those for which there is a reason of this kind."""
        return [one for one in self.unnoticed if (why := explanation_of(one)) is not None and why.how is how]

    @property
    def unexplained(self) -> list[ColumnResult]:
        return [one for one in self.unnoticed if explanation_of(one) is None]

    @property
    def false_alarms(self) -> list[ColumnResult]:
        return [one for one in self.healthy if one.noticed]

    @property
    def strange(self) -> list[ColumnResult]:
        """Where a check ended as a fault of our own."""
        return [one for one in (*self.noticed, *self.unnoticed, *self.healthy) if one.strange]

    @property
    def tellable(self) -> list[ColumnResult]:
        """The faults that something that is mapped could tell, whether it does or not."""
        return [*self.noticed, *self.unnoticed_as(Unnoticed.LET_PASS), *self.unexplained]

    @property
    def faults(self) -> list[ColumnResult]:
        return [*self.tellable, *self.unnoticed_as(Unnoticed.NOBODY_CAN_TELL)]

    @property
    def of_faults(self) -> Share:
        return Share(len(self.noticed), len(self.faults))

    @property
    def of_tellable(self) -> Share:
        return Share(len(self.noticed), len(self.tellable))

    def by_kind(self) -> Mapping[str, Share]:
        noticed, of = _counted(self.noticed), _counted(self.faults)
        return {kind: Share(noticed.get(kind, 0), many) for kind, many in sorted(of.items())}

    def noticing(self) -> Mapping[str, set[str]]:
        """By field, the checks that were first to notice one of its faults."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.noticed:
            found[one.planned.name] |= {_short(check) for check in one.noticed}
        return found

    @property
    def right(self) -> bool:
        return not (self.unexplained or self.false_alarms or self.strange or self.not_made)

    def write(self, path: Path) -> None:
        """All of it for programs."""
        rows = [
            {
                "field": one.planned.name,
                "kind": one.planned.kind,
                "happens": one.planned.happens,
                "healthy": one.planned.healthy,
                "noticed": dict(one.noticed),
                "refused": one.refused,
                "explained": getattr(explanation_of(one), "because", ""),
                "strange": list(one.strange),
            }
            for one in (*self.noticed, *self.unnoticed, *self.refused, *self.healthy, *self.not_made)
        ]
        path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def _counted(results: Iterable[ColumnResult]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in results:
        found[one.planned.kind] += 1
    return found


def _short(check: str) -> str:
    """`tests_data/test_sales.py::test_totals_were_paid` as `sales: totals were paid`."""
    file, _, name = check.partition("::")
    return f"{Path(file).stem.removeprefix('test_')}: {name.removeprefix('test_').replace('_', ' ')}"
