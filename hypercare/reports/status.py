"""The one word over a round: healthy, issues, critical or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import ItemResult, Status

_TROUBLE = {Outcome.FAILED, Outcome.FLAKY, Outcome.BLOCKED}


def status_of(items: Sequence[ItemResult], incidents: Iterable[Incident]) -> Status:
    """What is known to be bad is said first, then what could not be seen.

    Critical: a critical failure that is not over, or a critical incident that is open and does not hold again. Issues:
    anything failed, flaky or blocked, or any incident open. Unknown: the monitor itself was at fault, or nothing was
    looked at.
    """
    incidents = list(incidents)
    felt_levels = {incident.level for incident in incidents if incident.is_felt}
    is_any_open = any(incident.is_open for incident in incidents)
    over = {str(incident.id) for incident in incidents if not incident.is_open}
    failing = {item.level for item in items if item.outcome is Outcome.FAILED and item.incident not in over}
    outcomes = {item.outcome for item in items}
    if Level.L3 in failing | felt_levels:
        return Status.CRITICAL
    if is_any_open or outcomes & _TROUBLE:
        return Status.ISSUES
    if Outcome.MONITOR_FAULT in outcomes or not any(outcome.was_looked_at for outcome in outcomes):
        return Status.UNKNOWN
    return Status.HEALTHY
