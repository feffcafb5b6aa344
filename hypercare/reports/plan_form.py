"""The plan's daily template, filled in: each of its fields, also those that nothing is known of, and where to sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.figures import KNOWN, text_of
from hypercare.reports.summary import Status, Summary
from hypercare.reports.uptime_words import uptime_line
from hypercare.reports.verdict import open_incidents, response_words, troubled
from hypercare.reports.words import OUTCOME_WORDS, first_sentence, long_date, short_instant

USERS = ("users_logged_in", "users_active", "login_failures", "users_needing_support")
OPERATIONS = ("sales_created", "sales_finalised", "steps_updated", "orders_completed", "costs_entered")
STATUS = {
    Status.HEALTHY: "Healthy",
    Status.ISSUES: "Issues",
    Status.CRITICAL: "Critical",
    Status.UNKNOWN: "Not known",
}
COURSE = {
    Status.HEALTHY: "On course",
    Status.ISSUES: "Minor issues",
    Status.CRITICAL: "Major issues",
    Status.UNKNOWN: "Not known: too little could be looked at",
}


@dataclass(frozen=True)
class Field:
    """A line of the template. `figure` names the figure that it shows, where it shows one."""

    label: str
    text: str
    figure: str = ""


@dataclass(frozen=True)
class Issue:
    """`level` is None for a fault of our own; `ended` says of an item without an incident how it ended.

    `brief` is the sentence that leads, `incident` the number of the one that it is, `end` how that one stands and `who`
    acts and since when. `anchor` is the place on the page that tells more.
    """

    level: Level | None
    ended: str
    sentence: str
    brief: str
    anchor: str
    incident: str = ""
    end: str = ""
    who: str = ""

    @property
    def rest(self) -> str:
        return f"incident {self.incident}, {self.end}; {self.who}" if self.incident else ""


@dataclass(frozen=True)
class ActionTaken:
    at: str
    by: str
    note: str
    incident: str = ""


@dataclass(frozen=True)
class PlanForm:
    """`reviewed_by` and `reviewed_on` are empty until somebody signed, and `actions` while nobody noted any."""

    date: str
    day: str
    health: tuple[Field, ...]
    users: tuple[Field, ...]
    operations: tuple[Field, ...]
    issues: tuple[Issue, ...]
    actions: tuple[ActionTaken, ...]
    status: str
    reviewed_by: str
    reviewed_on: str


def plan_form(summary: Summary) -> PlanForm:
    review = summary.review
    return PlanForm(
        date=f"{long_date(summary.as_of)}, as of {summary.as_of:%H:%M}",
        day=f"{summary.day} ({summary.phase})",
        health=(
            Field("Status", STATUS[summary.status]),
            Field("Uptime", uptime_line(summary)),
            Field("Errors", text_of("errors", summary), "errors"),
        ),
        users=tuple(_field(name, summary) for name in USERS),
        operations=tuple(_field(name, summary) for name in OPERATIONS),
        issues=tuple(_issues(summary)),
        actions=tuple(_actions(summary)),
        status=COURSE[summary.status],
        reviewed_by=review.by if review else "",
        reviewed_on=long_date(review.at) if review else "",
    )


def _field(name: str, summary: Summary) -> Field:
    own = summary.figure_words.get(name)
    return Field(KNOWN[name].label if own is None else own.label, text_of(name, summary), name)


def _issues(summary: Summary) -> Iterator[Issue]:
    """Incidents first; then what failed and belongs to none of them."""
    spoken_for = {item_id for incident in summary.incidents for item_id in incident.items}
    for incident in [*open_incidents(summary), *(one for one in summary.incidents if not one.is_open)]:
        yield _issue(incident, summary)
    for outcome in (Outcome.FAILED, Outcome.MONITOR_FAULT, Outcome.FLAKY):
        for item in troubled(summary, outcome):
            if item.id not in spoken_for:
                level = None if outcome is Outcome.MONITOR_FAULT else item.level
                sentence = item.sentence or item.words
                yield Issue(level, OUTCOME_WORDS[outcome], sentence, first_sentence(sentence), item.id)


def _issue(incident: Incident, summary: Summary) -> Issue:
    end = f"resolved {short_instant(incident.resolved)}" if incident.resolved else "open"
    who = incident.acknowledged_by or incident.who or "nobody named"
    return Issue(
        level=incident.level,
        ended="",
        sentence=" ".join(dict.fromkeys([incident.sentence, *incident.findings])),
        brief=first_sentence(incident.sentence),
        anchor=f"incident-{incident.id}",
        incident=str(incident.id),
        end=end,
        who=f"{who}: {response_words(incident, summary.as_of)}",
    )


def _actions(summary: Summary) -> Iterator[ActionTaken]:
    for action in summary.actions:
        yield ActionTaken(f"{action.at:%H:%M}", action.by, action.note, str(action.incident or ""))
    for incident in summary.incidents:
        for event in incident.story:
            if event.by and event.note and event.at.date() == summary.date:
                yield ActionTaken(f"{event.at:%H:%M}", event.by, event.note, str(incident.id))
        if not incident.story and incident.acknowledged and incident.note:
            yield ActionTaken(
                f"{incident.acknowledged:%H:%M}", incident.acknowledged_by, incident.note, str(incident.id)
            )
