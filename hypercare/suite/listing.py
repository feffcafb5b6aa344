"""`pytest --checklist`: the items, the checks that answer for them, and what is not covered."""

from __future__ import annotations

import pytest

from hypercare.suite.selection import items_of
from hypercare.suite.session import SESSION


def print_checklist(session: pytest.Session) -> None:
    """Print every item of the session with its checks; ends with how many items have none."""
    suite = session.config.stash[SESSION]
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter is None:
        return
    checks: dict[str, list[str]] = {}
    for test in session.items:
        for answered in items_of(test):
            checks.setdefault(answered, []).append(test.nodeid)
    items = suite.chosen
    section = ""
    for item in items:
        if item.section != section:
            section = item.section
            reporter.write_line("")
            reporter.write_line(section, bold=True)
        rounds = ", ".join(item.rounds)
        reporter.write_line(f"  {item.id}  [{item.level.value}, {rounds}]  {item.words}")
        for check in checks.get(item.id, []):
            reporter.write_line(f"      {check}")
        if item.id not in checks:
            reporter.write_line("      not covered: no check answers for it", yellow=True)
    missing = [item.id for item in items if item.id not in checks]
    reporter.write_line("")
    named = f": {', '.join(missing)}" if missing else ""
    reporter.write_line(f"{len(items)} items, {len(session.items)} checks, {len(missing)} items not covered{named}")
