"""The detection matrix as a page that reads by itself, and as a short summary for the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from faultlab.proving.matrix import Matrix, Row

_TEMPLATES = Path(__file__).parent / "templates"
WORDS = {
    "noticed": "noticed, at the right level",
    "missed": "missed",
    "level": "noticed at another level",
    "alarm": "false alarm",
    "hidden": "hidden by the other, for a reason",
    "may": "noticed too, as it may",
    "blocked": "blocked by what is down",
    "flaky": "flaky",
    "monitor fault": "fault of the monitor",
}


def page_of(matrix: Matrix) -> str:
    """A self-contained page of HTML."""
    pages = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template("matrix.html.j2").render(
        matrix=matrix, counts=matrix.counts, words=WORDS, groups=_groups(matrix), style=_style()
    )


def summary_of(matrix: Matrix) -> str:
    """Markdown: the counts, and a table with a line for each item."""
    counts = matrix.counts
    head = [
        "# What the checks notice",
        "",
        f"Proven on {matrix.day:%d %B %Y} by `make prove`: {counts['faults']} faults, each put into a fresh copy of "
        "the embedded system.",
        "",
        f"- {counts['noticed']} of {counts['to_be_noticed']} faults that must be noticed were noticed by all the items "
        "that have to, at the level that they have to report.",
        f"- {counts['below_threshold']} are just below a threshold, and nobody may stir.",
        f"- {counts['missed']} missed, {counts['wrong_level']} at a wrong level, {counts['false_alarms']} false "
        f"alarms; {counts['not_proven']} could not be proven.",
        *_of_pairs(counts),
        f"- Half of the faults were known within {counts['median_seconds']} seconds of looking.",
        "",
        "| item | faults that it must notice | noticed |",
        "|---|---:|---:|",
    ]
    lines = [f"| {item} | {one['due']} | {one['noticed']} |" for item in matrix.items if (one := matrix.of_item(item))]
    where = Counter(row.fault.where.value for row in matrix.rows)
    tail = ["", "| where | faults |", "|---|---:|", *(f"| {name} | {count} |" for name, count in where.most_common())]
    wrong = [row for row in (*matrix.rows, *matrix.pairs) if not row.proof.right]
    if wrong:
        tail += ["", "## Not as it should be", "", *(f"- `{row.fault.id}`: {row_text(row)}" for row in wrong)]
    hiding = [row for row in matrix.pairs if row.proof.hidden]
    if hiding:
        tail += ["", "## Two at once, of which one hid the other", ""]
        tail += [f"- `{row.fault.id}`: {item} {why}" for row in hiding for item, why in row.proof.hidden.items()]
    return "\n".join([*head, *lines, *tail]) + "\n"


def _of_pairs(counts: Mapping[str, int | float]) -> list[str]:
    if not counts["pairs"]:
        return []
    return [
        f"- {counts['pairs']} random pairs of faults at once; in {counts['pairs_not_right']} one hid the other "
        f"without a reason, in {counts['pairs_hidden_for_a_reason']} what one takes away is what the other is seen by."
    ]


def row_text(row: Row) -> str:
    """In words, how it went."""
    return row.proof.trouble or str(row.proof.verdict.get("words", ""))


def _groups(matrix: Matrix) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in matrix.rows:
        found.setdefault(row.fault.where.value, []).append(row)
    return list(found.items())


def _style() -> str:
    return (_TEMPLATES / "matrix.css").read_text(encoding="utf-8")
