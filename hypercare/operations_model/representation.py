"""How a target keeps time and money: the mapping's defaults, and what an entity or a column says differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from hypercare.database.column_types import ColumnType
from hypercare.operations_model.amounts import Amount
from hypercare.operations_model.instants import Instant, TimestampFormat, repeated_hours
from hypercare.target_file.mapping import ColumnMapping, EntityMapping, MappingConfig, TimeForm

_AROUND_GO_LIVE = timedelta(days=45)


@dataclass(frozen=True)
class Representation:
    """`zero_dates` is whether the engine may keep "no date" as 0000-00-00."""

    mapping: MappingConfig
    business_zone: str
    digits: int
    go_live: date
    zero_dates: bool = False

    def instant(
        self, raw: ColumnElement[Any], column: ColumnMapping, entity: EntityMapping, kind: ColumnType | None = None
    ) -> Instant:
        form = column.time or entity.time or self.mapping.time
        keeps_zones = kind is not None and kind.name == "timestamptz"
        if form is TimeForm.LOCAL and keeps_zones:
            form = TimeForm.UTC  # the engine itself knows the moment, whatever the file says of it
        zone = column.zone or entity.zone or self.mapping.zone or self.business_zone
        timestamp_format = TimestampFormat(form, ZoneInfo(zone), keeps_zones)
        endless = kind is not None and kind.may_be_endless
        return Instant(raw, timestamp_format, _repeated(timestamp_format, self.go_live), self.zero_dates, endless)

    def amount(
        self, raw: ColumnElement[Any], column: ColumnMapping, entity: EntityMapping, kind: ColumnType | None = None
    ) -> Amount:
        form = column.money or entity.money or self.mapping.money
        return Amount(raw, form, self.digits, kind is not None and kind.may_be_no_number)


@cache
def _repeated(timestamp_format: TimestampFormat, go_live: date) -> Sequence[tuple[datetime, datetime]]:
    return repeated_hours(timestamp_format, go_live - _AROUND_GO_LIVE, go_live + _AROUND_GO_LIVE)
