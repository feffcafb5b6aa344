"""How the checks of a round are run: side by side where they may be, else one after the other in the same order."""

from __future__ import annotations

import os
import sys

import pytest

from hypercare.suite.session import SESSION
from hypercare.suite.tracks import in_running_order, planned

# Somebody who looks on step by step, or wants it to stop at the first failure, wants nothing beside it.
_ONE_AFTER_THE_OTHER = ("usepdb", "trace", "maxfail", "stepwise", "setupshow")


def run_round(session: pytest.Session) -> bool | None:
    """Put the checks in order and run them; None where pytest's own loop, or xdist's, is to do it."""
    suite = session.config.stash[SESSION]
    if not suite.runs_round:
        return None
    plan = list(session.items)
    sessions, at_once = suite.config.target.sessions, suite.config.rounds.at_once
    session.items[:] = in_running_order(plan, sessions)
    if at_once == 1 or not _may_overlap(session.config):
        return None
    checks = planned(session.items, plan, sessions)
    if len({check.track for check in checks}) == 1 or not checks:
        return None
    from hypercare.suite.overlapping import SideBySide

    SideBySide(session, session.items, checks, at_once).run()
    return True


def _may_overlap(config: pytest.Config) -> bool:
    # Elsewhere a copied process may not use what the system's own libraries have begun.
    can_copy = hasattr(os, "fork") and sys.platform.startswith("linux")
    wants_one = any(getattr(config.option, name, None) for name in _ONE_AFTER_THE_OTHER)
    return can_copy and not wants_one and not config.pluginmanager.hasplugin("dsession")
