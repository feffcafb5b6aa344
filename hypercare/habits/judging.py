"""Which habits of the records are known, and what breaks one that earlier rounds saw held.

A habit is a rule that nothing but the past tells: all final sales name who finalised them, all payments are of the day
of their sale. Some fields are filled in hours later by right, so new records count only where several earlier rounds
found none of the new ones amiss. An old record counts where it was in order in an earlier round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypercare.history.memory import Memory
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.operations_model.violations import Row
from hypercare.outcome.doubt import is_learned
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered

# Of a small past nothing may speak against a habit; of a large one, one record in so many.
_LEAST_PAST = 100
_ONE_IN = 300
# What old records lost is told of a few; what many lose at once was done to them on purpose.
_LEAST_OLD = 20
# A state through which records pass within a day has no past of its own: some of today's and its siblings' will do.
_LEAST_OF_A_STATE = 5
_MOST_OLD_ONE_IN = 20
_FEW_NEW = 3
# So many earlier looks, not within one hour, make sure that new records have it from the start.
_CLEAN_ROUNDS = 2
_APART = timedelta(hours=1)


@dataclass(frozen=True)
class Tally:
    """How many records there are, and how many break the habit: of those before yesterday evening, and since."""

    past: int = 0
    past_wrong: int = 0
    new: int = 0
    new_wrong: int = 0

    @property
    def right(self) -> int:
        return self.past - self.past_wrong

    @property
    def always_right(self) -> bool:
        """In the past, as far as there is enough of it."""
        if self.past_wrong:
            return is_learned(self.past, self.past_wrong, _ONE_IN)
        return is_learned(self.past, 0, _LEAST_PAST)

    def __add__(self, other: Tally) -> Tally:
        new, new_wrong = self.new + other.new, self.new_wrong + other.new_wrong
        return Tally(self.past + other.past, self.past_wrong + other.past_wrong, new, new_wrong)


@dataclass(frozen=True)
class Habit:
    """`name` is under what it is remembered; `sample` gives rows that break it, of the new records alone or of all.

    `dated` is whether the records tell when they were made; else all are old, and only what had it can have lost it.
    `of_old` is whether an old record can break it; `most_new` is the share of new ones above which none is meant.
    `siblings` are the habits of the same field in other states, by name: they speak for a state of few records, and
    what one of them no longer breaks may have come from there. While it `is_partial`, the past was not all looked at.
    """

    name: str
    tally: Tally
    place: str
    sample: Callable[[bool], Sequence[Row]]
    dated: bool = True
    of_old: bool = True
    most_new: float = 1.0
    siblings: Mapping[str, Tally] = field(default_factory=dict)
    is_partial: bool = False

    @property
    def past(self) -> int:
        """How many records of the past speak for it: where its siblings break it, its own alone."""
        together = sum(self.siblings.values(), Tally())
        return self.tally.past + (0 if together.past_wrong else together.past)

    @property
    def is_known(self) -> bool:
        """Well enough to tell of a new record."""
        if self.tally.always_right:
            return True
        tally = self.tally
        right = tally.past + tally.new - tally.new_wrong
        return right >= _LEAST_OF_A_STATE and sum(self.siblings.values(), tally).always_right


@dataclass(frozen=True)
class _RememberedHabit:
    """What the last look found: records that broke it and held it; and how many looks found no new one amiss."""

    wrong: int
    right: int
    clean: int
    at: datetime

    @classmethod
    def read(cls, json_values: Sequence[Any]) -> _RememberedHabit:
        wrong, right, clean, at = json_values
        return cls(int(wrong), int(right), int(clean), datetime.fromisoformat(at))

    @property
    def is_sure(self) -> bool:
        return self.clean >= _CLEAN_ROUNDS


def unless_gone(habits: Callable[[], Iterable[Habit]]) -> list[Habit]:
    """None of what is gone from the database: the checks of those records tell of that."""
    found: list[Habit] = []
    with left_out_if_gone():
        found.extend(habits())
    return found


def broken(habits: Sequence[Habit], memory: Memory, kind: str, as_of: datetime, given_up: Collection[str]) -> Found:
    """What breaks a habit of this kind that earlier rounds saw held; what is seen now is remembered.

    Raises NotCovered where no earlier round saw any habit held.
    """
    remembered = {name: _RememberedHabit.read(one) for name, one in (memory.recall(kind) or {}).items()}
    judged = [one for one in habits if one.name not in given_up]
    to_report = {one.name: _to_report(one, remembered) for one in judged}
    _keep(judged, remembered, to_report, memory, kind, as_of)
    sure = [one for one in judged if (earlier := remembered.get(one.name)) is not None and earlier.is_sure]
    took_in("the records' habits", "rules", len(judged), len(sure))
    if not sure:
        raise NotCovered(
            "What all records of a kind have in common here is not known yet: it takes rounds and older records.",
            remedy="Nothing to mend: the check learns from each round.",
        )
    return _found([(one, *to_report[one.name]) for one in judged if any(to_report[one.name])])


def _to_report(habit: Habit, remembered: Mapping[str, _RememberedHabit]) -> tuple[int, int]:
    """How many old and how many new records are to be told of."""
    remembered_one, tally = remembered.get(habit.name), habit.tally
    if remembered_one is None or not remembered_one.is_sure:
        return 0, 0
    lost = tally.past_wrong - remembered_one.wrong
    lost -= sum(
        max(0, earlier.wrong - now.past_wrong - now.new_wrong)
        for name, now in habit.siblings.items()
        if (earlier := remembered.get(name)) is not None
    )
    if not habit.dated:
        lost = min(lost, remembered_one.right - tally.right)
    few = habit.of_old and habit.past >= _LEAST_OLD and lost <= max(1, tally.past // _MOST_OLD_ONE_IN)
    old = lost if lost > 0 and few and remembered_one.wrong * _LEAST_OLD <= tally.past else 0
    most = max(_FEW_NEW, habit.most_new * tally.new)
    return old, tally.new_wrong if habit.is_known and tally.new_wrong <= most else 0


def _keep(
    habits: Sequence[Habit],
    remembered: Mapping[str, _RememberedHabit],
    to_report: Mapping[str, tuple[int, int]],
    memory: Memory,
    kind: str,
    as_of: datetime,
) -> None:
    """What is told of old records goes on being missed; what is new now is known when it has become old."""
    updated = dict(remembered)
    for one in habits:
        earlier, (old, new) = remembered.get(one.name), to_report[one.name]
        if earlier is not None and as_of < earlier.at:
            return  # an instant of the past is looked at again: what was seen later stays
        wrong = earlier.wrong if earlier is not None and old else one.tally.past_wrong + one.tally.new_wrong
        right = max(one.tally.right, earlier.right) if earlier is not None and old else one.tally.right
        clean, at = _clean_rounds(one.tally, earlier, as_of, is_reported=bool(new))
        # What more of the past is looked at the next time was not lost since.
        updated[one.name] = _RememberedHabit(wrong, right, min(clean, _CLEAN_ROUNDS - one.is_partial), at)
    rows = {name: [one.wrong, one.right, one.clean, one.at.isoformat()] for name, one in updated.items()}
    memory.keep(kind, rows, as_of)


def _clean_rounds(
    tally: Tally, earlier: _RememberedHabit | None, as_of: datetime, *, is_reported: bool
) -> tuple[int, datetime]:
    if earlier is None:
        return (0 if tally.new_wrong else 1), as_of
    if not tally.past + tally.new:
        return earlier.clean, earlier.at
    if is_reported:
        return earlier.clean, earlier.at
    if tally.new_wrong:
        return 0, as_of
    if as_of < earlier.at + _APART:
        return earlier.clean, earlier.at
    return min(earlier.clean + 1, _CLEAN_ROUNDS), as_of


def _found(wrong: Sequence[tuple[Habit, int, int]]) -> Found:
    rows: list[Row] = []
    for habit, old, _ in wrong:
        others = list(rows)
        rows += [row for row in habit.sample(not old) if row not in others]
    count = sum(old + new for _, old, new in wrong)
    # What breaks two habits, by the day of the record and by that of the log, is one record.
    all_are_shown = all(old + new <= rows_wanted() for _, old, new in wrong)
    return Found(
        count=min(count, len(rows)) if all_are_shown and rows else count,
        of=sum(habit.tally.past + habit.tally.new for habit, _, _ in wrong),
        sample=rows,
        where=", ".join(dict.fromkeys(habit.place for habit, _, _ in wrong)),
    )
