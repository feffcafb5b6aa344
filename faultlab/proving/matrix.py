"""The detection matrix: fault by item, with what was noticed, missed, or cried for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from faultlab.fault import Fault
from faultlab.proving.proof import Proof

MATRIX_SCHEMA = 1


@dataclass(frozen=True)
class Row:
    """One fault, or pair of faults, with what came of it."""

    fault: Fault
    proof: Proof

    @property
    def seconds(self) -> float | None:
        """Until the last of those that must notice had; None when nobody must, or not all did."""
        due = [self.proof.sightings.get(item) for item in self.fault.noticed_by]
        seconds = [one.after_s for one in due if one is not None and one.outcome == "failed"]
        return max(seconds) if seconds and len(seconds) == len(due) else None

    def cell(self, item: str) -> str:
        """One word: noticed, missed, level (the wrong one), alarm (false), hidden, may, blocked, or nothing."""
        verdict = self.proof.verdict
        if item in verdict.get("missed", {}):
            return "missed"
        if item in verdict.get("wrong_level", {}):
            return "level"
        if item in verdict.get("false_alarms", {}):
            return "alarm"
        if item in self.proof.hidden:
            return "hidden"
        sighting = self.proof.sightings.get(item)
        if item in self.fault.noticed_by:
            return "noticed" if sighting is not None else ""
        if sighting is None or sighting.outcome in {"not covered", "awaiting"}:
            return ""
        return (
            "blocked" if sighting.outcome == "blocked" else "may" if sighting.outcome == "failed" else sighting.outcome
        )


@dataclass(frozen=True)
class Matrix:
    """`items` are the lines of the plan, in its order; `day` is when it was proven."""

    day: date
    items: Sequence[str]
    rows: Sequence[Row]
    pairs: Sequence[Row] = ()

    @property
    def counts(self) -> Mapping[str, int | float]:
        """Faults, those that must be noticed and those that nobody may stir at; what was missed, wrong or false."""
        due = [row for row in self.rows if row.fault.noticed_by]
        seconds = [row.seconds for row in due if row.seconds is not None]
        return {
            "faults": len(self.rows),
            "to_be_noticed": len(due),
            "below_threshold": len(self.rows) - len(due),
            "noticed": sum(row.proof.right for row in due),
            "missed": _sum(self.rows, "missed"),
            "wrong_level": _sum(self.rows, "wrong_level"),
            "false_alarms": _sum(self.rows, "false_alarms"),
            "not_proven": sum(bool(row.proof.trouble) for row in self.rows),
            "not_right": sum(not row.proof.right for row in self.rows),
            "pairs": len(self.pairs),
            "pairs_not_right": sum(not row.proof.right for row in self.pairs),
            "pairs_hidden_for_a_reason": sum(bool(row.proof.hidden) for row in self.pairs),
            "median_seconds": round(median(seconds), 1) if seconds else 0.0,
        }

    @property
    def right(self) -> bool:
        return all(row.proof.right for row in (*self.rows, *self.pairs))

    def of_item(self, item: str) -> Mapping[str, int]:
        """How many faults the item must notice, and how many of those it did."""
        due = [row for row in self.rows if item in row.fault.noticed_by]
        return {"due": len(due), "noticed": sum(row.cell(item) == "noticed" for row in due)}

    def as_dict(self) -> dict[str, Any]:
        """Built-in types only: what matrix.json holds."""
        return {
            "schema": MATRIX_SCHEMA,
            "day": self.day.isoformat(),
            "counts": dict(self.counts),
            "items": {item: dict(self.of_item(item)) for item in self.items},
            "faults": [_plain(row) for row in self.rows],
            "pairs": [_plain(row) for row in self.pairs],
        }

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_dict(), indent=1) + "\n", encoding="utf-8")


def matrix_of(
    faults: Iterable[Fault], proofs: Mapping[str, Proof], pairs: Iterable[Fault], items: Sequence[str], day: date
) -> Matrix:
    """Join faults and pairs with their proofs; those without a proof are left out."""
    return Matrix(day, items, _rows(faults, proofs), _rows(pairs, proofs))


def _rows(faults: Iterable[Fault], proofs: Mapping[str, Proof]) -> list[Row]:
    return [Row(fault, proofs[fault.id]) for fault in faults if fault.id in proofs]


def _sum(rows: Sequence[Row], part: str) -> int:
    return sum(len(row.proof.verdict.get(part, {})) for row in rows)


def _plain(row: Row) -> dict[str, Any]:
    return {**row.fault.as_dict(), "proof": row.proof.as_dict(), "seconds": row.seconds}
