"""What of the logs could not be judged, said once for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from hypercare.outcome.signals import NotCovered

_MOST = 3


def require_none(gaps: Iterable[NotCovered]) -> None:
    """Raises NotCovered with the words of all gaps and the remedy of the first."""
    distinct = list({gap.reason: gap for gap in gaps}.values())
    if not distinct:
        return
    reasons = [gap.reason for gap in distinct[:_MOST]]
    if len(distinct) > _MOST:
        reasons.append(f"The same holds for {len(distinct) - _MOST} more logs.")
    raise NotCovered(" ".join(reasons), remedy=distinct[0].remedy)
