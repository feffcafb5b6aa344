"""Jobs that began far later than such jobs ever did are told; a worker that was started anew is not."""

from __future__ import annotations

import pytest

from tests.operations.checking import Asked

CHECK = "stuck.jobs_begin_when_they_are_due"


def receipts(day: str, many: int, minutes: int, first: int) -> str:
    """So many, a minute after each other, each of which waited so long."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) "
    due = f"strftime('%Y-%m-%d %H:%M:%f000', '{day} 09:00:00', i || ' minutes')"
    begun = f"strftime('%Y-%m-%d %H:%M:%f000', '{day} 09:00:00', (i + {minutes}) || ' minutes')"
    return (
        "INSERT INTO job_rows (id_, kind_, state_, due_at_, queued_at_, started_at_, finished_at_) "
        f"{numbers}SELECT {first} + i, 'receipt', 'done', {due}, {due}, {begun}, {begun} FROM n"
    )


BEFORE = receipts("2026-03-30", 60, 1, 1000)


@pytest.mark.parametrize(
    ("many", "minutes", "outcome"),
    [(12, 45, "failed"), (8, 45, "passed"), (12, 14, "passed")],
    ids=["a dozen late", "a few late", "a dozen a little late"],
)
def test_a_dozen_far_too_late_is_told(asked: Asked, many: int, minutes: int, outcome: str) -> None:
    assert asked(CHECK, BEFORE, receipts("2026-04-01", many, minutes, 2000)).outcome == outcome


def test_jobs_that_always_wait_are_not_late(asked: Asked) -> None:
    slow = receipts("2026-03-30", 60, 40, 1000)
    assert asked(CHECK, slow, receipts("2026-04-01", 12, 45, 2000)).outcome == "passed"


def test_without_a_past_nothing_is_late(asked: Asked) -> None:
    ended = asked(CHECK, receipts("2026-04-01", 12, 45, 2000))
    assert ended.outcome == "not covered"
    assert "Not enough history" in ended.reason
