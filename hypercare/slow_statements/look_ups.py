"""How long it takes to look up what every screen shows, where no engine and no log tells of statements."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import Select, select

from hypercare.database.trouble import TooMuchToRead, TooSlow
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.signals import NotCovered
from hypercare.slow_statements.normalising import normalised
from hypercare.slow_statements.statement import Statement
from hypercare.target_file.entities import Kind

# What belongs to what, as a screen shows it: the parts of one record are looked up by it.
_PARTS = (
    ("sale_line", "sale"), ("payment", "sale"), ("order", "sale"), ("step", "order"), ("cost", "order"),
    ("sale", "customer"),
)  # fmt: skip
_ROWS_OF_A_SCREEN = 50
# A page that was not in memory is no slow statement, so each is asked again; what takes long need not be.
_TIMES = 3
_LONG_ENOUGH_S = 5.0
_SOURCE = "our own look-ups"


def looked_up(model: Model) -> list[tuple[Statement, Select[Any]]]:
    """The look-ups of a screen, each as often as it was asked, with the quickest time of those.

    Raises:
        NotCovered: the target maps none of what would be looked up.
    """
    found = [(_timed(model, statement), statement) for statement in _look_ups(model)]
    if not found:
        raise NotCovered(
            "Nothing that a screen looks up is mapped.", remedy="Map sales and what belongs to them, or log statements."
        )
    return found


def _look_ups(model: Model) -> Iterator[Select[Any]]:
    for entity, owner in _PARTS:
        with suppress(NotCovered):
            if not model.has(entity, owner):
                continue
            records = model.records(entity)
            value = _one_of(model, records, owner)
            if value is not None:
                yield select(records["id"]).where(records.holds(owner, value)).limit(_ROWS_OF_A_SCREEN)


def _one_of(model: Model, records: Records, field: str) -> Any:
    """The owner of any record, without a search for it."""
    if records.kinds[field] is not Kind.KEY:
        return None
    return model.database.value(select(records[field]).where(records[field].is_not(None)).limit(1), about="a record")


def _timed(model: Model, statement: Select[Any]) -> Statement:
    text = normalised(str(statement.compile(dialect=model.database.engine.dialect)))
    quickest = float("inf")
    for _ in range(_TIMES):
        started = time.perf_counter()
        try:
            model.database.rows(statement, about="a look-up of a screen")
        except (TooSlow, TooMuchToRead):
            # One that may not go on for as long as it would need is slow, however long that is.
            longest = max(time.perf_counter() - started, model.target.config.limits.slow_statement.total_seconds())
            return Statement(text, _TIMES, longest * 1000 * _TIMES, f"{_SOURCE}, cut off")
        took = time.perf_counter() - started
        quickest = min(quickest, took)
        if took > _LONG_ENOUGH_S:
            break
    return Statement(text, _TIMES, quickest * 1000 * _TIMES, _SOURCE)
