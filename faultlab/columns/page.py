"""docs/proof/columns.md: each mapped column with the checks that notice, and what nobody notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from faultlab.columns.explained import Unnoticed, explanation_of
from faultlab.columns.summary import Summary
from faultlab.columns.worker import ColumnResult


def page_of(summary: Summary, fields: Sequence[str], day: date, seed: int) -> str:
    parts = [_head(summary, day, seed), _kinds(summary), _columns(summary, fields), _unnoticed(summary)]
    return "\n\n".join(parts) + "\n"


def _head(summary: Summary, day: date, seed: int) -> str:
    no_faults = summary.unnoticed_as(Unnoticed.NO_FAULT)
    alarms = "\n".join(f"- {one.planned.happens}: {'; '.join(one.noticed.values())}" for one in summary.false_alarms)
    return f"""# Every mapped column, wrong in every way

Written by `hypercare faults columns` on {day:%d %B %Y} (seed {seed}); see [the fault lab](../fault-lab.md).

Each column that the embedded system's target file maps is made wrong in one record in every way that its type allows,
past the application and past every rule that can be switched off; then the checks of stored records look.

| | |
|---|---|
| faults that were noticed | {summary.of_faults} |
| of those that something mapped could tell | {summary.of_tellable} |
| changes that are no fault: a healthy business may have such a value | {len(no_faults)} |
| changes that the engine refuses by what it declares (NOT NULL, UNIQUE) | {len(summary.refused)} |
| unnoticed without an explanation | {len(summary.unexplained)} |
| healthy variations, drawn in the same way | {len(summary.healthy)} |
| false alarms at them | {len(summary.false_alarms)} |""" + (f"\n\n{alarms}" if alarms else "")


def _kinds(summary: Summary) -> str:
    rows = [f"| {kind} | {share} |" for kind, share in summary.by_kind().items()]
    return "\n".join(["## By kind", "", "| what became of the value | noticed |", "|---|---|", *rows])


def _columns(summary: Summary, fields: Sequence[str]) -> str:
    noticing = summary.noticing()
    refused, unnoticed = _kinds_by_field(summary.refused), _kinds_by_field(summary.unnoticed)
    rows = [
        f"| {field} | {', '.join(sorted(noticing.get(field, ()))) or '-'} | {refused.get(field, '')} |"
        f" {unnoticed.get(field, '')} |"
        for field in fields
    ]
    return "\n".join(
        [
            "## By column",
            "",
            "A look ends with the first check that notices, the quickest first; others would have noticed too.",
            "",
            "| column | noticed first by | refused by the engine | goes unnoticed |",
            "|---|---|---|---|",
            *rows,
        ]
    )


def _unnoticed(summary: Summary) -> str:
    return "\n".join(["## Unnoticed, and why", "", *_reasons(summary)])


def _reasons(summary: Summary) -> Iterator[str]:
    for one in summary.unexplained:
        yield f"- **{one.planned.happens}**: nobody noticed, and nobody has said why."
    by_reason: dict[str, list[ColumnResult]] = defaultdict(list)
    for one in summary.unnoticed:
        why = explanation_of(one)
        if why is not None:
            by_reason[f"{why.how}: {why.because}"].append(one)
    for reason, several in by_reason.items():
        names = ", ".join(f"{one.planned.name} {one.planned.kind}" for one in several)
        yield f"- {names}: {reason}."


def _kinds_by_field(results: Sequence[ColumnResult]) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in results:
        found[one.planned.name].append(str(one.planned.kind))
    return {field: ", ".join(kinds) for field, kinds in found.items()}
