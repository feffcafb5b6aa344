"""Days and instants as people write them on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypercare.plan.calendar import Calendar

_A_DAY = len("2026-01-31")


def given_instant(text: str, calendar: Calendar, *, is_end: bool = False) -> datetime:
    """A day ("2026-01-31") or an instant ("2026-01-31T17:00"), in the business's zone unless it names one.

    A day begins with its midnight; as an end it counts whole.

    Raises:
        ValueError: it is neither; the message is one line.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text!r} is neither a day nor an instant; write for instance 2026-01-31 or 2026-01-31T17:00"
        ) from None
    if len(text.strip()) <= _A_DAY:
        return calendar.at(instant.date() + timedelta(days=int(is_end)), time.min)
    return (instant if instant.tzinfo else instant.replace(tzinfo=calendar.zone)).astimezone(UTC)
