"""Sales of past months as a check speaks of them: which months were changed, on which days, and the sales of these."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.operations_model.violations import Row
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.seals.month_contents import ENTITY, FINAL, Slice, day_in, in_slice
from hypercare.seals.months import ChangedMonth, MonthSeals
from hypercare.seals.store import SealStore
from hypercare.target_file.target import Target


class PastSales:
    """The final sales from before the watch, in what no business changes afterwards."""

    def __init__(self, target: Target, database: Database, store: SealStore | None = None) -> None:
        self._seals = MonthSeals(target, database, store)
        self._months: Sequence[ChangedMonth] = ()

    @property
    def _model(self) -> Model:
        return self._seals.model

    @property
    def months(self) -> str:
        """In words, the months that were found changed last."""
        return ", ".join(f"{one.month:%B %Y}" for one in self._months)

    @property
    def names(self) -> str:
        """What these changes are called in [mapping.agreed] given_up."""
        return ", ".join(f'"{one.name}"' for one in self._months)

    def changed_afterwards(self) -> Found:
        """The days that are not any more as an earlier round sealed them, with sales that may be meant.

        Raises:
            NotCovered: nothing can be compared yet.
        """
        model = self._model
        self._months = self._seals.changed()
        place = model.records(ENTITY).place
        took_in(place, "months", len(self._seals.compared))
        rows: list[Row] = []
        for month in self._months:
            rows += self._rows(month, rows_wanted() - len(rows))
        pairs = [pair for month in self._months for pair in month.slices.values()]
        found = model.found(
            [dict(row) for row in rows],
            of=None,
            place=place,
            money=model.money(sum(abs(now.amount - before.amount) for before, now in pairs)),
        )
        return replace(found, count=sum(len(month.days) for month in self._months))

    def _rows(self, month: ChangedMonth, most: int) -> Sequence[Row]:
        """Of each slice that differs what is known of it, with its sales; of one without any that alone."""
        names = sorted(month.slices, key=lambda name: tuple(map(int, name.split("."))))[: max(most, 0)]
        rows: list[Row] = []
        for at, name in enumerate(names):
            before, now = month.slices[name]
            day = day_in(month.month, name)
            head = {"day": f"{day}", "sales were": self._in_words(before), "sales are": self._in_words(now)}
            sales: Sequence[Row] = ()
            with suppress(NotCovered):  # an export may lack what a sale is called by
                sales = self._sales(day, name, max(1, (most - len(rows)) // (len(names) - at)))
            rows += [{**head, **sale} for sale in sales] or [head]
        return rows

    def _sales(self, day: date, name: str, most: int) -> Sequence[Row]:
        model = self._seals.past
        sale = model.records(ENTITY)
        show = {"sale": model.shown_name(sale), "finalised": model.shown_time(sale.instant(FINAL))}
        if sale.has("branch"):
            show["branch"] = model.shown_branch(sale["branch"])
        if sale.has("total"):
            show["total"] = model.shown_money(sale.amount("total"))
        columns = [column.expression.label(f"shown_{words}") for words, column in show.items()]
        statement = select(*columns).select_from(sale.source).where(*in_slice(model, sale, day, name)).limit(most)
        found = model.database.rows(statement, about=f"{sale.place}, sample")
        return [{words: column.readable(row[f"shown_{words}"]) for words, column in show.items()} for row in found]

    def _in_words(self, one: Slice) -> str:
        return f"{one.count}, {self._model.money(one.amount):.{self._model.digits}f}"
