"""What was answered before to a question that is asked again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypercare.escalation.annotations import answers_between
from hypercare.history.missed_rounds import begun_rounds

if TYPE_CHECKING:
    from hypercare.suite.session import SuiteSession

_LOOKED_BACK_DAYS = 14
_LONGEST_ANSWER = 200


def earlier_words(session: SuiteSession, item: str) -> str:
    """The last answer of the days before, or that there was none in several days; empty where nothing is remembered.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    if not session.history.is_there:
        return ""
    calendar, plan = session.target.calendar, session.checklist
    today = calendar.date_of(session.target.as_of)
    first = today - timedelta(days=_LOOKED_BACK_DAYS)
    earlier = [(day, one) for day, one in answers_between(session.history, first, today) if one.item == item]
    if earlier:
        day, answer = earlier[-1]
        when = "today" if day == today else f"on {day:%d %b}"
        return f"Last answered {when} by {answer.by}: {answer.answer[:_LONGEST_ANSWER]}"
    ranges = plan[item].day_ranges
    held = _days_with_rounds(session, first, today)
    asked = [day for day in held if calendar.number_of(day) >= 1 and (not ranges or calendar.is_in(ranges, day))]
    return f"Nobody answered it on any of the {len(asked)} days before." if len(asked) > 1 else ""


def _days_with_rounds(session: SuiteSession, first: date, today: date) -> set[date]:
    """The days before today on which anybody was asked."""
    with session.history.reading() as connection:
        rounds = begun_rounds(connection, session.history.target, first, today)
    return {row["day"] for rows in rounds.values() for row in rows} - {today}
