"""Why somebody stays with the old way, by what their own records tell, and what is to be done next about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.complaints import complaining_far_more, reported_by_person
from hypercare.adoption.late_entry import branches_that_enter_in_one_go
from hypercare.adoption.struggling import signs_of_trouble
from hypercare.history.memory import Memory
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.config import LimitsSection

_NAME = "signs of resistance"
_DAYS = 7
_LEAST_EVIDENCE = 2
_TRAINING, _COMPLEXITY, _TROUBLE = "training", "complexity", "performance or faults"
_HABIT = "habit, or fear of change"
# Of which cause a sign of trouble is evidence; the first that there is enough of counts.
_EVIDENCE = {
    "failed log-ins": _TRAINING,
    "drafts given up": _COMPLEXITY,
    "edits of one record": _COMPLEXITY,
    "own sales taken back": _TRAINING,
    "issues reported": _TROUBLE,
}
# The step that is due from so many days after a sign was first seen.
_STEPS = (
    (7, "escalate to whoever leads them"),
    (4, "monitor, and praise what has improved"),
    (2, "address it"),
    (0, "understand: talk to them"),
)


@dataclass(frozen=True)
class Shown:
    """A sign of resistance that somebody, or a branch, shows today; `user` is empty where it is a branch."""

    sign: str
    user: str
    branch: str

    @property
    def key(self) -> str:
        return f"{self.sign} | {self.user or self.branch}"


@dataclass(frozen=True)
class Resistance:
    """The signs of resistance and what is behind them; `memory` keeps since when each is seen."""

    attendance: Attendance
    limits: LimitsSection
    memory: Memory

    def causes(self) -> Found:
        """Each sign of today with its likely cause, the evidence for it, since when it is seen, and the step due.

        Evidence is a week's own records of the person, or of all of the branch. Raises NotCovered where no sign can be
        told.
        """
        shown = list(_shown(self.attendance, self.limits))
        since = _since(self.attendance, shown, self.memory)
        evidence = _evidence(self.attendance) if shown else {}
        today = self.attendance.model.calendar.date_of(self.attendance.model.as_of)
        rows = [_row(self.attendance, one, evidence, since[one.key], today) for one in shown]
        return self.attendance.model.found(rows, of=None, place="people")


def _shown(attendance: Attendance, limits: LimitsSection) -> Iterator[Shown]:
    looks: Mapping[str, Callable[[], Found]] = {
        "does not log in": lambda: attendance.never_came(limits.active_after),
        "logs in and does not work": lambda: attendance.only_logged_in(limits.work_after),
        "complains": lambda: complaining_far_more(attendance),
        "enters the day in one go": lambda: branches_that_enter_in_one_go(attendance.model),
    }
    gaps: list[NotCovered] = []
    for sign, look in looks.items():
        try:
            found = look()
        except NotCovered as gap:
            gaps.append(gap)
            continue
        for row in found.sample:
            yield Shown(sign, str(row.get("user", "")), str(row.get("branch", "")))
    if len(gaps) == len(looks):
        raise gaps[0]


def _since(attendance: Attendance, shown: Sequence[Shown], memory: Memory) -> Mapping[str, date]:
    """By sign, the first of the days on which rounds saw it without a break."""
    today = attendance.model.calendar.date_of(attendance.model.as_of)
    earlier: Mapping[str, Any] = memory.recall(_NAME) or {}
    since = {one.key: date.fromisoformat(earlier.get(one.key, today.isoformat())) for one in shown}
    memory.keep(_NAME, {key: day.isoformat() for key, day in since.items()}, attendance.model.as_of)
    return since


def _evidence(attendance: Attendance) -> Mapping[str, Mapping[str, int]]:
    """By what is evidence, how much of it there is of each person, by id."""
    model = attendance.model
    today = model.calendar.date_of(model.as_of)
    first = max(model.calendar.go_live, today - timedelta(days=_DAYS - 1))
    week = Period(model.calendar.at(min(first, today), time.min), model.as_of)
    found = {one.words: one.by_person for one in signs_of_trouble(model, week)}
    if model.has("issue", "reported_by", "reported_at"):
        found["issues reported"] = reported_by_person(attendance, week)
    return found


def _row(
    attendance: Attendance, one: Shown, evidence: Mapping[str, Mapping[str, int]], since: date, today: date
) -> dict[str, object]:
    whose = {
        person.id
        for person in attendance.people.values()
        if (one.user and person.username == one.user)
        or (not one.user and attendance.model.branch_word(person.branch) == one.branch)
    }
    counts = {words: sum(by_person.get(key, 0) for key in whose) for words, by_person in evidence.items()}
    told = next((words for words in _EVIDENCE if counts.get(words, 0) >= _LEAST_EVIDENCE * len(whose)), None)
    step = next(words for days, words in _STEPS if (today - since).days >= days)
    return {
        **({"user": one.user} if one.user else {}),
        **({"branch": one.branch} if one.branch else {}),
        "sign": one.sign,
        "since": since.isoformat(),
        "likely cause": _EVIDENCE[told] if told else _HABIT,
        "evidence": f"{counts[told]} {told}" if told else "no error, no draft given up, nothing reported",
        "next": step,
    }
