"""What a round has to say of those before it: which broke off, and which never began."""

from __future__ import annotations

from hypercare.maintenance.windows import missed_rounds
from hypercare.reports.summary import BrokenRound, MissedRound
from hypercare.suite.session import SuiteSession


def broken_before(session: SuiteSession) -> list[BrokenRound]:
    """The rounds that broke off and of which no report has told."""
    broken = session.history.broken_rounds(session.config.rounds.check_limit)
    return [
        BrokenRound(
            id=one.id,
            round=one.round,
            as_of=one.as_of,
            started=one.started,
            last_heard=one.last_heard,
            machine=one.machine,
            ended=one.ended,
            expected=one.expected,
        )
        for one in broken
    ]


def missed_before(session: SuiteSession) -> list[MissedRound]:
    """The rounds that were due since the last one that ended, and never began."""
    target = session.target
    if target.previous_round is None:
        return []
    missed = missed_rounds(session.history, session.config, target.previous_round, target.as_of)
    return [MissedRound(round=one.round, due=one.due) for one in missed if one.begun is None]
