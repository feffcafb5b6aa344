"""What is said of an incident when something about it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypercare.escalation.changes import ChangeKind, IncidentChange
from hypercare.escalation.incident import Incident
from hypercare.escalation.terms import Terms
from hypercare.notification.message import Facts, Kind, Listing, Message, Mood, Paragraph, cut
from hypercare.notification.report_link import report_link
from hypercare.outcome.durations import short_duration
from hypercare.outcome.level import Level
from hypercare.reports.words import counted, listed
from hypercare.target_file.command_line import command_line, options_of
from hypercare.target_file.config import TargetConfig

_IN_TITLE = 160
_MOST_FINDINGS = 8
_TROUBLE = {
    ChangeKind.FOUND,
    ChangeKind.OPENED,
    ChangeKind.REOPENED,
    ChangeKind.RAISED,
    ChangeKind.LATE,
    ChangeKind.REMINDED,
}


def key_of(incident: int, event: int) -> str:
    return f"{about(incident)}:event:{event}"


def about(incident: int) -> str:
    return f"incident:{incident}"


def waits_for_answer(change: IncidentChange) -> bool:
    """Whether whoever hears of it can say that they are on it."""
    return change.incident.acknowledged is None and change.kind in {*_TROUBLE, ChangeKind.FLAPPING}


def incident_message(change: IncidentChange, config: TargetConfig) -> Message:
    """The message of one change; its words are for whoever has to act, and for the manager who reads along."""
    words = _IncidentWords(change, config)
    return Message(
        key=key_of(change.incident.id, change.event),
        kind=Kind.INCIDENT,
        target=config.target.name,
        title=words.title,
        line=f"Incident {change.incident.id}: {words.title}",
        at=change.at,
        level=change.incident.level,
        mood=words.mood,
        about=about(change.incident.id),
        blocks=tuple(words.blocks()),
        next_step=words.next_step,
        link=report_link(config),
        data={**_for_programs(change), "options": options_of(config)},
    )


@dataclass(frozen=True)
class _IncidentWords:
    change: IncidentChange
    config: TargetConfig

    @property
    def incident(self) -> Incident:
        return self.change.incident

    @property
    def title(self) -> str:
        start = _STARTS[self.change.kind](self)
        sentence = self.besides if self.change.kind is ChangeKind.FOUND else self.incident.sentence
        return f"{start}: {cut(sentence, _IN_TITLE)}"

    @property
    def level(self) -> str:
        return f"{self.incident.level.value} {self.incident.level.words}"

    @property
    def mood(self) -> Mood:
        if self.change.kind is ChangeKind.RESOLVED:
            return Mood.GOOD
        if self.change.kind in _TROUBLE:
            return Mood.BAD if self.incident.level is Level.L3 else Mood.WARN
        return Mood.WARN if self.change.kind is ChangeKind.FLAPPING else Mood.PLAIN

    @property
    def next_step(self) -> str:
        """What the reader can do; nothing where somebody is on it or nothing is left to do."""
        if waits_for_answer(self.change):
            command = command_line(self.config, f"ack {self.incident.id} --by NAME")
            return f"Say that you are on it: {command}"
        if self.change.kind is ChangeKind.REMINDED:
            command = command_line(self.config, f"note {self.incident.id} TEXT --by NAME")
            return f"Say how it stands: {command}"
        return ""

    @property
    def besides(self) -> str:
        """What was found beside that for which the incident opened."""
        return self.change.found or self.incident.sentence

    def blocks(self) -> Iterator[Paragraph | Facts | Listing]:
        if len(self.incident.sentence) > _IN_TITLE:
            yield Paragraph(text=self.incident.sentence)
        for text in (_MEANINGS[self.change.kind](self), self.change.note):
            if text:
                yield Paragraph(text=text)
        others = [one for one in self.incident.findings if one not in self.title]
        if others and self.change.kind in _TROUBLE:
            more = max(0, len(others) - _MOST_FINDINGS)
            yield Listing(title="Found as well", lines=tuple(others[:_MOST_FINDINGS]), more=more)
        yield Facts(rows=tuple(self._facts()))

    def _facts(self) -> Iterator[tuple[str, str]]:
        one = self.incident
        yield "Incident", f"{one.id}, {self.level}, since {self.when(one.opened)}"
        if one.branches:
            yield "Where", listed(one.branches)
        if one.blocked:
            yield "Cannot be looked at meanwhile", counted(len(one.blocked), "item")
        if self.change.kind is ChangeKind.RESOLVED:
            return
        if one.acknowledged is not None:
            yield "On it", f"{one.acknowledged_by or 'somebody'}, since {self.when(one.acknowledged)}"
        elif one.answer_due >= self.change.at:
            yield "To answer", f"{one.who}, by {self.when(one.answer_due)}"
        else:
            yield "Should have been answered", f"by {self.when(one.answer_due)}"

    def when(self, instant: datetime) -> str:
        """In business time; with the day where it is not today's."""
        zone = self.config.business.calendar.zone
        there, now = instant.astimezone(zone), self.change.at.astimezone(zone)
        return f"{there:%H:%M}" if there.date() == now.date() else f"{there:%a} {there.day} {there:%b %H:%M}"

    def since_opened(self) -> str:
        return short_duration((self.change.at - self.incident.opened).total_seconds())

    def who(self, level: Level) -> str:
        return Terms.of(self.config).who(level, self.change.at)


