"""daily.md: the plan's daily template, every field filled in from the summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hypercare.language.texts import translated
from hypercare.outcome.outcome import Outcome
from hypercare.reports.database_use import database_use_words
from hypercare.reports.figures import KNOWN, figures_of
from hypercare.reports.plan_form import ActionTaken, Field, Issue, plan_form
from hypercare.reports.round_gaps import gap_sentences
from hypercare.reports.summary import ItemResult, Status, Summary
from hypercare.reports.verdict import verdict_of
from hypercare.reports.words import (
    OUTCOME_WORDS,
    counted,
    excepted_words,
    long_date,
    looked_at_words,
    round_words,
)
from hypercare.safe_text import visible

_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+!|~<>&$:@-])")
_STATUS_MARK = {Status.HEALTHY: "✅", Status.ISSUES: "⚠️", Status.CRITICAL: "❌", Status.UNKNOWN: "❔"}
_MARK = {
    Outcome.PASSED: "✅",
    Outcome.FAILED: "❌",
    Outcome.FLAKY: "⚠️",
    Outcome.BLOCKED: "⛔",
    Outcome.NOT_COVERED: "⚪",
    Outcome.MONITOR_FAULT: "🛠️",
    Outcome.AWAITING: "👤",
}
_BLANK = "_______________"


def daily_markdown(summary: Summary) -> str:
    """The report as Markdown. Strings of the target are escaped: none of them is a link, an image or HTML."""
    return translated_lines(_lines(summary))


def translated_lines(lines: Iterable[str]) -> str:
    """Lines of Markdown as a text, in the language of the reports."""
    return "\n".join(translated(line) for piece in lines for line in piece.split("\n")).rstrip() + "\n"


def escaped(text: str) -> str:
    """One line of plain text."""
    return _ACTIVE.sub(r"\\\1", translated(" ".join(visible(text).split())))


def _lines(summary: Summary) -> Iterator[str]:
    verdict = verdict_of(summary)
    yield f"# {translated(round_words(summary.round))}: {escaped(summary.target)}"
    yield f"\n- **Date**: {long_date(summary.as_of)}, as of {summary.as_of:%H:%M}"
    yield f"- **Day**: {summary.day} ({escaped(summary.phase)})"
    if summary.rehearsed:
        yield "- **Rehearsed**: a round on trial; nothing of it is remembered and nobody was told."
    yield f"\n**{translated(verdict.headline)}.** {escaped(verdict.text)}\n"
    yield from (f"- {translated(a.question)} **{escaped(a.short)}**: {escaped(a.text)}" for a in verdict.answers)
    yield from (f"- {escaped(sentence)}" for sentence in gap_sentences(summary))
    yield from _plan_form(summary)
    yield "\n## What was looked at\n"
    yield f"{summary.coverage.covered} of {counted(summary.coverage.items, 'item')} ({summary.coverage.percent} %).\n"
    yield "| | Item | Outcome | Level | Looked at |\n|---|---|---|---|---|"
    yield from (_row(item) for item in summary.items)
    yield from _gaps(summary)
    yield from _database_use(summary)


def _plan_form(summary: Summary) -> Iterator[str]:
    form, mark = plan_form(summary), _STATUS_MARK[summary.status]
    yield "\n## System health\n"
    status, *others = form.health
    yield f"- {translated(status.label)}: {mark} {translated(status.text)}"
    yield from (_field(one) for one in others)
    yield "\n## User activity\n"
    yield from (_field(one) for one in form.users)
    yield "\n## Operations\n"
    yield from (_field(one) for one in form.operations)
    yield from _own_figures(summary)
    yield "\n## Issues\n"
    yield from _numbered((_issue(one) for one in form.issues), "None.")
    yield "\n## Actions taken\n"
    yield from _numbered((_action(one) for one in form.actions), "None recorded.")
    yield f"\n## Status\n\n{mark} {translated(form.status)}"
    yield f"\n- **Reviewed by**: {escaped(form.reviewed_by) or _BLANK}"
    yield f"- **Date**: {form.reviewed_on or _BLANK}"


def _field(field: Field) -> str:
    words = KNOWN.get(field.figure)
    is_ours = not field.figure or (words is not None and words.label == field.label)
    label = translated(field.label) if is_ours else escaped(field.label)
    return f"- {label}: {escaped(field.text) if field.figure else translated(field.text)}"


def _issue(issue: Issue) -> str:
    level = f"**{issue.level}** {translated(issue.level.words)}. " if issue.level else ""
    ended = f"{translated(issue.ended)}: " if issue.ended else ""
    rest = f" ({escaped(issue.rest)})" if issue.rest else ""
    return f"{level}{ended}{escaped(issue.sentence)}{rest}"


def _action(action: ActionTaken) -> str:
    incident = f" (incident {escaped(action.incident)})" if action.incident else ""
    return f"{action.at} {escaped(action.by)}: {escaped(action.note)}{incident}"


def _own_figures(summary: Summary) -> Iterator[str]:
    """Figures that the plan declares itself and that a check told of, broken down or not."""
    for one in figures_of(summary):
        if one.name in summary.figure_words and one.name not in KNOWN:
            parts = ", ".join(f"{share.name} {share.text}" for share in one.shares)
            yield f"- {escaped(one.label)}: {escaped(f'{parts or one.text} {one.unit}'.strip())}"


def _numbered(lines: Iterable[str], otherwise: str) -> Iterator[str]:
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    yield from numbered or [otherwise]


def _row(item: ItemResult) -> str:
    level = item.level if item.outcome in {Outcome.FAILED, Outcome.FLAKY} else ""
    excepted = excepted_words(*item.checks)
    words = [looked_at_words(*item.checks), *([f"passed over {excepted}"] if excepted else [])]
    name, looked_at = escaped(item.words or item.id), escaped("; ".join(filter(None, words)))
    return f"| {_MARK[item.outcome]} | {name} | {translated(OUTCOME_WORDS[item.outcome])} | {level} | {looked_at} |"


def _database_use(summary: Summary) -> Iterator[str]:
    if summary.database_use is not None:
        yield "\n### What looking cost the database\n"
        yield from (f"- {escaped(sentence)}" for sentence in database_use_words(summary.database_use))


def _gaps(summary: Summary) -> Iterator[str]:
    if summary.coverage.not_covered:
        yield "\n### Not covered\n"
    for gap in summary.coverage.not_covered:
        part = f" ({translated('in part')})" if gap.partial else ""
        yield f"- {escaped(gap.id)}{part}: {escaped(gap.reason)} {escaped(gap.remedy)}".rstrip()
    if summary.switched_off:
        yield "\n### Switched off\n"
    for one in summary.switched_off:
        yield f"- {escaped(one.id)}: {escaped(one.words)} {escaped(one.reason)} ({escaped(one.by)})"
