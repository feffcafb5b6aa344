"""Does everybody log in and work in the system, and nobody who should not?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.idle import only_logged_in, only_looking
from hypercare.adoption.kept_out import not_in_since_failing, tried_from_elsewhere
from hypercare.adoption.off_hours import at_work_at_night, at_work_while_closed
from hypercare.adoption.other_roles import strangers_to_their_work
from hypercare.adoption.places import Places
from hypercare.adoption.recorded import silent_witness, switched_off_at_work
from hypercare.fixtures import Figure
from hypercare.hourly import Hourly
from hypercare.operations.switched_off import SwitchedOff
from hypercare.operations.users import Users
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import ask_about, expect, expect_none
from hypercare.outcome.series import TellSeries
from hypercare.plan.calendar import Period
from hypercare.target_file.config import LimitsSection

BREAK_IN = "End the sessions of the people below, change their passwords, and ask them whether it was they."
OFF_FROM = 2
GAVE_UP, GAVE_UP_AFTER = 3, timedelta(minutes=30)


@pytest.mark.item("activity.figures")
def test_people_of_today_are_counted(
    users: Users,
    attendance: Attendance,
    limits: LimitsSection,
    today: Period,
    hourly: Hourly,
    figure: Figure,
    series: TellSeries,
) -> None:
    found = {**users.figures_of_work(today), **users.figures_of_access(today, limits.failed_logins_one_user)}
    for name, number in found.items():
        figure(name, number)
    hours = hourly.of("log-ins")
    if "login_failures" in found and (tried_by_hour := users.logins_by_hour(hours.periods)):
        series("logins_by_hour", hours.series("Log-ins", tried_by_hour))
    people, off = len(attendance.people), switched_off_at_work(attendance)
    expect(
        # Of a few people one who left today may be one of all.
        off < OFF_FROM or found.get("users_active", 0) <= people,
        f"{off} people have done something today under accounts that are switched off, where only {people} may log in.",
        count=off,
        of=people,
        next_step="See who switched these accounts off, and why somebody can go on working under them.",
    )
    if attendance.model.has("shift", "user", "starts_at"):
        figure("users_without_activity", attendance.without_activity(limits.active_after))


@pytest.mark.item("activity.figures")
def test_log_ins_and_work_are_both_recorded(attendance: Attendance) -> None:
    silent = silent_witness(attendance)
    expect(
        not silent,
        f"Of today there is no {silent} on record, where there has been some on each earlier day that people worked.",
        next_step="See whether the system still writes it: without it nobody can tell who came and who worked.",
    )


@pytest.mark.item("activity.all-log-in", "resistance.not-logging-in")
def test_everybody_who_is_expected_logs_in(attendance: Attendance, limits: LimitsSection) -> None:
    expect_none(
        attendance.never_came(limits.active_after),
        lambda found: (
            f"{found.count} of {found.of} people who had shifts on two days or more of the last week "
            "have not been in the system once."
        ),
        next_step="Go and see them: have they an account, do they know the password, or do they work as before?",
    )


@pytest.mark.item("activity.all-log-in", "resistance.not-logging-in")
def test_no_role_stays_away(attendance: Attendance, limits: LimitsSection) -> None:
    ask_about(
        attendance.roles_that_stay_away(limits.active_after),
        lambda found: (
            f"Of {found.count} of {found.of} roles that had shifts in the last week nobody has been in the system. "
            "Do they work without it, or under another account?"
        ),
    )


@pytest.mark.item("activity.all-log-in", "resistance.not-logging-in")
def test_nobody_stays_away_unlike_their_role(attendance: Attendance) -> None:
    ask_about(
        attendance.away_unlike_their_role(),
        lambda found: (
            f"{found.count} of {found.of} people have not been in the system once in the last week, though most of "
            "their role have. Are they away, or do they work otherwise?"
        ),
    )


@pytest.mark.item("activity.using", "resistance.not-using")
def test_whoever_logs_in_works_in_the_system(attendance: Attendance, limits: LimitsSection) -> None:
    expect_none(
        only_logged_in(attendance, limits.work_after),
        lambda found: (
            f"{found.count} of {found.of} people logged in today more than {exact_duration(limits.work_after)} ago "
            "and have done nothing since, unlike the others of their role."
        ),
        next_step="Sit beside them: what do they do instead, and what would make the system the easier way?",
    )


@pytest.mark.item("activity.using", "resistance.not-using")
def test_whoever_only_looks_is_meant_to(attendance: Attendance, limits: LimitsSection) -> None:
    ask_about(
        only_looking(attendance, limits.work_after),
        lambda found: (
            f"{found.count} of {found.of} people log in day after day and enter nothing, unlike the others of their "
            "role. Is it their work to look things up?"
        ),
    )


@pytest.mark.item("activity.unauthorised")
def test_nobody_comes_in_under_a_name_that_no_user_has(users: Users) -> None:
    expect_none(
        users.came_in_under_unknown_names(users.last_day),
        lambda found: (
            f"{found.count} log-ins of the last day went well under names that no user has, "
            "and that nobody came in under before."
        ),
        next_step="Find out who made these accounts, and who deleted them after they were used.",
    )


@pytest.mark.item("activity.unauthorised")
def test_nobody_comes_in_who_is_switched_off(switched_off: SwitchedOff) -> None:
    expect_none(
        switched_off.coming_in(),
        lambda found: (
            f"{found.count} log-ins since yesterday evening went well under accounts that had been switched off before."
        ),
        next_step="End the sessions of the accounts below, and find out how somebody can still log in with them.",
    )


@pytest.mark.item("activity.unauthorised")
def test_nobody_works_at_night(attendance: Attendance, limits: LimitsSection) -> None:
    expect_none(
        at_work_at_night(attendance, limits.off_hours),
        lambda found: (
            f"{found.count} of {found.of} people of the rota were in the system at night, while every branch was "
            "closed, which they had not done before."
        ),
        next_step=BREAK_IN,
    )


@pytest.mark.item("activity.unauthorised")
def test_nobody_works_while_all_is_closed(attendance: Attendance, limits: LimitsSection) -> None:
    ask_about(
        at_work_while_closed(attendance, limits.off_hours),
        lambda found: (
            f"{found.count} of {found.of} people were in the system while every branch was closed, "
            "which they have not done before. Was it they?"
        ),
    )


@pytest.mark.item("activity.unauthorised")
def test_nobody_comes_in_from_outside(places: Places) -> None:
    expect_none(
        places.from_outside(),
        lambda found: (
            f"{found.count} people logged in within the last day from networks that nobody came from before, and that "
            "are not of the house or had more passwords wrong than right."
        ),
        next_step=BREAK_IN,
    )


@pytest.mark.item("activity.unauthorised")
def test_people_come_in_from_where_they_always_do(places: Places) -> None:
    ask_about(
        places.from_a_new_network(),
        lambda found: (
            f"{found.count} people logged in within the last day from networks that nobody came from before. "
            "Has a line a new address, or who was it?"
        ),
    )


@pytest.mark.item("activity.unauthorised")
def test_people_do_what_others_of_their_role_do(users: Users) -> None:
    ask_about(
        strangers_to_their_work(users.model),
        lambda found: (
            f"{found.count} time(s) people of a role did something today that nobody of their role had done before. "
            "Was that agreed?"
        ),
    )


@pytest.mark.item("activity.unauthorised")
def test_nobody_was_given_other_rights(switched_off: SwitchedOff) -> None:
    ask_about(
        switched_off.given_other_rights(),
        lambda found: f"{found.count} of {found.of} people have another role than a day ago. Who agreed to that?",
    )


@pytest.mark.item("activity.login-issues")
def test_nobody_gave_up_logging_in(attendance: Attendance, users: Users) -> None:
    expect_none(
        not_in_since_failing(attendance, users.last_day, GAVE_UP, GAVE_UP_AFTER),
        lambda found: (
            f"{found.count} people failed to log in {GAVE_UP} times or more within a day and have not been in since."
        ),
        next_step="Help them in now, and see why it failed: a forgotten password, a wrong branch, a locked account.",
    )


@pytest.mark.item("activity.login-issues")
def test_nobody_tried_in_vain_from_elsewhere(attendance: Attendance, users: Users) -> None:
    ask_about(
        tried_from_elsewhere(attendance, users.last_day, GAVE_UP, GAVE_UP_AFTER),
        lambda found: (
            f"Under the names of {found.count} people log-ins failed {GAVE_UP} times or more within a day, from where "
            "nobody came in within a week. Were it they, or does somebody guess?"
        ),
    )
