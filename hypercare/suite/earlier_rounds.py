"""What a round has to say of those before it: which broke off, and which never began."""

from __future__ import annotations

from hypercare.history.broken_rounds import BrokenRound
from hypercare.history.missed_rounds import MissedRound
from hypercare.maintenance.windows import missed_rounds
from hypercare.suite.session import SuiteSession


def broken_before(session: SuiteSession) -> list[BrokenRound]:
    """The rounds that broke off and of which no report has told."""
    return list(session.history.broken_rounds(session.config.rounds.check_limit))


def missed_before(session: SuiteSession) -> list[MissedRound]:
    """The rounds that were due since the last one that ended, and never began."""
    target = session.target
    if target.previous_round is None:
        return []
    missed = missed_rounds(session.history, session.config, target.previous_round, target.as_of)
    return [one for one in missed if one.begun is None]
