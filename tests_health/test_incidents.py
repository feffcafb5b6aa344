"""Is somebody on every open incident?"""

import pytest

from hypercare.outcome.expect import expect


@pytest.mark.item("issues.addressed")
def test_open_incidents_were_acknowledged_in_time(incidents, target):
    unanswered = [one for one in incidents.open() if one.acknowledged is None and one.respond_by < target.as_of]
    late = [one for one in unanswered if one.opened < target.as_of]
    worst = max((one.level for one in late), default=None)
    expect(
        not late,
        f"{len(late)} open incident(s) were not acknowledged within the response time of their level.",
        count=len(late),
        of=len(incidents.open()),
        level=worst,
        sample=[
            {
                "incident": one.id,
                "level": str(one.level),
                "sentence": one.sentence,
                "opened": one.opened.isoformat(timespec="minutes"),
                "answer_due": one.respond_by.isoformat(timespec="minutes"),
            }
            for one in late
        ],
        next_step="Acknowledge it (hypercare incidents), or call whoever is on duty for its level.",
        cause="incidents-unanswered",
    )
