"""Why somebody stays with the old way, by what their own records tell, and what is to be done next about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.complaints import reported_by_person
from hypercare.adoption.course import Course
from hypercare.adoption.paper import PaperSales
from hypercare.adoption.signs import ON_PAPER, Key, Shown, Signs, signs_of_today
from hypercare.adoption.struggling import signs_of_trouble
from hypercare.history.memory import Memory
from hypercare.outcome.found import Found
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


@dataclass(frozen=True)
class Resistance:
    """The signs of resistance, how each goes on from day to day, and what is behind it; `memory` keeps the days."""

    attendance: Attendance
    paper: PaperSales
    limits: LimitsSection
    memory: Memory

    def causes(self) -> Found:
        """Each sign of today with its likely cause, the evidence for it, how it goes on, and the step due.

        Evidence is a week's own records of the person, or of all of the branch. Those that are to be escalated come
        first. Raises NotCovered where no sign can be told.
        """
        signs, courses = self._today
        evidence = _evidence(self.attendance) if signs.shown else {}
        shown = sorted(signs.shown, key=lambda one: courses[one.key.text].since)
        rows = [_row(self.attendance, one, evidence, courses[one.key.text], self._day) for one in shown]
        return self.attendance.found(rows, of=None, place="people")

    def overcome(self) -> Found:
        """The signs that were seen before and are gone since today: whoever showed one works in the system without it.

        Raises NotCovered where no sign can be told.
        """
        _, courses = self._today
        rows: list[dict[str, object]] = [
            {**_whose(Key.of_text(text)), "sign": Key.of_text(text).sign, "since": one.since.isoformat(),
             "days": one.days(self._day)}
            for text, one in courses.items()
            if one.gone == self._day
        ]  # fmt: skip
        return self.attendance.found(rows, of=None, place="people")

    def counted(self) -> Mapping[str, int]:
        """How many people and branches show each sign today; raises NotCovered as `causes` does."""
        signs, _ = self._today
        return Counter(one.key.sign for one in signs.shown)

    def decreasing(self) -> int:
        """How many signs of today decrease; raises NotCovered as `causes` does."""
        signs, courses = self._today
        return sum(courses[one.key.text].direction(self._day) == "decreases" for one in signs.shown)

    @property
    def _day(self) -> date:
        return self.attendance.model.calendar.date_of(self.attendance.model.as_of)

    @cached_property
    def _today(self) -> tuple[Signs, Mapping[str, Course]]:
        """The signs of today, and by key how each that is followed has gone on."""
        remembered: Mapping[str, Any] = self.memory.recall(_NAME) or {}
        before = {text: Course.recalled(one) for text, one in remembered.items()}
        followed = {text: one for text, one in before.items() if one.is_followed(self._day)}
        signs = signs_of_today(self.attendance, self.paper, self.limits, _on_paper_since(followed, self._day))
        shown = {one.key.text: one for one in signs.shown}
        courses = {
            text: followed.get(text, Course(self._day)).seen_on(self._day, one.extent) for text, one in shown.items()
        }
        for text, one in followed.items():
            if text not in shown:
                is_over = one.gone is None and self._is_over(Key.of_text(text), signs)
                courses[text] = replace(one, gone=self._day) if is_over else one
        followed_on = {text: one.to_keep() for text, one in courses.items() if self._may_follow(text)}
        self.memory.keep(_NAME, followed_on, self.attendance.model.as_of)
        return signs, courses

    def _may_follow(self, text: str) -> bool:
        """Where people are told of in groups alone, nobody is followed from day to day either."""
        in_groups = self.attendance.target.config.reports.people == "groups"
        return not (in_groups and Key.of_text(text).user)

    def _is_over(self, key: Key, signs: Signs) -> bool:
        """Whether somebody who does not show a sign today was seen at work without it: who is off tells nothing."""
        if not key.user and key.sign in signs.judged_branches:
            return key.branch in signs.judged_branches[key.sign]
        model = self.attendance.model
        worked = self.attendance.worked(self.attendance.target.today)
        return any(
            person.id in worked
            for person in self.attendance.people.values()
            if (person.username == key.user if key.user else model.branch_word(person.branch) == key.branch)
        )


def _on_paper_since(followed: Mapping[str, Course], today: date) -> Mapping[str, date]:
    """The branches that are known to sell without the system, and since when."""
    keys = {text: Key.of_text(text) for text in followed}
    return {
        key.branch: followed[text].since
        for text, key in keys.items()
        if key.sign == ON_PAPER and followed[text].gone in (None, today)
    }


def _whose(key: Key) -> dict[str, object]:
    return {"user": key.user} if key.user else {"branch": key.branch}


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
    attendance: Attendance, one: Shown, evidence: Mapping[str, Mapping[str, int]], course: Course, today: date
) -> dict[str, object]:
    key = one.key
    whose = {
        person.id
        for person in attendance.people.values()
        if (key.user and person.username == key.user)
        or (not key.user and attendance.model.branch_word(person.branch) == key.branch)
    }
    counts = {words: sum(by_person.get(key, 0) for key in whose) for words, by_person in evidence.items()}
    told = next((words for words in _EVIDENCE if counts.get(words, 0) >= _LEAST_EVIDENCE * len(whose)), None)
    return {
        **({"user": key.user} if key.user else {}),
        **({"branch": key.branch} if key.branch else {}),
        "sign": key.sign,
        **({"how much": one.words} if one.words else {}),
        "since": course.since.isoformat(),
        "goes on": course.direction(today),
        "likely cause": _EVIDENCE[told] if told else _HABIT,
        "evidence": f"{counts[told]} {told}" if told else "no error, no draft given up, nothing reported",
        "next": course.step(today),
        "escalate from": course.escalated_from.isoformat(),
    }
