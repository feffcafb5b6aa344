"""Is every discrepancy of an earlier day explained?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.discrepancies import discrepancies_before
from hypercare.outcome.expect import expect
from hypercare.outcome.level import Level
from hypercare.outcome.signals import NotCovered

if TYPE_CHECKING:
    from hypercare.escalation.incidents import Incidents
    from hypercare.suite.session import SuiteSession
    from hypercare.target_file.target import Target


@pytest.mark.item("focus.discrepancies")
def test_discrepancies_of_earlier_days_are_explained(
    incidents: Incidents, suite_session: SuiteSession, target: Target
) -> None:
    midnight = target.today.start
    history = suite_session.history
    found = discrepancies_before(midnight, target.as_of, incidents, suite_session.checklist, Annotations(history))
    if not found.earlier and history.last_finished_round(midnight) is None:
        raise NotCovered(
            "Not enough history: no round of an earlier day was held, so no discrepancy of one is known.",
            remedy="Nothing to mend: hold rounds, and look again tomorrow.",
        )
    expect(
        not found.unexplained,
        f"{len(found.unexplained)} of {len(found.earlier)} discrepancies of earlier days are unexplained: nobody has "
        f"written down how they came to be. Still there: {len(found.open)}.",
        count=len(found.unexplained),
        of=len(found.earlier),
        # One that went away by itself may still be asked about tomorrow.
        level=None if found.open else Level.L1,
        sample=[
            {
                "incident": one.id,
                "level": str(one.level),
                "sentence": one.sentence,
                "opened": one.opened.isoformat(timespec="minutes"),
                "over": "" if one.resolved is None else one.resolved.isoformat(timespec="minutes"),
            }
            for one in (*found.open, *(one for one in found.unexplained if not one.is_open))
        ],
        where="incidents",
        next_step="Find out how each came to be, and write it down: `hypercare action TEXT --incident ID --by NAME`.",
        cause="discrepancies-unexplained",
    )
