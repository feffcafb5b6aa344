"""What a manager must know in ten seconds: can we trade, what is broken, who is on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hypercare.escalation.incident import Incident
from hypercare.outcome.durations import short_duration
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import ItemResult, Status, Summary
from hypercare.reports.words import counted, listed


@dataclass(frozen=True)
class Answer:
    """`tone` is one of good, warn, bad, unknown; `short` is one or two words."""

    question: str
    short: str
    text: str
    tone: str


@dataclass(frozen=True)
class Verdict:
    headline: str
    text: str
    tone: str
    answers: tuple[Answer, Answer, Answer]


TONE = {Status.HEALTHY: "good", Status.ISSUES: "warn", Status.CRITICAL: "bad", Status.UNKNOWN: "unknown"}
_HEADLINE = {
    Status.HEALTHY: "All is well",
    Status.ISSUES: "Some things need attention",
    Status.CRITICAL: "Critical: act now",
    Status.UNKNOWN: "We cannot say",
}


def verdict_of(summary: Summary) -> Verdict:
    all_of_it = any(not one.ways and not one.branches for one in summary.maintenance)
    announced = "".join(f" {one.words}." for one in summary.maintenance)
    trade = can_we_trade(summary)
    headline = "Under maintenance" if all_of_it else _HEADLINE[summary.status]
    if summary.status is Status.HEALTHY and trade.tone == "unknown" and not all_of_it:
        # All is well with what was looked at, but not even whether anything can be sold is known.
        headline = "What was looked at holds"
    return Verdict(
        headline=headline,
        text=f"{_in_words(summary)}{announced}",
        tone="unknown" if all_of_it else TONE[summary.status],
        answers=(trade, what_is_broken(summary), who_is_on_it(summary)),
    )


def _in_words(summary: Summary) -> str:
    covered = summary.coverage
    was = "was" if covered.items == 1 else "were"
    looked = f"{covered.covered} of {counted(covered.items, 'item')} {was} looked at"
    if summary.status is Status.HEALTHY:
        return f"{looked}, and everything that was looked at holds."
    if summary.status is Status.UNKNOWN:
        if not covered.covered:
            return "Nothing could be looked at, so nothing is known about the system today."
        faults = summary.counts.get(Outcome.MONITOR_FAULT, 0)
        return f"{looked}; {counted(faults, 'item')} could not be judged because our own monitoring was at fault."
    failing = troubled(summary, Outcome.FAILED)
    if not failing:
        return f"{looked}. {_open_words(summary)}".strip()
    critical = sum(item.level is Level.L3 for item in failing)
    share = f", {critical} of them critical" if critical and critical < len(failing) else ""
    return f"{looked}; {counted(len(failing), 'item')} failed{share}."


def _open_words(summary: Summary) -> str:
    return (
        "; ".join(
            words
            for words in (
                _many(len(open_incidents(summary)), "incident is open", "incidents are open"),
                _many(
                    len(troubled(summary, Outcome.FLAKY)),
                    "item held only when tried again",
                    "items held only when tried again",
                ),
                _many(
                    len(troubled(summary, Outcome.BLOCKED)), "item could not be reached", "items could not be reached"
                ),
            )
            if words
        )
        + "."
    )


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}" if number else ""


def can_we_trade(summary: Summary) -> Answer:
    """Judged by what selling depends on, as far as a round saw it; an incident that is over counts no more."""
    question = "Can we trade?"
    by_id = {item.id: item for item in summary.items}
    trading = summary.plan.trading
    items = [by_id[item_id] for item_id in trading if item_id in by_id]
    over = {str(incident.id) for incident in summary.incidents if not incident.is_open}
    failing = [item for item in items if item.outcome is Outcome.FAILED and item.incident not in over]
    stopped = [item for item in failing if item.level is Level.L3]
    felt = [one for one in open_incidents(summary) if one.is_felt]
    outages = [one for one in felt if _gravity(one) is Level.L3 and _touches(one, trading)]
    if stopped or outages:
        reason = stopped[0].sentence if stopped else outages[0].sentence
        return Answer(question, "No", reason, "bad")
    if not any(item.outcome.was_looked_at for item in items):
        return Answer(question, "Not known", "Nothing that selling depends on could be looked at.", "unknown")
    if failing:
        return Answer(question, "With limits", failing[0].sentence, "warn")
    unseen = [item.id for item in items if item.outcome in {Outcome.BLOCKED, Outcome.MONITOR_FAULT}]
    if unseen:
        return Answer(question, "Probably", f"Not seen: {listed(unseen)}.", "warn")
    wrong = _wrong_data(summary, over)
    if wrong:
        return Answer(question, "Yes, but", f"Figures cannot be relied on: {wrong[0].sentence}", "warn")
    if any(item.id in summary.plan.proof and item.outcome is Outcome.PASSED for item in items):
        return Answer(question, "Yes", "Sales are arriving, and what they depend on works.", "good")
    working = [item for item in items if item.outcome.was_looked_at]
    if len(working) > 1:
        return Answer(question, "Yes", "What selling depends on works.", "good")
    one = working[0].words or working[0].id
    if len(items) == 1:
        return Answer(question, "Yes", one, "good")
    return Answer(question, "As far as seen", f"Nothing else that selling depends on was looked at: {one}", "good")


def _wrong_data(summary: Summary, over: set[str]) -> list[ItemResult]:
    return [
        item
        for item in troubled(summary, Outcome.FAILED)
        if item.level is Level.L3 and item.id in summary.plan.data and item.incident not in over
    ]


def _gravity(incident: Incident) -> Level:
    """That nobody answers makes an incident more urgent, but stops no sale."""
    return incident.gravity or incident.level


def _touches(incident: Incident, ids: Sequence[str]) -> bool:
    return any(item_id in ids for item_id in (*incident.items, *incident.blocked))


def what_is_broken(summary: Summary) -> Answer:
    question = "What is broken?"
    failing = sorted(troubled(summary, Outcome.FAILED), key=lambda item: item.level, reverse=True)
    if failing:
        more = f" And {len(failing) - 1} more." if len(failing) > 1 else ""
        tone = "bad" if failing[0].level is Level.L3 else "warn"
        return Answer(question, counted(len(failing), "item"), f"{failing[0].sentence}{more}", tone)
    shaky = [*troubled(summary, Outcome.FLAKY), *troubled(summary, Outcome.BLOCKED)]
    if shaky:
        return Answer(question, "Nothing for sure", f"Unsteady or out of reach: {listed(i.id for i in shaky)}.", "warn")
    if not summary.coverage.covered:
        return Answer(question, "Not known", "Nothing could be looked at.", "unknown")
    return Answer(question, "Nothing", "No item that was looked at failed.", "good")


def who_is_on_it(summary: Summary) -> Answer:
    question = "Who is on it?"
    opened = [incident for incident in open_incidents(summary) if incident.is_felt]
    if opened:
        return _who_answered(question, opened, summary.as_of)
    if summary.status is Status.UNKNOWN:
        text = "The monitoring has to be set right before anything can be said of the system."
        return Answer(question, "Whoever runs this watch", text, "unknown")
    count = len(open_incidents(summary))
    if count:
        text = f"{counted(count, 'incident')} held when last looked at, but not yet for long enough to be over."
        return Answer(question, "No one needed", text, "good")
    waiting = summary.counts.get(Outcome.AWAITING, 0)
    if waiting:
        return Answer(question, "No one needed", f"{counted(waiting, 'question')} only a person can answer.", "good")
    return Answer(question, "No one needed", "No incident is open.", "good")


def _who_answered(question: str, opened: Sequence[Incident], as_of: datetime) -> Answer:
    """By what is gravest: who answered that is on it, however many small things wait beside it."""
    gravest = [incident for incident in opened if incident.level is opened[0].level]
    waiting = [incident for incident in opened if incident.acknowledged is None]
    first = next((incident for incident in gravest if incident.acknowledged is None), None)
    if first is not None:
        return Answer(question, "Nobody yet", f"{first.who}: {response_words(first, as_of)}.", "bad")
    names = listed(sorted({incident.acknowledged_by or incident.who for incident in gravest}))
    if not waiting:
        return Answer(question, names, f"{counted(len(opened), 'open incident')}, each answered.", "good")
    rest = f"{waiting[0].who}: {response_words(waiting[0], as_of)}"
    text = f"On what is gravest; {len(waiting)} of {counted(len(opened), 'open incident')} not answered. {rest}."
    return Answer(question, names, text, "warn")


def troubled(summary: Summary, outcome: Outcome) -> list[ItemResult]:
    return [item for item in summary.items if item.outcome is outcome]


def open_incidents(summary: Summary) -> list[Incident]:
    """Most urgent first."""
    still = sorted((one for one in summary.incidents if one.is_open), key=lambda incident: incident.opened)
    return sorted(still, key=lambda incident: incident.level, reverse=True)


def response_words(incident: Incident, as_of: datetime) -> str:
    """When somebody answered or has to, seen from `as_of`."""
    if incident.acknowledged is not None:
        by = f" by {incident.acknowledged_by}" if incident.acknowledged_by else ""
        return f"answered at {incident.acknowledged:%H:%M}{by}"
    if incident.resolved is not None:
        if incident.resolved_by:
            return f"ended at {incident.resolved:%H:%M} by {incident.resolved_by}"
        return "never answered; it went by itself"
    if incident.holding_since is not None:
        return f"no answer yet; it holds since {incident.holding_since:%H:%M}"
    if incident.is_late(as_of):
        late = short_duration((as_of - incident.answer_due).total_seconds())
        return f"no answer yet; {late} late"
    return f"to answer by {incident.answer_due:%H:%M}" if incident.respond_within_s else "to answer at once"
