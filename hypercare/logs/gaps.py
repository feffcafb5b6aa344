"""What of the logs could not be judged, said once for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from hypercare.outcome.signals import NotCovered

_MOST = 3


def require_none(gaps: Iterable[NotCovered]) -> None:
    """Raises NotCovered with the words of all gaps and the remedy of the first."""
    told = list({gap.reason: gap for gap in gaps}.values())
    if not told:
        return
    reasons = [gap.reason for gap in told[:_MOST]]
    if len(told) > _MOST:
        reasons.append(f"The same holds for {len(told) - _MOST} more logs.")
    raise NotCovered(" ".join(reasons), remedy=told[0].remedy)
