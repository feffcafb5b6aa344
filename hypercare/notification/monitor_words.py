"""What is said of the watch itself: rounds that did not happen, messages that do not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hypercare.history.missed_rounds import MissedRound
from hypercare.notification.message import Facts, Kind, Message, Mood, Paragraph
from hypercare.notification.outbox import Due
from hypercare.notification.report_link import report_link
from hypercare.plan.rounds import words_of_round
from hypercare.reports.words import counted
from hypercare.target_file.command_line import command_line
from hypercare.target_file.config import TargetConfig

_NOT_THE_SYSTEM = "This is about the watch, not about the system that it watches."


def missed_message(missed: MissedRound, config: TargetConfig, now: datetime) -> Message:
    zone = config.business.calendar.zone
    name = words_of_round(missed.round).lower()
    nth = "" if missed.nth == 1 else f":{missed.nth}"
    due = missed.due.astimezone(zone)
    when = f"{due:%A} {due.day} {due:%B}"
    if missed.begun is None:
        title, meaning = f"The {name} of {when} did not happen", f"It was due at {due:%H:%M} and never began."
    else:
        begun = missed.begun.astimezone(zone)
        title, meaning = f"The {name} of {when} broke off", f"It began at {begun:%H:%M} and never ended."
    return Message(
        key=f"missed:{missed.round}:{missed.day.isoformat()}{nth}",
        kind=Kind.MONITOR,
        target=config.target.name,
        title=title,
        line=f"{title}.",
        many="{count} rounds did not happen or broke off",
        at=now,
        mood=Mood.WARN,
        about="rounds",
        blocks=(Paragraph(text=f"{meaning} Nobody knows how the system was then. {_NOT_THE_SYSTEM}"),),
        next_step="Look at what starts the rounds: the schedule, its machine, its last output.",
        link=report_link(config),
        data={"round": missed.round, "day": missed.day.isoformat(), "due": missed.due.isoformat()},
    )


def given_up_message(route: str, given_up: Sequence[Due], trouble: str, config: TargetConfig, now: datetime) -> Message:
    """That a way of telling people is dead; said once a day and route, however much is lost."""
    zone = config.business.calendar.zone
    title = f"Messages do not arrive at {route}"
    lost = counted(len(given_up), "message")
    return Message(
        key=f"given-up:{route}:{now.astimezone(zone).date().isoformat()}",
        kind=Kind.MONITOR,
        target=config.target.name,
        title=title,
        line=f"{title}: {lost} given up.",
        at=now,
        mood=Mood.WARN,
        about=f"route:{route}",
        blocks=(
            Paragraph(text=f"{lost} given up after many attempts. {_NOT_THE_SYSTEM}"),
            Facts(rows=(("What the receiver says", trouble), ("The first of them", given_up[0].message.line))),
        ),
        next_step=f"Set it right, try it with {command_line(config, 'notify test', reads_history=False)}, "
        f"then {command_line(config, 'notify waiting --send')}",
        link=report_link(config),
        data={"route": route, "given_up": len(given_up), "trouble": trouble},
    )
