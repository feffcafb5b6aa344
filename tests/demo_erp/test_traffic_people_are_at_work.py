"""People come when their shift begins, work while it lasts, and go when it ends."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from tests.demo_erp.lived_business import LivedBusiness, instant

pytestmark = pytest.mark.long

QUIET_AT_MOST = timedelta(minutes=75)


def shifts(business: LivedBusiness) -> list[tuple[int, datetime, datetime]]:
    """Of the days that are over."""
    rows = business.rows("SELECT user_id, starts_at, ends_at FROM shifts ORDER BY starts_at")
    found = [(row[0], instant(row[1]), instant(row[2])) for row in rows]
    return [shift for shift in found if shift[2] <= business.until]


def moments(business: LivedBusiness, condition: str) -> dict[int, list[datetime]]:
    found = defaultdict(list)
    for row in business.rows(f"SELECT user_id, at FROM activity_log WHERE {condition} ORDER BY at"):
        found[row["user_id"]].append(instant(row["at"]))
    return found


def test_everybody_signs_in_within_twenty_minutes_of_the_shift(business: LivedBusiness) -> None:
    logins = moments(business, "action = 'login'")
    for user, starts, _ in shifts(business):
        assert any(abs(at - starts) <= timedelta(minutes=20) for at in logins[user])


def test_nobody_on_shift_is_silent_for_long(business: LivedBusiness) -> None:
    acts = moments(business, "1 = 1")
    for user, starts, ends in shifts(business):
        times = [at for at in acts[user] if starts - timedelta(minutes=20) <= at <= ends]
        gaps = [later - earlier for earlier, later in zip(times, [*times[1:], ends], strict=True)]
        assert max(gaps) <= QUIET_AT_MOST, (user, starts)


def test_nobody_works_outside_the_shift_or_without_being_signed_in(business: LivedBusiness) -> None:
    visits = defaultdict(list)
    for row in business.rows("SELECT user_id, created_at, revoked_at FROM sessions"):
        visits[row["user_id"]].append((instant(row["created_at"]), instant(row["revoked_at"])))
    for user, times in moments(business, "1 = 1").items():
        for at in times:
            assert any(begun <= at <= ended for begun, ended in visits[user]), (user, at)


def test_sessions_are_as_long_as_shifts(business: LivedBusiness) -> None:
    assert business.value("SELECT count(*) FROM sessions") == len(shifts(business))


def test_everybody_has_signed_in_within_the_first_week(business: LivedBusiness) -> None:
    absent = business.rows(
        """SELECT username FROM users WHERE username NOT LIKE 'check.%'
        AND id NOT IN (SELECT user_id FROM sessions WHERE date(created_at) < '2026-01-15')"""
    )
    assert not absent


def test_check_accounts_are_left_to_the_administrator(business: LivedBusiness) -> None:
    assert business.value("SELECT count(*) FROM users WHERE username LIKE 'check.%'") == 17
    assert not business.rows("SELECT id FROM login_attempts WHERE username LIKE 'check.%'")


def test_a_wrong_password_is_rare_and_locks_nobody(business: LivedBusiness) -> None:
    failures = business.rows(
        "SELECT user_id, date(at), count(*) AS often FROM login_attempts WHERE NOT succeeded GROUP BY 1, 2"
    )
    assert 0 < len(failures) < 40
    assert max(row["often"] for row in failures) <= 2
    assert not business.rows("SELECT id FROM users WHERE failed_logins > 0 OR locked_until IS NOT NULL OR NOT active")


def test_sign_ins_come_from_the_branchs_own_network(business: LivedBusiness) -> None:
    networks = defaultdict(set)
    for row in business.rows("SELECT u.branch_id, s.address FROM sessions s JOIN users u ON u.id = s.user_id"):
        networks[row["branch_id"]].add(row["address"].rsplit(".", 1)[0])
    assert all(len(found) == 1 for found in networks.values())


def test_the_rota_reaches_two_weeks_ahead(business: LivedBusiness) -> None:
    last = instant(business.value("SELECT max(starts_at) FROM shifts"))
    assert last - business.until >= timedelta(days=12)
    assert not business.rows("SELECT user_id FROM shifts GROUP BY user_id, date(starts_at) HAVING count(*) > 1")
