"""A gate as lines of text, which are Markdown too, and as a page: one file, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator

from hypercare.gates.standing import JudgedCriterion, JudgedGate, Standing
from hypercare.reports.markdown import escaped, translated_lines
from hypercare.reports.navigation import navigation_from
from hypercare.reports.page import page_assets, rendered

MARKS = {Standing.MET: "✅", Standing.NOT_MET: "❌", Standing.UNKNOWN: "❔"}
HEADLINE = {
    Standing.MET: "All criteria are met",
    Standing.NOT_MET: "Not all criteria are met",
    Standing.UNKNOWN: "Some criteria cannot be told",
}


def gate_markdown(gate: JudgedGate, target: str) -> str:
    return translated_lines(_lines(gate, target))


def met_words(criterion: JudgedCriterion) -> str:
    """By when what is not met would be; empty for whatever else."""
    if criterion.standing is not Standing.NOT_MET:
        return ""
    if criterion.met_by is None:
        return "As things go, nothing says by when it will be met."
    return f"Met by {criterion.met_by:%d %b %Y}, if things go on as they do."


def proposal(gate: JudgedGate) -> str:
    """What is to be decided; a person does, in the target file."""
    if gate.standing is Standing.MET:
        return "All are met: the close watch may end on its last day, by [business] normal_from in the target file."
    return "While that is so the close watch should go on: [business] critical_days in the target file extends it."


def _lines(gate: JudgedGate, target: str) -> Iterator[str]:
    yield f"# {escaped(gate.words)}: {escaped(target)}"
    yield f"\n{MARKS[gate.standing]} **{HEADLINE[gate.standing]}**, {gate.first:%d %b} to {gate.last:%d %b %Y}."
    for one in gate.criteria:
        yield f"\n## {MARKS[one.standing]} {escaped(one.words)}\n"
        yield f"{one.standing.value.capitalize()}. {escaped(one.evidence)}".rstrip()
        if met_words(one):
            yield met_words(one)
        yield from (f"- {escaped(line)}" for line in one.blocked_by)
    yield f"\n{escaped(proposal(gate))}"


_TONE = {Standing.MET: "good", Standing.NOT_MET: "bad", Standing.UNKNOWN: "unknown"}


def gate_page(gate: JudgedGate, target: str) -> str:
    """The whole page as text."""
    return rendered(
        "gate.html.j2",
        gate=gate,
        target=target,
        headline=HEADLINE[gate.standing],
        tone=_TONE,
        met_words=met_words,
        proposal=proposal(gate),
        **page_assets(navigation=navigation_from("")),
    )
