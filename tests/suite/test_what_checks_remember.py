"""What a check remembers changes in rounds; a look at the desk recalls it and leaves nothing."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

COUNTS = """
from datetime import UTC, datetime

@pytest.mark.item("data.constraints")
def test_counts(suite_session):
    seen = suite_session.memory.recall("times") or 0
    suite_session.memory.keep("times", seen + 1, datetime.now(UTC))
    print(f"seen {seen} times")
"""
ROUND = ("--round", "morning", "-s", "--as-of", "2026-01-15T09:00")


@pytest.mark.long
@pytest.mark.server
@pytest.mark.parametrize("more", [(), ("--item", "data.constraints")])
def test_a_look_at_the_desk_recalls_and_changes_nothing(project, more):
    project.checks(COUNTS)
    reports = ("--reports", str(project.reports))
    project.run(*ROUND, *reports)
    for _ in range(2):
        assert "seen 1 times" in project.run("-s", *more, *reports).stdout.str()
    assert "seen 1 times" in project.run(*ROUND, *reports).stdout.str()


def test_a_look_at_the_desk_makes_no_history(project):
    project.checks(COUNTS)
    project.run("-s", "--reports", str(project.reports))
    assert not list(project.reports.rglob("*.sqlite"))
