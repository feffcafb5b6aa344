"""Is somebody on every open incident?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.escalation.troubles import UNANSWERED
from hypercare.outcome.expect import expect

if TYPE_CHECKING:
    from hypercare.escalation.incidents import Incidents
    from hypercare.target_file.target import Target


@pytest.mark.item("issues.addressed")
def test_open_incidents_were_acknowledged_in_time(incidents: Incidents, target: Target) -> None:
    # That nobody answered is an incident too, but one that must not keep itself alive.
    others = [one for one in incidents.open(target.as_of) if one.cause != UNANSWERED]
    late = [one for one in others if one.is_late(target.as_of)]
    worst = max((one.level for one in late), default=None)
    expect(
        not late,
        f"{len(late)} open incident(s) were not acknowledged within the response time of their level.",
        count=len(late),
        of=len(others),
        level=worst,
        sample=[
            {
                "incident": one.id,
                "level": str(one.level),
                "sentence": one.sentence,
                "opened": one.opened.isoformat(timespec="minutes"),
                "answer_due": one.answer_due.isoformat(timespec="minutes"),
                "waits for": one.who,
            }
            for one in late
        ],
        next_step="Call whoever is on duty for its level; then `hypercare ack ID --by NAME --target FILE`.",
        cause=UNANSWERED,
    )
