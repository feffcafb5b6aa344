"""What may be told of people in this round: only as far as the target file allows it."""

from __future__ import annotations

import secrets

from hypercare.outcome.people_shown import PeoplePolicy, PeopleShown
from hypercare.suite.session import SuiteSession

_PSEUDONYMS = "key of pseudonyms"


def people_policy(session: SuiteSession) -> PeoplePolicy:
    """What may be told of them. Pseudonyms are made with a key that only the history knows."""
    shown = PeopleShown(session.config.reports.people)
    if shown is not PeopleShown.PSEUDONYMS:
        return PeoplePolicy(shown)
    key = session.memory.recall(_PSEUDONYMS)
    if key is None:
        key = secrets.token_hex(16)
        session.memory.keep(_PSEUDONYMS, key, session.target.as_of)
    return PeoplePolicy(shown, bytes.fromhex(key))
