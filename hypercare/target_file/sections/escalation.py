"""The levels of escalation: who acts, how soon, for what, and who is on call: [escalation.L1] to [escalation.L3]."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from hypercare.outcome.level import Level
from hypercare.target_file.section import Duration, Later, Section

if TYPE_CHECKING:
    from hypercare.target_file.sections.incidents import OnCall
else:
    OnCall = Any


class EscalationLevel(Section):
    """Who acts, how soon they must answer, and for what.

    With `clock = "service hours"` the time to answer, and the time between reminders, run only while the business is
    open. `remind_every` is after how long whoever has taken an incident is reminded of it: a day for L1, four hours for
    L2, one hour for L3. Of the entries in `on_call` the first that fits the hour names who is called, else it is `who`.
    """

    who: str
    respond_within: Duration
    handles: str = ""
    clock: Literal["always", "service hours"] = "always"
    remind_every: Duration | None = None
    on_call: tuple[Annotated[OnCall, Later("hypercare.target_file.sections.incidents:OnCall")], ...] = ()


def plan_levels() -> dict[Level, EscalationLevel]:
    """The levels as the plan has them."""
    return {
        Level.L1: EscalationLevel(
            who="Administrator or manager", respond_within=timedelta(minutes=15), handles="Questions, minor issues"
        ),
        Level.L2: EscalationLevel(
            who="System administrator", respond_within=timedelta(hours=1), handles="Technical issues, bugs"
        ),
        Level.L3: EscalationLevel(
            who="Owner and technical team",
            respond_within=timedelta(minutes=5),
            handles="System failure, data corruption",
        ),
    }
