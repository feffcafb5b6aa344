"""Words that were never used before, where it has always been the same few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, String, cast

from hypercare.habits.by_day import CountsByAge, by_day_and_age, counted_by_day, counts_of
from hypercare.history.memory import Memory
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.seals import Seals, Watch, Window

_REMEMBERED = "words that records use"
# When records that use them are made, and the words; several of one record are told as one.
_WORDS = (
    ("activity", "at", ("action", "entity")),
    ("job", "queued_at", ("kind",)),
    ("payment", "paid_at", ("method",)),
    ("cost", "entered_at", ("kind",)),
    ("session", "created_at", ("channel",)),
    ("issue", "reported_at", ("category",)),
    ("issue", "reported_at", ("severity",)),
)
_MOST_WORDS = 60
_LEAST_RECORDS = 200
_OFTEN_EACH = 8
# What is done each night, and by the early shift alone, has to have been seen.
_SETTLES_WITHIN = timedelta(hours=36)
# A word is asked about for a day; where two came of themselves within a month, more will come.
_ASKED_FOR = timedelta(hours=24)
_GROWS_WITHIN = timedelta(days=31)
_GROWS_BY = 2


@dataclass(frozen=True)
class _Vocabulary:
    """Since when each word of one field is known. `since` is when it was first seen to be closed: until then all its
    words come for the first time."""

    since: datetime
    words: Mapping[str, datetime]
    is_closed: bool = True

    def new_by(self, as_of: datetime, interval: timedelta) -> list[str]:
        """Words that came after it was known well enough, within `interval` before `as_of`."""
        known_by = self.since + _SETTLES_WITHIN
        return [word for word, first in self.words.items() if first > known_by and as_of - first < interval]


def new_words(model: Model, memory: Memory, seals: Seals) -> list[str]:
    """What to ask about, in words. Vocabularies that are open, or that grow, are not meant.

    Raises NotCovered where no word of any record is mapped, or none is known from an earlier round.
    """
    as_of, json_vocabularies = model.as_of, memory.recall(_REMEMBERED) or {}
    questions, updated, settled_fields = [], dict(json_vocabularies), 0
    for name, place, counted in _counted(model, seals):
        earlier = _vocabulary_of(json_vocabularies[name]) if name in json_vocabularies else None
        if earlier is not None and as_of < max(earlier.words.values(), default=earlier.since):
            continue
        settled = earlier if earlier is not None and earlier.is_closed else None
        is_closed = settled is not None or _is_closed(counted)
        now = _Vocabulary(as_of if settled is None else settled.since, _dated(counted, settled, as_of), is_closed)
        dated = {word: first.isoformat() for word, first in now.words.items()}
        updated[name] = [now.since.isoformat(), dated, is_closed]
        settled_fields += settled is not None
        if len(now.new_by(as_of, _GROWS_WITHIN)) > _GROWS_BY or not _is_closed(counted):
            continue
        questions += [
            f'"{word}" ({counted[word]:,} of {place})' for word in now.new_by(as_of, _ASKED_FOR) if word in counted
        ]
    memory.keep(_REMEMBERED, updated, as_of)
    took_in("the records' words", "fields", settled_fields)
    if not settled_fields:
        raise NotCovered(
            "Which words the records use here is not known yet.",
            remedy="Nothing to mend: the check learns from each round.",
        )
    return questions


def _counted(model: Model, seals: Seals) -> Iterator[tuple[str, str, Mapping[str, int]]]:
    for entity, made, fields in _WORDS:
        if not model.has(entity, made, fields[0]):
            continue
        used = [field for field in fields if model.has(entity, field)]
        words_used: Mapping[str, int] = {}
        with left_out_if_gone():
            words_used = _words_used(model, seals, Watch(entity, made), used)
        if words_used:
            yield f"{entity}.{'+'.join(used)}", f"{model.records(entity).place}, {', '.join(used)}", words_used


def _words_used(model: Model, seals: Seals, watch: Watch, used: Sequence[str]) -> Mapping[str, int]:
    name, ask = f"words of {watch.entity}.{'+'.join(used)}", partial(_of_window, model, watch, used)
    counted = counted_by_day(seals, name, watch, ask)
    # One more than are told of says that there are too many.
    return dict((counted.past + counted.new).most_common(_MOST_WORDS + 1))


def _of_window(model: Model, watch: Watch, used: Sequence[str], window: Window) -> CountsByAge:
    records = model.records(watch.entity)
    chosen: list[ColumnElement[Any]] = [cast(records[field], String(100)).label(field) for field in used]
    keys = by_day_and_age(model, window, records.instant(watch.field), *chosen).select_from(records.source)
    keys = keys.where(records[used[0]].is_not(None), *model.excluding_canary(records))
    most = 2 * len(window.days) * (_MOST_WORDS + 1)
    rows = model.database.rows(counted_by(keys).limit(most), about=f"words of {records.place}")
    return counts_of(rows, lambda row: {" of ".join(str(row[field]) for field in used): int(row["many"])})


def _is_closed(counted: Mapping[str, int]) -> bool:
    """The same few words again and again."""
    records = sum(counted.values())
    return len(counted) <= _MOST_WORDS and records >= max(_LEAST_RECORDS, _OFTEN_EACH * len(counted))


def _dated(counted: Mapping[str, int], settled: _Vocabulary | None, as_of: datetime) -> dict[str, datetime]:
    before = {} if settled is None else dict(settled.words)
    if len(counted) > _MOST_WORDS:
        return before
    return {**dict.fromkeys(counted, as_of), **before}


def _vocabulary_of(json_vocabulary: list[object]) -> _Vocabulary:
    since, words, *closed = json_vocabulary
    assert isinstance(words, dict)
    dated = {word: datetime.fromisoformat(first) for word, first in words.items()}
    # An older version did not write whether it was.
    return _Vocabulary(datetime.fromisoformat(str(since)), dated, all(closed))
