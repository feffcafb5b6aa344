"""The one word over a round."""

from __future__ import annotations

import pytest

from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.status import status_of
from hypercare.reports.summary import ItemResult
from tests.reports.report_examples import EXAMPLES, LOCKED_OUT, TOTALS, WEB_DOWN, at

L1, L2, L3 = Level
OVER = WEB_DOWN.model_copy(update={"resolved": at(11)})
HOLDING = WEB_DOWN.model_copy(update={"holding_since": at(11)})


def items(*ends: tuple[Outcome, Level] | tuple[Outcome, Level, str]) -> list[ItemResult]:
    return [
        ItemResult(id=f"some.item-{number}", outcome=end[0], level=end[1], incident=end[2] if len(end) > 2 else None)
        for number, end in enumerate(ends)
    ]


PASSED = (Outcome.PASSED, L3)
TABLE = [
    ("nothing looked at", [], [], "unknown"),
    ("not covered at all", [(Outcome.NOT_COVERED, L3)], [], "unknown"),
    ("only a person could say", [(Outcome.AWAITING, L1)], [], "unknown"),
    ("all hold", [PASSED, PASSED], [], "healthy"),
    ("all hold, some not covered", [PASSED, (Outcome.NOT_COVERED, L3)], [], "healthy"),
    ("all hold, one waits", [PASSED, (Outcome.AWAITING, L1)], [], "healthy"),
    ("monitor fault", [PASSED, (Outcome.MONITOR_FAULT, L3)], [], "unknown"),
    ("flaky, however urgent", [PASSED, (Outcome.FLAKY, L3)], [], "issues"),
    ("blocked", [PASSED, (Outcome.BLOCKED, L3)], [], "issues"),
    ("failed L1", [PASSED, (Outcome.FAILED, L1)], [], "issues"),
    ("failed L2", [PASSED, (Outcome.FAILED, L2)], [], "issues"),
    ("failed L3", [PASSED, (Outcome.FAILED, L3)], [], "critical"),
    ("failed L3, incident over", [PASSED, (Outcome.FAILED, L3, OVER.id)], [OVER], "issues"),
    ("failed L3, incident open", [PASSED, (Outcome.FAILED, L3, WEB_DOWN.id)], [WEB_DOWN], "critical"),
    ("all hold, an L3 incident is open", [PASSED], [TOTALS], "critical"),
    ("all blocked by an open outage", [(Outcome.BLOCKED, L2)], [WEB_DOWN], "critical"),
    ("all hold, so does what an L3 incident was about", [PASSED], [HOLDING], "issues"),
    ("all hold, an L1 incident is open", [PASSED], [LOCKED_OUT], "issues"),
    ("all hold, an incident is over", [PASSED], [OVER], "healthy"),
    ("bad news before not knowing", [(Outcome.MONITOR_FAULT, L3), (Outcome.FAILED, L2)], [], "issues"),
    ("worst news before not knowing", [(Outcome.MONITOR_FAULT, L3), (Outcome.FAILED, L3)], [], "critical"),
]


@pytest.mark.parametrize(("ends", "incidents", "status"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_status(ends: list[tuple[Outcome, Level]], incidents: list[Incident], status: str) -> None:
    assert status_of(items(*ends), incidents) == status


def test_the_examples_are_what_they_are_called() -> None:
    assert [example.make().status for example in EXAMPLES] == ["healthy", "issues", "critical", "critical", "unknown"]
