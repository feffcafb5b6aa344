"""Which checks a session runs, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hypercare.plan.checklist import Checklist
from hypercare.suite.session import SuiteSession

MARKER = "item"
_ITEMS = pytest.StashKey[tuple[str, ...]]()


def items_of(test: pytest.Item) -> tuple[str, ...]:
    """The ids of the plan's items that a test answers for; empty for any other test."""
    if _ITEMS not in test.stash:
        marks = test.iter_markers(MARKER)
        test.stash[_ITEMS] = tuple(dict.fromkeys(item for mark in marks for item in mark.args))
    return test.stash[_ITEMS]


def check_names(tests: Sequence[pytest.Item], checklist: Checklist) -> None:
    """Make sure that every test names items that exist, be they switched off.

    Raises:
        UnknownItem: one does not.
    """
    off = {item.id for item in checklist.switched_off}
    for test in tests:
        for item in items_of(test):
            if item not in off:
                _ = checklist[item]


def select(tests: list[pytest.Item], session: SuiteSession, config: pytest.Config) -> None:
    """Keep the checks of the session's items, in the order of the plan; at the desk leave everything as it is, but for
    what is switched off.

    A check that answers for several items answers only for those of this round, or one would be told that is not due.
    """
    _leave_out_what_is_off(tests, session.checklist, config)
    if session.round is None and not session.items:
        return
    place = {item.id: number for number, item in enumerate(session.chosen)}
    selected = [test for test in tests if any(item in place for item in items_of(test))]
    dropped = [test for test in tests if test not in set(selected)]
    for test in selected:
        test.stash[_ITEMS] = tuple(item for item in items_of(test) if item in place)
    selected.sort(key=lambda test: min(place[item] for item in items_of(test)))
    tests[:] = selected
    if dropped:
        config.hook.pytest_deselected(items=dropped)


def _leave_out_what_is_off(tests: list[pytest.Item], checklist: Checklist, config: pytest.Config) -> None:
    off = {item.id for item in checklist.switched_off}
    if not off:
        return
    dropped = {test for test in tests if items_of(test) and off.issuperset(items_of(test))}
    tests[:] = [test for test in tests if test not in dropped]
    for test in tests:
        test.stash[_ITEMS] = tuple(item for item in items_of(test) if item not in off)
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
