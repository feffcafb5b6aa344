"""What is said of a round as a whole, and whether it says anything new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from hypercare.escalation.incident import Incident
from hypercare.notification.message import Facts, Kind, Listing, Message, Mood, Paragraph
from hypercare.notification.report_link import report_link
from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import Status, Summary
from hypercare.reports.verdict import open_incidents, troubled, verdict_of
from hypercare.reports.words import round_words
from hypercare.target_file.config import TargetConfig

_MOODS = {
    Status.HEALTHY: Mood.GOOD,
    Status.ISSUES: Mood.WARN,
    Status.CRITICAL: Mood.BAD,
    Status.UNKNOWN: Mood.PLAIN,
}
_MOST_LINES = 8

State = Mapping[str, Any]


def digest_message(summary: Summary, round_id: str, before: State | None, config: TargetConfig) -> Message:
    """The digest of a round. `before` is the state that the digest before told of, None when there was none."""
    verdict = verdict_of(summary)
    title = f"{round_words(summary.round)}, day {summary.day}: {verdict.headline}"
    return Message(
        key=f"digest:{round_id}",
        kind=Kind.DIGEST,
        target=summary.target,
        title=title,
        line=f"{title}. {verdict.text}",
        at=summary.finished,
        mood=_MOODS[summary.status],
        about="digest",
        blocks=tuple(_blocks(summary, before)),
        link=report_link(config, summary.date),
        data={"state": dict(state_of(summary)), "status": summary.status.value, "counts": dict(summary.counts)},
    )


def state_of(summary: Summary) -> State:
    """What a digest tells, without what differs from round to round because they look at different things."""
    incidents = {
        str(one.id): [one.level.value, one.acknowledged is not None, one.is_felt] for one in open_incidents(summary)
    }
    return {
        "incidents": incidents,
        "faults": sorted(item.id for item in troubled(summary, Outcome.MONITOR_FAULT)),
        "unknown": summary.status is Status.UNKNOWN,
    }


def says_something_new(summary: Summary, before: State | None) -> bool:
    return before is None or dict(before) != dict(state_of(summary))


def _blocks(summary: Summary, before: State | None) -> Iterator[Paragraph | Facts | Listing]:
    verdict = verdict_of(summary)
    yield Paragraph(text=verdict.text)
    rows = [(answer.question, f"{answer.short}. {answer.text}") for answer in verdict.answers]
    if summary.uptime is not None:
        up = summary.uptime
        rows.append(("Uptime", f"{up.percent:g} %, at least {up.lower:g} % and at most {up.upper:g} %"))
    yield Facts(rows=tuple(rows))
    open_before = set((before or {}).get("incidents", {}))
    still_open = open_incidents(summary)
    over = [one for one in summary.incidents if not one.is_open]
    faults = [f"{item.id}: {item.sentence}" for item in troubled(summary, Outcome.MONITOR_FAULT)]
    for heading, lines in (
        ("New", [_line(one, summary) for one in still_open if str(one.id) not in open_before]),
        ("Still open", [_line(one, summary) for one in still_open if str(one.id) in open_before]),
        ("Over", [one.sentence for one in over]),
        ("Not judged, since the monitor itself is at fault", faults),
    ):
        if lines:
            yield Listing(title=heading, lines=tuple(lines[:_MOST_LINES]), more=max(0, len(lines) - _MOST_LINES))


def _line(incident: Incident, summary: Summary) -> str:
    on_it = f"{incident.acknowledged_by or 'somebody'} is on it" if incident.acknowledged else "nobody is on it yet"
    if not incident.is_felt:
        on_it += ", holds for now"
    since = _since(incident.opened, summary.as_of)
    return f"{incident.level.value}, since {since}, {on_it}: {incident.sentence}"


def _since(opened: datetime, now: datetime) -> str:
    return f"{opened:%H:%M}" if opened.date() == now.date() else f"{opened:%a} {opened.day} {opened:%b}"
