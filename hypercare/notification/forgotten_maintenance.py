"""Maintenance that nobody ended: past the time that was said, or for longer than anybody works on a system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypercare.history.store import History
from hypercare.maintenance.announcements import announcements
from hypercare.maintenance.windows import windows_at
from hypercare.notification.absent_rounds import LOOKING_BACK
from hypercare.notification.message import Kind, Message, Mood, Paragraph
from hypercare.notification.report_link import report_link
from hypercare.target_file.command_line import command_line
from hypercare.target_file.config import TargetConfig

LONG = timedelta(hours=24)


def forgotten_maintenance(history: History, config: TargetConfig, now: datetime) -> list[Message]:
    """A message of each; every one has a key of its own, so that it is told once.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    return [*_past_their_end(history, config, now), *_open_for_long(history, config, now)]


def _past_their_end(history: History, config: TargetConfig, now: datetime) -> Iterator[Message]:
    for one in announcements(history):
        if not one.planned and one.ended is None and timedelta(0) <= now - one.until <= LOOKING_BACK:
            until = one.until.astimezone(config.business.calendar.zone)
            title = f"Nobody said that the maintenance is over: {one.why}"
            meaning = f"{one.by} said until {until:%A} {until:%H:%M}. Since then what is seen counts again."
            again = command_line(config, f'maintenance start --by NAME --why "{_plain(one.why)}"')
            yield _message(f"maintenance:{one.id}:past", title, meaning, f"If it still goes on: {again}", config, now)


def _open_for_long(history: History, config: TargetConfig, now: datetime) -> Iterator[Message]:
    for window in windows_at(history, config, now):
        if now - window.start >= LONG:
            zone = config.business.calendar.zone
            start, end = window.start.astimezone(zone), window.end.astimezone(zone)
            title = f"Under maintenance for more than a day: {window.name}"
            meaning = (
                f"It began on {start:%A} {start.day} {start:%B} at {start:%H:%M} and is to end on {end:%A} {end.day} "
                f"{end:%B} at {end:%H:%M}. Until then nothing of it is judged."
            )
            over = command_line(config, "maintenance end --by NAME")
            step = f"If it is over: {over}" if window.by else "If it is over, correct [[maintenance]] in the file."
            key = f"maintenance:{window.start.isoformat()}:{window.name}:long"
            yield _message(key, title, meaning, step, config, now)


def _plain(words: str) -> str:
    """Words that stand between quotation marks on a command line."""
    return "".join(letter for letter in words if letter not in '"$`\\!\n')


def _message(key: str, title: str, meaning: str, step: str, config: TargetConfig, now: datetime) -> Message:
    return Message(
        key=key,
        kind=Kind.MONITOR,
        target=config.target.name,
        title=title,
        line=f"{title}.",
        at=now,
        mood=Mood.WARN,
        about="maintenance",
        blocks=(Paragraph(text=meaning),),
        next_step=step,
        link=report_link(config),
        data={"maintenance": title},
    )
