"""Issues are answered in time, background work is done, backups are made and the logs tell of it calmly."""

from __future__ import annotations

import stat
from collections import Counter
from statistics import median, quantiles

import pytest

from tests.demo_erp.lived_business import LivedBusiness

pytestmark = pytest.mark.long


def test_issues_are_answered_within_a_quarter_of_an_hour_and_solved_in_time(business: LivedBusiness) -> None:
    rows = business.rows("SELECT * FROM issue_reports")
    assert len(rows) > 20
    for row in rows:
        assert row["state"] == "resolved"
        assert row["category"]
        assert row["responded_at"] <= row["respond_by"]
        assert row["resolved_at"] <= row["resolve_by"]
    assert not business.rows(
        "SELECT id FROM issue_reports WHERE julianday(responded_at) - julianday(reported_at) > 15.0 / 1440"
    )


def test_nobody_answers_the_own_report(business: LivedBusiness) -> None:
    assert not business.rows("SELECT id FROM issue_reports WHERE reported_by = responded_by")


def test_every_job_is_done_within_minutes(business: LivedBusiness) -> None:
    assert not business.rows("SELECT id FROM jobs WHERE state <> 'done' OR attempts <> 1 OR error <> ''")
    assert not business.rows("SELECT id FROM jobs WHERE julianday(finished_at) - julianday(due_at) > 20.0 / 1440")
    kinds = {row["kind"] for row in business.rows("SELECT DISTINCT kind FROM jobs")}
    assert kinds == {"receipt", "reminder", "closing"}


def test_every_sale_that_was_finalised_has_its_receipt(business: LivedBusiness) -> None:
    receipts = business.value("SELECT count(*) FROM jobs WHERE kind = 'receipt'")
    assert receipts == business.value("SELECT count(*) FROM sales WHERE number IS NOT NULL")


def test_the_newest_six_backups_are_kept(business: LivedBusiness) -> None:
    names = sorted(path.name for path in business.state.backups.glob("*.sqlite"))
    assert names == [f"rosewood-202601{day}-{at}.sqlite" for day in (19, 20, 21) for at in ("0130", "1630")]


def test_requests_take_as_long_as_they_do_on_a_healthy_system(business: LivedBusiness) -> None:
    durations = [line["duration_ms"] for line in business.log("access")]
    assert len(durations) > 20_000
    assert 25 <= median(durations) <= 60
    assert quantiles(durations, n=20)[-1] < 300
    assert max(durations) < 1000


def test_requests_are_answered_well_but_for_people_s_own_mistakes(business: LivedBusiness) -> None:
    statuses = Counter(line["status"] for line in business.log("access"))
    assert set(statuses) <= {200, 201, 204, 303, 401, 422}
    assert 0 < statuses[401] + statuses[422] < 100


def test_log_lines_are_in_the_order_of_their_time(business: LivedBusiness) -> None:
    for name in ("access", "app"):
        stamps = [line["at"] for line in business.log(name) if line.get("logger") != "demo_erp.backup"]
        assert stamps == sorted(stamps)


def test_nothing_alarming_is_logged(business: LivedBusiness) -> None:
    levels = Counter(line["level"] for line in business.log("app"))
    assert set(levels) == {"INFO", "WARNING"}
    assert levels["WARNING"] < 100


def test_every_change_can_be_traced_from_the_activity_to_its_request(business: LivedBusiness) -> None:
    requests = {line["trace_id"] for line in business.log("access")}
    changes = {
        row["trace_id"] for row in business.rows("SELECT trace_id FROM activity_log WHERE action <> 'sheet.hand_in'")
    }
    assert changes <= requests


def test_passwords_are_written_once_for_the_owner_of_the_file_only(business: LivedBusiness) -> None:
    assert stat.S_IMODE(business.state.accounts_file.stat().st_mode) == 0o600
