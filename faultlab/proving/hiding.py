"""Why one fault of a pair may hide the other: what it takes away is what the other would have been seen by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from faultlab.verdict import Verdict, noticed
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import shipped


def hidden(verdict: Verdict, results: Sequence[CheckResult]) -> dict[str, str]:
    """Items that did not notice, or at another level, since a check of theirs was blocked; each with the reason.

    A reason counts only when the item that answers for the blocked way has itself failed.
    """
    failed = noticed(results)
    found: dict[str, str] = {}
    for result in results:
        answering = shipped().answering(result.blocked_by or "")
        if result.outcome is Outcome.BLOCKED and answering is not None and answering.id in failed:
            for item in result.items:
                if item in verdict.missed or item in verdict.wrong_level:
                    found.setdefault(item, f"blocked by {result.blocked_by}, which {answering.id} says is down")
    return found


def apart_from(verdict: Verdict, reasons: Mapping[str, str]) -> Verdict:
    """The verdict without the items for which there is a reason."""
    return replace(
        verdict,
        missed={item: level for item, level in verdict.missed.items() if item not in reasons},
        wrong_level={item: levels for item, levels in verdict.wrong_level.items() if item not in reasons},
    )
