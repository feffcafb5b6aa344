"""A result as text, for the terminal and for the reports that show plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypercare.outcome.result import CheckResult

_WIDEST_CELL = 40


def result_text(result: CheckResult, runbooks: Sequence[str] = ()) -> str:
    """The sentence first, then the numbers, the sample and where to go from here."""
    lines = [f"{result.level.value} {result.level.words}: {result.sentence}"]
    lines += [f"  {line}" for line in (_numbers(result), *_table(result.sample)) if line]
    for title, text in (("where to look", result.where), ("next step", result.next_step)):
        if text:
            lines.append(f"  {title}: {text}")
    lines += [f"  runbook: {page}" for page in runbooks]
    if result.detail:
        lines += ["", result.detail]
    return "\n".join(lines)


def _numbers(result: CheckResult) -> str:
    parts = []
    if result.count is not None:
        parts.append(f"{result.count:,}" + (f" of {result.of:,}" if result.of is not None else ""))
    if result.money is not None:
        parts.append(f"{result.money} {result.currency} at stake".replace("  ", " "))
    return " · ".join(parts)


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [columns, *([_cell(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 1] + "…"


def check_words(nodeid: str) -> str:
    """A check's name as words: ".../test_sales.py::test_total_equals_lines[api]" is "Total equals lines (api)"."""
    name, bracket, parameters = nodeid.rpartition("::")[2].partition("[")
    words = name.removeprefix("test_").replace("_", " ").strip()
    # What pytest makes of a value that has no name says nothing to anybody.
    told = [part for part in parameters.removesuffix("]").split("::") if part and "<lambda>" not in part]
    return f"{words[:1].upper()}{words[1:]}" + (f" ({', '.join(told)})" if bracket and told else "")
