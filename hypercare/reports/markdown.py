"""daily.md: the plan's daily template, every field filled in from the summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hypercare.escalation.incident import Incident
from hypercare.outcome.outcome import Outcome
from hypercare.reports.database_use import database_use_words
from hypercare.reports.figures import KNOWN, figures_of, text_of
from hypercare.reports.round_gaps import gap_sentences
from hypercare.reports.summary import ItemResult, Status, Summary
from hypercare.reports.uptime_words import uptime_line
from hypercare.reports.verdict import open_incidents, response_words, troubled, verdict_of
from hypercare.reports.words import (
    OUTCOME_WORDS,
    counted,
    excepted_words,
    long_date,
    looked_at_words,
    round_words,
    short_instant,
)
from hypercare.safe_text import visible

_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+!|~<>&$:@-])")
_STATUS = {
    Status.HEALTHY: "✅ Healthy",
    Status.ISSUES: "⚠️ Issues",
    Status.CRITICAL: "❌ Critical",
    Status.UNKNOWN: "❔ Not known",
}
_COURSE = {
    Status.HEALTHY: "✅ On course",
    Status.ISSUES: "⚠️ Minor issues",
    Status.CRITICAL: "❌ Major issues",
    Status.UNKNOWN: "❔ Not known: too little could be looked at",
}
_MARK = {
    Outcome.PASSED: "✅",
    Outcome.FAILED: "❌",
    Outcome.FLAKY: "⚠️",
    Outcome.BLOCKED: "⛔",
    Outcome.NOT_COVERED: "⚪",
    Outcome.MONITOR_FAULT: "🛠️",
    Outcome.AWAITING: "👤",
}
USERS = ("users_logged_in", "users_active", "login_failures", "users_needing_support")
OPERATIONS = ("sales_created", "sales_finalised", "steps_updated", "orders_completed", "costs_entered")


def daily_markdown(summary: Summary) -> str:
    """The report as Markdown. Strings of the target are escaped: none of them is a link, an image or HTML."""
    return "\n".join(_lines(summary)).rstrip() + "\n"


def escaped(text: str) -> str:
    """One line of plain text."""
    return _ACTIVE.sub(r"\\\1", " ".join(visible(text).split()))


def _lines(summary: Summary) -> Iterator[str]:
    verdict = verdict_of(summary)
    yield f"# {round_words(summary.round)}: {escaped(summary.target)}"
    yield f"\n- **Date**: {long_date(summary.as_of)}, as of {summary.as_of:%H:%M}"
    yield f"- **Day**: {summary.day} ({escaped(summary.phase)})"
    if summary.rehearsed:
        yield "- **Rehearsed**: a round on trial; nothing of it is remembered and nobody was told."
    yield f"\n**{verdict.headline}.** {escaped(verdict.text)}\n"
    yield from (f"- {a.question} **{escaped(a.short)}**: {escaped(a.text)}" for a in verdict.answers)
    yield from (f"- {escaped(sentence)}" for sentence in gap_sentences(summary))
    yield "\n## System health\n"
    yield f"- Status: {_STATUS[summary.status]}"
    yield f"- Uptime: {uptime_line(summary)}"
    yield f"- Errors: {escaped(text_of('errors', summary))}"
    yield "\n## User activity\n"
    yield from _figures(summary, USERS)
    yield "\n## Operations\n"
    yield from _figures(summary, OPERATIONS)
    yield from _own_figures(summary)
    yield "\n## Issues\n"
    yield from _numbered(_issues(summary), "None.")
    yield "\n## Actions taken\n"
    yield from _numbered(_actions(summary), "None recorded.")
    yield "\n## Status\n"
    yield _COURSE[summary.status]
    yield from _signature(summary)
    yield "\n## What was looked at\n"
    yield f"{summary.coverage.covered} of {counted(summary.coverage.items, 'item')} ({summary.coverage.percent} %).\n"
    yield "| | Item | Outcome | Level | Looked at |\n|---|---|---|---|---|"
    yield from (_row(item) for item in summary.items)
    yield from _gaps(summary)
    yield from _database_use(summary)


def _figures(summary: Summary, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield f"- {_label(name, summary)}: {escaped(text_of(name, summary))}"


def _label(name: str, summary: Summary) -> str:
    own = summary.figure_words.get(name)
    return KNOWN[name].label if own is None else escaped(own.label)


def _own_figures(summary: Summary) -> Iterator[str]:
    """Figures that the plan declares itself and that a check told of, broken down or not."""
    for one in figures_of(summary):
        if one.name in summary.figure_words and one.name not in KNOWN:
            parts = ", ".join(f"{share.name} {share.text}" for share in one.shares)
            yield f"- {escaped(one.label)}: {escaped(f'{parts or one.text} {one.unit}'.strip())}"


def _issues(summary: Summary) -> Iterator[str]:
    """Incidents first; then what failed and belongs to none of them."""
    spoken_for = {item_id for incident in summary.incidents for item_id in incident.items}
    for incident in [*open_incidents(summary), *(one for one in summary.incidents if not one.is_open)]:
        yield _incident(incident, summary)
    for outcome in (Outcome.FAILED, Outcome.MONITOR_FAULT, Outcome.FLAKY):
        for item in troubled(summary, outcome):
            if item.id not in spoken_for:
                yield f"{_level(item)}{OUTCOME_WORDS[outcome]}: {escaped(item.sentence or item.words)}"


def _level(item: ItemResult) -> str:
    return "" if item.outcome is Outcome.MONITOR_FAULT else f"**{item.level}** {item.level.words}. "


def _incident(incident: Incident, summary: Summary) -> str:
    end = f"resolved {short_instant(incident.resolved)}" if incident.resolved else "open"
    who = escaped(incident.acknowledged_by or incident.who or "nobody named")
    return (
        f"**{incident.level}** {incident.level.words}. {escaped(' '.join(_sentences(incident)))} "
        f"(incident {incident.id}, {end}; {who}: {escaped(response_words(incident, summary.as_of))})"
    )


def _sentences(incident: Incident) -> list[str]:
    return list(dict.fromkeys([incident.sentence, *incident.findings]))


def _actions(summary: Summary) -> Iterator[str]:
    for action in summary.actions:
        yield f"{action.at:%H:%M} {escaped(action.by)}: {escaped(action.note)}"
    for incident in summary.incidents:
        for event in incident.story:
            if event.by and event.note and event.at.date() == summary.date:
                yield f"{event.at:%H:%M} {escaped(event.by)}, incident {incident.id}: {escaped(event.note)}"
        if not incident.story and incident.acknowledged and incident.note:
            yield f"{incident.acknowledged:%H:%M} {escaped(incident.acknowledged_by)}: {escaped(incident.note)}"


def _numbered(lines: Iterable[str], otherwise: str) -> Iterator[str]:
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    yield from numbered or [otherwise]


def _signature(summary: Summary) -> Iterator[str]:
    review = summary.review
    yield f"\n- **Reviewed by**: {escaped(review.by) if review else '_______________'}"
    yield f"- **Date**: {long_date(review.at) if review else '_______________'}"


def _row(item: ItemResult) -> str:
    level = item.level if item.outcome in {Outcome.FAILED, Outcome.FLAKY} else ""
    excepted = excepted_words(*item.checks)
    words = [looked_at_words(*item.checks), *([f"passed over {excepted}"] if excepted else [])]
    name, looked_at = escaped(item.words or item.id), escaped("; ".join(filter(None, words)))
    return f"| {_MARK[item.outcome]} | {name} | {OUTCOME_WORDS[item.outcome]} | {level} | {looked_at} |"


def _database_use(summary: Summary) -> Iterator[str]:
    if summary.database_use is not None:
        yield "\n### What looking cost the database\n"
        yield from (f"- {escaped(sentence)}" for sentence in database_use_words(summary.database_use))


def _gaps(summary: Summary) -> Iterator[str]:
    if summary.coverage.not_covered:
        yield "\n### Not covered\n"
    for gap in summary.coverage.not_covered:
        part = " (in part)" if gap.partial else ""
        yield f"- {escaped(gap.id)}{part}: {escaped(gap.reason)} {escaped(gap.remedy)}".rstrip()
    if summary.switched_off:
        yield "\n### Switched off\n"
    for one in summary.switched_off:
        yield f"- {escaped(one.id)}: {escaped(one.words)} {escaped(one.reason)} ({escaped(one.by)})"
