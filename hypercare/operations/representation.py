"""How a target keeps time and money: the mapping's defaults, and what an entity or a column says differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from hypercare.operations.amounts import Amount
from hypercare.operations.instants import Clockface, Instant, repeated_hours
from hypercare.target.mapping import ColumnMapping, EntityMapping, MappingConfig

_AROUND_GO_LIVE = timedelta(days=45)


@dataclass(frozen=True)
class Representation:
    """`zero_dates` is whether the engine may keep "no date" as 0000-00-00."""

    mapping: MappingConfig
    business_zone: str
    digits: int
    go_live: date
    zero_dates: bool = False

    def instant(self, raw: ColumnElement[Any], column: ColumnMapping, entity: EntityMapping) -> Instant:
        form = column.time or entity.time or self.mapping.time
        zone = column.zone or entity.zone or self.mapping.zone or self.business_zone
        face = Clockface(form, ZoneInfo(zone))
        return Instant(raw, face, _repeated(face, self.go_live), self.zero_dates)

    def amount(self, raw: ColumnElement[Any], column: ColumnMapping, entity: EntityMapping) -> Amount:
        return Amount(raw, column.money or entity.money or self.mapping.money, self.digits)


@cache
def _repeated(face: Clockface, go_live: date) -> Sequence[tuple[datetime, datetime]]:
    return repeated_hours(face, go_live - _AROUND_GO_LIVE, go_live + _AROUND_GO_LIVE)
