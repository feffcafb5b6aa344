"""How a table tells which of its rows changed lately, by the instants that the mapping knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from hypercare.database.schemas import TableName
from hypercare.integrity.key_conditions import Condition
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.entities import Kind

_LATELY = timedelta(days=2)
# What is dated further ahead is a plan and no change.
_AHEAD = timedelta(days=2)


def lately_changed(model: Model, table: TableName, *, at_least: timedelta = timedelta()) -> Mapping[str, Condition]:
    """By column: that it holds an instant since the day before yesterday; nothing of a table that is not mapped.

    `at_least` is how far to look back where that is further.
    """
    today = model.calendar.date_of(model.as_of)
    first = model.calendar.date_of(model.as_of - at_least) - timedelta(days=1)
    lately = Period(model.calendar.at(min(first, today - _LATELY), time.min), model.latest_possible + _AHEAD)
    found: dict[str, Condition] = {}
    for entity, mapped in model.mapping.mapped_entities().items():
        if mapped.table is None or mapped.table != table.words:
            continue
        with suppress(CheckFailed, MonitorFault, NotCovered):
            records = model.records(entity)
            for field, spec in mapped.columns.items():
                if spec.column is not None and records.kinds[field] is Kind.INSTANT and field not in records.gone:
                    found[spec.column] = _within(records.instant(field), lately)
    return found


def _within(instant: Instant, period: Period) -> Condition:
    def condition(raw: ColumnElement[Any]) -> ColumnElement[bool]:
        return replace(instant, raw=raw).within(period)

    return condition
