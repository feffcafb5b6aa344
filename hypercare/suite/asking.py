"""What was answered before to a question that is asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypercare.escalation.annotations import answers_between

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
    asked = [
        day for back in range(1, _LOOKED_BACK_DAYS) if calendar.number_of(day := today - timedelta(days=back)) >= 1
    ]
    asked = [day for day in asked if not ranges or calendar.is_in(ranges, day)]
    return f"Nobody answered it on any of the {len(asked)} days before." if len(asked) > 1 else ""
