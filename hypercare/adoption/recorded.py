"""Whether the system writes down who comes and who works, and under which accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from hypercare.adoption.attendance import Attendance
from hypercare.operations_model.hands import Hand
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_DAYS = 7
_LEAST_DAYS = 2
_LEAST_PEOPLE = 3
# So many tell whether most do something, and are counted soon.
_A_FEW = 30


def switched_off_at_work(attendance: Attendance) -> int:
    """How many people have done something today under an account that is switched off by now."""
    model, user = attendance.model, attendance.model.records("user")
    if not user.has("active") or not model.has("activity", "user", "at"):
        return 0
    deed = attendance.deeds_in_log()
    statement = (
        select(func.count(deed.who.distinct()))
        .select_from(deed.records.source.join(user.source, deed.who == user["id"]))
        .where(
            deed.at.within(attendance.target.today),
            *deed.only,
            ~user.flag("active"),
            *model.excluding_canary(user),
            *model.excluding_canary(deed.records),
        )
    )
    return int(model.database.value(statement, about="work under accounts that are off"))


def silent_witness(attendance: Attendance) -> str:
    """What there is none of today so far, "log-in" or "work", though several people worked, or came, as ever.

    Empty where both are on record, or neither, or where fewer did the one than half of those who did the other on
    an earlier day: who stays logged in for weeks, or only looks. Raises NotCovered where one of them is not mapped,
    or less than two earlier days tell that both are usual by this hour.
    """
    calendar, now = attendance.model.calendar, attendance.model.as_of
    numbers = [number for number in range(1, _DAYS + 1) if attendance.days_ago(number) >= calendar.go_live]
    log_ins, work = _on_record(attendance)

    def recorded(period: Period) -> tuple[int, int]:
        """How many people logged in, and how many worked, in the period; more than a few are not counted."""
        return max(_a_few(attendance, one, period) for one in log_ins), _a_few(attendance, work, period)

    earlier = [recorded(calendar.same_hours(now, number)) for number in numbers]
    told = [one for one in earlier if any(one)]
    if len(told) < _LEAST_DAYS or not all(all(one) for one in told):
        raise NotCovered(
            "Not enough history: that people both log in and work by this hour is not known of two earlier days.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    came, worked = recorded(attendance.target.today)
    if max(came, worked) < _LEAST_PEOPLE or min(came, worked):
        return ""
    if came:
        return "work" if all(2 * one[1] >= one[0] for one in told) else ""
    return "log-in" if all(2 * one[0] >= one[1] for one in told) else ""


def _on_record(attendance: Attendance) -> tuple[Sequence[Hand], Hand]:
    """By what log-ins are told, and work. Raises NotCovered where one of them is not mapped."""
    log_ins = list(attendance.log_ins())
    if not log_ins or not attendance.model.has("activity", "user", "at"):
        raise NotCovered(
            "Log-ins or activity are not mapped, so one cannot be held against the other.",
            remedy="Map [mapping.activity], and [mapping.login_attempt] or [mapping.session].",
        )
    return log_ins, attendance.deeds_in_log()


def _a_few(attendance: Attendance, hand: Hand, period: Period) -> int:
    statement = (
        select(hand.who.label("who"))
        .where(hand.at.within(period), *hand.only, *attendance.model.excluding_canary(hand.records))
        .distinct()
        .limit(_A_FEW)
    )
    return len(attendance.model.database.rows(statement, about=f"some people of {hand.records.place}"))
