"""What one branch has every day and all but lacks today, while its day is otherwise as ever: hardly a card payment.

Told by nothing but the days before, so it is a question.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import FromClause, func, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

# The word, when the record came to be, and the record by which it belongs to a branch.
_WORDS = (
    ("payment", "method", "paid_at", "sale", "sale"),
    ("cost", "kind", "entered_at", "order", "production_order"),
    ("sale", "kind", "created_at", "", ""),
)
_LOOKS_BACK = 8
_LEAST_DAYS = 4
_LEAST_OF_A_DAY = 5
# Of so many that were to be expected, chance leaves none less than once in three thousand times.
_EXPECTED = 8.0
_CHANCE = 1 / 3000
# A few may be left where far more were to be expected: a sale of earlier days that was paid today, a void one.
_ONE_IN_EXPECTED = 8
_ALWAYS_AS_MANY = 12
_MOST_GROUPS = 20_000
_NEWEST = (1, 3)  # today alone, or the last three days together

Counts = Mapping[object, Mapping[str, Sequence[int]]]


@dataclass(frozen=True)
class _Question:
    entity: str
    records: Records
    source: FromClause
    branch: Any
    word: Any
    at: Instant


def missing_in_one_branch(model: Model) -> Found:
    """Words that a branch used on each of its earlier days, and of which there is none or hardly one today, or in the
    last three days, though as many as ever were to be expected.

    Raises NotCovered with fewer than four earlier days of any branch, or where nothing of it is mapped.
    """
    rows: list[dict[str, object]] = []
    judged = 0
    for question in _questions(model):
        counts = _counted(model, question)
        judged += len(counts)
        rows += [
            {"branch": model.branch_word(branch), "missing": word, "of": question.entity, "expected": round(expected)}
            for branch, words in counts.items()
            for word, expected in _missing(words)
        ]
    if not judged:
        raise NotCovered(
            f"Not enough history: no branch has {_LEAST_DAYS} days to compare with.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    return model.found(rows, of=judged, place="branches")


def _questions(model: Model) -> Iterator[_Question]:
    for entity, word, at, through, owner in _WORDS:
        if not model.has(entity, word, at):
            continue
        records = model.records(entity)
        if records.has("branch"):
            yield _Question(entity, records, records.source, records["branch"], records[word], records.instant(at))
        elif through and model.has(entity, through) and model.has(owner, "branch"):
            whole = model.records(owner)
            source = records.source.join(whole.source, records[through] == whole["id"])
            yield _Question(entity, records, source, whole["branch"], records[word], records.instant(at))


def _counted(model: Model, question: _Question) -> Counts:
    """By branch with enough earlier days and by word, how many there were on each day, today first."""
    today = model.calendar.date_of(model.as_of)
    days = [model.calendar.day(today - timedelta(days=back)) for back in range(_LOOKS_BACK)]
    opening = model.calendar.day(model.calendar.go_live).start
    days = [days[0].until(model.as_of), *(one for one in days[1:] if one.end > opening)]
    day = question.at.bucket(days)
    each = (
        select(day.label("day"), question.branch.label("branch"), question.word.label("word"))
        .select_from(question.source)
        .where(
            question.at.within(Period(days[-1].start, days[0].end)),
            *model.excluding_canary(question.records),
        )
        .subquery("each_one")
    )
    keys = (each.c.day, each.c.branch, each.c.word)
    statement = select(*keys, func.count().label("many")).group_by(*keys).limit(_MOST_GROUPS)
    found: dict[object, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * len(days)))
    for row in model.database.rows(statement, about=f"words of {question.records.place} by branch"):
        if row["branch"] is not None and row["word"] is not None and row["day"] is not None:
            found[row["branch"]][str(row["word"])][int(row["day"])] += int(row["many"])
    return {branch: words for branch, words in found.items() if len(_busy(words, 1)) >= _LEAST_DAYS}


def _missing(words: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, float]]:
    for word, many in words.items():
        for newest in _NEWEST:
            busy = _busy(words, newest)
            is_usual = len(busy) >= _LEAST_DAYS and all(many[day] for day in busy)
            if not is_usual:
                continue
            there = sum(many[:newest])
            whole = [sum(one[day] for one in words.values()) for day in range(len(many))]
            share = sum(many[day] for day in busy) / sum(whole[day] for day in busy)
            expected = share * sum(whole[:newest])
            if there and (there * _ONE_IN_EXPECTED > expected or _chance(there, expected) > _CHANCE):
                continue
            # What is most of a branch's day leaves too little beside it to tell by its share.
            if expected >= _EXPECTED or (any(whole[:newest]) and min(many[day] for day in busy) >= _ALWAYS_AS_MANY):
                expected = max(expected, min(many[day] for day in busy))
                yield word, expected
                break


def _chance(there: int, expected: float) -> float:
    """How likely so few are, or fewer, where so many are expected and each comes by itself (Poisson)."""
    return math.exp(-expected) * sum(expected**few / math.factorial(few) for few in range(there + 1))


def _busy(words: Mapping[str, Sequence[int]], newest: int) -> Sequence[int]:
    """The days before the newest on which there was enough to tell."""
    length = len(next(iter(words.values())))
    return [day for day in range(newest, length) if sum(one[day] for one in words.values()) >= _LEAST_OF_A_DAY]
