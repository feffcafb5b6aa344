"""The agenda for people's calendars: each round an event, with what a person will be asked, as RFC 5545 has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from hypercare.agenda.agenda import AgendaDay, RoundOnAgenda

if TYPE_CHECKING:
    from icalendar import Event

# How long people are busy with a round that asks them nothing, and with each question.
_ROUND = timedelta(minutes=10)
_QUESTION = timedelta(minutes=5)


class CalendarMissing(Exception):
    """The package that writes calendars is not installed; the message is one line."""


def agenda_calendar(days: Sequence[AgendaDay], target: str, made: datetime) -> bytes:
    """The rounds of these days as an iCalendar file. The same round has the same event each time, so that a calendar
    which takes the file again moves it in place of doubling it.

    Raises:
        CalendarMissing: the package icalendar is not installed.
    """
    try:
        from icalendar import Calendar
    except ImportError:
        from hypercare.extras import install

        raise CalendarMissing(f"the package icalendar is not installed: {install('calendar')}") from None
    calendar = Calendar()
    calendar.add("prodid", "-//hypercare//agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{target}: monitoring")
    for day in days:
        for number, one in enumerate(day.rounds):
            of_name = [other for other in day.rounds[:number] if other.name == one.name]
            calendar.add_component(_event(day, one, f"{target}/{day.day}/{one.name}/{len(of_name)}", made))
    written: bytes = calendar.to_ical()
    return written


def _event(day: AgendaDay, one: RoundOnAgenda, key: str, made: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{sha256(key.encode()).hexdigest()[:24]}@hypercare")
    event.add("dtstamp", made.astimezone(UTC))
    event.add("dtstart", one.due.astimezone(UTC))
    event.add("dtend", one.due.astimezone(UTC) + _ROUND + len(one.questions) * _QUESTION)
    event.add("summary", f"{one.words} ({day.words})")
    event.add("description", _description(one))
    return event


def _description(one: RoundOnAgenda) -> str:
    asked = [f"- {item.question or item.words} ({item.id})" for item in one.questions]
    lines = [f"{len(one.looked_at)} items are looked at."]
    lines += ["You will be asked:", *asked] if asked else []
    lines += [f"{level.value} goes to {who}." for level, who in one.who]
    return "\n".join(lines)
