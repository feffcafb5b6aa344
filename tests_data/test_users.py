"""Are the people at work using the system, and is nobody kept out or breaking in?"""

from __future__ import annotations

import pytest

from hypercare.operations.users import Users
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level
from hypercare.target.config import LimitsSection

LEAST_FAILURES = 10
NAMES_FROM_ONE_ADDRESS = 5
NAMES_AT_LEAST = 8
TIMES_USUAL = 3

GUESSED = "Block the address or the account, and ask the person; change the password if any guess went well."


@pytest.mark.item("users.active")
def test_people_at_work_use_the_system(users: Users, limits: LimitsSection) -> None:
    expect_none(
        users.expected_but_silent(limits.active_after),
        "{count} of {of} people who were expected at work have not done anything in the system.",
        next_step="Ask them what keeps them from it: absence, access, or the old way of working.",
    )


@pytest.mark.item("users.login-failures")
def test_log_ins_mostly_go_well(users: Users, limits: LimitsSection) -> None:
    tried = users.logins(users.last_day)
    expect(
        tried.failures < LEAST_FAILURES or tried.share <= limits.failed_logins_share,
        f"{tried.failures} of {tried.attempts} log-ins of the last day failed ({tried.share:.0%}).",
        count=tried.failures,
        of=tried.attempts,
        where="log-in attempts",
        next_step="See whether one person, one branch or the log-in itself is behind it.",
    )


@pytest.mark.item("users.login-failures")
def test_nobody_fails_again_and_again(users: Users, limits: LimitsSection) -> None:
    least = limits.failed_logins_one_user
    expect_none(
        users.failing_often(users.last_day, least * TIMES_USUAL),
        f"Under {{count}} user names, log-ins failed {least * TIMES_USUAL} times or more within a day: "
        "somebody is guessing a password.",
        next_step=GUESSED,
        level=Level.L2,
    )
    expect_none(
        users.failing_often(users.last_day, least),
        f"{{count}} people failed to log in {least} times or more within a day.",
        next_step="Help them with their password.",
    )


@pytest.mark.item("users.login-failures")
def test_no_address_guesses_passwords(users: Users, limits: LimitsSection) -> None:
    expect_none(
        users.addresses_failing_often(users.last_day, limits.failed_logins_one_address),
        f"From {{count}} addresses, {limits.failed_logins_one_address} or more log-ins failed within a day.",
        next_step=GUESSED,
        level=Level.L2,
    )
    expect_none(
        users.addresses_trying_many_names(users.last_day, NAMES_FROM_ONE_ADDRESS),
        f"From {{count}} addresses, log-ins failed under {NAMES_FROM_ONE_ADDRESS} or more names within a day.",
        next_step=GUESSED,
        level=Level.L2,
    )


@pytest.mark.item("users.login-failures")
def test_nobody_tries_one_name_after_another(users: Users) -> None:
    failing, usual = users.names_failing(users.last_day), users.names_usually_failing()
    expect(
        failing < max(NAMES_AT_LEAST, TIMES_USUAL * usual),
        f"Log-ins failed under {failing} names within a day, where {usual:.1f} are usual: "
        "somebody tries one name after another.",
        count=failing,
        where="log-in attempts",
        next_step=GUESSED,
        level=Level.L2,
    )


@pytest.mark.item("users.login-failures")
def test_nobody_tries_names_that_do_not_exist(users: Users) -> None:
    unknown = users.unknown_names_tried(users.last_day)
    if unknown.count >= LEAST_FAILURES:
        expect_none(
            unknown,
            "{count} of {of} log-ins of the last day were tried under names that nobody has.",
            next_step=GUESSED,
            level=Level.L2,
        )


@pytest.mark.item("users.login-failures")
def test_nobody_is_locked_out(users: Users) -> None:
    expect_none(
        users.locked(),
        "{count} of {of} people are locked out.",
        next_step="Unlock them once it is clear that they mistyped their own password.",
    )
