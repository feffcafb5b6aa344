"""What may be told of people in this round: only as far as the target file allows it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from hypercare.outcome.people_shown import PeoplePolicy, PeopleShown
from hypercare.plan.item import About
from hypercare.suite.session import SuiteSession

_PSEUDONYMS = "key of pseudonyms"


def is_about_people(session: SuiteSession, items: Iterable[str]) -> bool:
    """Whether a check asks how people work, so that not everything of it may be told of each of them."""
    return any(session.checklist[item].about is About.PEOPLE for item in items)


def hides_people(session: SuiteSession, items: Iterable[str]) -> bool:
    """Whether a check asks how people work, and not everything may be told of each of them here."""
    return is_about_people(session, items) and session.config.reports.people is not PeopleShown.NAMES


def people_policy(session: SuiteSession) -> PeoplePolicy:
    """What may be told of them. Pseudonyms are made with a key that only the history knows."""
    shown = session.config.reports.people
    if shown is not PeopleShown.PSEUDONYMS:
        return PeoplePolicy(shown)
    key = session.memory.recall(_PSEUDONYMS)
    if key is None:
        key = secrets.token_hex(16)
        session.memory.keep(_PSEUDONYMS, key, session.target.as_of)
    return PeoplePolicy(shown, bytes.fromhex(key))
