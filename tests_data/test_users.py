"""Are the people at work using the system, and is nobody kept out or breaking in?"""

from __future__ import annotations

from math import ceil

import pytest

from hypercare.fixtures import Figure
from hypercare.hourly import Hourly
from hypercare.operations.switched_off import SwitchedOff
from hypercare.operations.users import Users
from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level
from hypercare.outcome.series import TellSeries
from hypercare.plan.calendar import Period
from hypercare.target_file.config import LimitsSection

GUESSED = "Block the address or the account, and ask the person; change the password if any guess went well."


@pytest.mark.item("users.active")
def test_people_at_work_use_the_system(users: Users, limits: LimitsSection, today: Period, figure: Figure) -> None:
    for name, number in users.figures_of_work(today).items():
        figure(name, number)
    expect_none(
        users.expected_but_silent(limits.active_after),
        lambda found: (
            f"{found.count} of {found.of} people who were expected at work have not done anything in the system."
        ),
        next_step="Ask them what keeps them from it: absence, access, or the old way of working.",
    )


@pytest.mark.item("users.active")
def test_nobody_acts_who_is_switched_off(switched_off: SwitchedOff) -> None:
    expect_none(
        switched_off.acting(),
        lambda found: (
            f"{found.count} things were done since yesterday evening under accounts that had been switched off before."
        ),
        next_step="End the sessions of the accounts below, and find out who acts under them and how they got in; "
        "unless somebody switched them on for the while.",
        level=Level.L2,
    )


@pytest.mark.item("users.login-failures")
def test_log_ins_mostly_go_well(
    users: Users, limits: LimitsSection, today: Period, hourly: Hourly, figure: Figure, series: TellSeries
) -> None:
    for name, number in users.figures_of_access(today, limits.failed_logins_one_user).items():
        figure(name, number)
    hours = hourly.of("log-ins")
    if tried_by_hour := users.logins_by_hour(hours.periods):
        series("logins_by_hour", hours.series("Log-ins", tried_by_hour))
    tried = users.logins(users.last_day)
    expect(
        tried.failures < limits.failed_logins_least or tried.share <= limits.failed_logins_share,
        f"{tried.failures} of {tried.attempts} log-ins of the last day failed ({tried.share:.0%}).",
        count=tried.failures,
        of=tried.attempts,
        where="log-in attempts",
        next_step="See whether one person, one branch or the log-in itself is behind it.",
    )


@pytest.mark.item("users.login-failures", "activity.login-issues")
def test_nobody_fails_again_and_again(users: Users, limits: LimitsSection) -> None:
    least = limits.failed_logins_one_user
    guesses = ceil(least * limits.failed_logins_times_usual)
    with collect_failures() as part:
        with part:
            expect_none(
                users.failing_often(users.last_day, guesses),
                lambda found: (
                    f"Under {found.count} user names, log-ins failed {guesses} times or more within a day: "
                    "somebody is guessing a password."
                ),
                next_step=GUESSED,
                level=Level.L2,
            )
        with part:
            expect_none(
                users.failing_often(users.last_day, least, below=guesses),
                lambda found: f"{found.count} people failed to log in {least} times or more within a day.",
                next_step="Help them with their password.",
            )


@pytest.mark.item("users.login-failures")
def test_no_address_guesses_passwords(users: Users, limits: LimitsSection) -> None:
    names = limits.failed_logins_names_one_address
    with collect_failures() as part:
        with part:
            expect_none(
                users.addresses_failing_often(users.last_day, limits.failed_logins_one_address),
                lambda found: (
                    f"From {found.count} addresses, "
                    f"{limits.failed_logins_one_address} or more log-ins failed within a day."
                ),
                next_step=GUESSED,
                level=Level.L2,
            )
        with part:
            expect_none(
                users.addresses_trying_many_names(users.last_day, names),
                lambda found: f"From {found.count} addresses, log-ins failed under {names} or more names within a day.",
                next_step=GUESSED,
                level=Level.L2,
            )


@pytest.mark.item("users.login-failures")
def test_nobody_tries_one_name_after_another(users: Users, limits: LimitsSection) -> None:
    failing, usual, people = users.names_failing(users.last_day), users.names_usually_failing(), users.people()
    many = max(
        limits.failed_logins_names,
        limits.failed_logins_times_usual * (usual or 0),
        limits.failed_logins_names_share * people,
    )
    usual_words = "" if usual is None else f", where {usual:.1f} are usual"
    expect(
        failing < many,
        f"Log-ins failed under {failing} names within a day{usual_words}: somebody tries one name after another.",
        count=failing,
        where="log-in attempts",
        next_step=GUESSED,
        level=Level.L2,
    )


@pytest.mark.item("users.login-failures")
def test_nobody_tries_names_that_do_not_exist(users: Users, limits: LimitsSection) -> None:
    unknown = users.unknown_names_tried(users.last_day)
    if unknown.count >= limits.failed_logins_least:
        expect_none(
            unknown,
            lambda found: (
                f"{found.count} of {found.of} log-ins of the last day were tried under names that nobody has."
            ),
            next_step=GUESSED,
            level=Level.L2,
        )


@pytest.mark.item("users.login-failures", "activity.login-issues")
def test_nobody_is_locked_out(users: Users) -> None:
    expect_none(
        users.locked(),
        lambda found: f"{found.count} of {found.of} people are locked out.",
        next_step="Unlock them once it is clear that they mistyped their own password.",
    )