_Words = Callable[[_IncidentWords], str]
_STARTS: dict[ChangeKind, _Words] = {
    ChangeKind.OPENED: lambda words: words.level,
    ChangeKind.REOPENED: lambda words: f"Back again, {words.level}",
    ChangeKind.RAISED: lambda words: f"Now {words.level}",
    ChangeKind.FOUND: lambda words: f"Found besides, {words.level}",
    ChangeKind.FLAPPING: lambda words: f"Comes and goes, {words.level}",
    ChangeKind.ACKNOWLEDGED: lambda words: f"{words.incident.acknowledged_by or words.change.by} is on it",
    ChangeKind.LATE: lambda words: f"Nobody has answered, {words.level}",
    ChangeKind.REMINDED: lambda words: f"Still open after {words.since_opened()}",
    ChangeKind.RESOLVED: lambda _: "Over",
}


def _back(words: _IncidentWords) -> str:
    return f"It was thought to be over, and is not. It has begun {words.incident.begun} times."


def _late(words: _IncidentWords) -> str:
    """The highest of those told is whom it is now told to; the one below was asked before."""
    levels = sorted(words.change.notified) or [words.incident.level]
    late_people = words.who(levels[-2] if len(levels) > 1 else levels[-1])
    if len(levels) < 2:
        return f"{late_people} did not answer in time, and there is no level above."
    return f"{late_people} did not answer in time. It is now told to {words.who(levels[-1])} as well."


def _reminded(words: _IncidentWords) -> str:
    if words.incident.acknowledged is None:
        return "Nobody has answered yet."
    return f"{words.incident.acknowledged_by or 'Somebody'} is on it; nothing has been heard of it since."


def _over(words: _IncidentWords) -> str:
    one = words.incident
    lasted = f"after {words.since_opened()}" if one.begun == 1 else f"after it had begun {one.begun} times"
    if words.change.by:
        return f"{words.change.by} says that it is resolved, {lasted}."
    answered = f"{one.acknowledged_by or 'Somebody'} was on it" if one.acknowledged else "nobody had answered"
    return f"It holds again {lasted}; {answered}."


_MEANINGS: dict[ChangeKind, _Words] = {
    ChangeKind.OPENED: lambda _: "",
    ChangeKind.REOPENED: _back,
    ChangeKind.RAISED: lambda words: f"{words.incident.who} has to act.",
    ChangeKind.FOUND: lambda words: words.besides,
    ChangeKind.FLAPPING: lambda _: "It fails and holds by turns. You hear of it again when it stays or is over.",
    ChangeKind.ACKNOWLEDGED: lambda _: "",
    ChangeKind.LATE: _late,
    ChangeKind.REMINDED: _reminded,
    ChangeKind.RESOLVED: _over,
}


def _for_programs(change: IncidentChange) -> dict[str, Any]:
    one = change.incident
    incident = {
        "id": one.id,
        "cause": one.cause,
        "level": one.level.value,
        "sentence": one.sentence,
        "findings": list(one.findings),
        "opened": one.opened.isoformat(),
        "acknowledged": one.acknowledged.isoformat() if one.acknowledged else None,
        "acknowledged_by": one.acknowledged_by or None,
        "resolved": one.resolved.isoformat() if one.resolved else None,
        "respond_by": one.answer_due.isoformat(),
        "who": one.who,
        "items": list(one.items),
        "blocked": list(one.blocked),
        "branches": list(one.branches),
    }
    return {"change": change.kind.value, "event": change.event, "by": change.by, "note": change.note, **incident}
