"""Sales as a list shows them beside the database's: as many, as new, of the same totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import or_, select

from hypercare.operations.sale_lookup import ids_of_branch
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import untyped
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_BACK = timedelta(days=7)
_SETTLED = timedelta(minutes=5)  # what a list may take to show what was entered
_STALE = timedelta(minutes=30)
_MOST = 200
_ENOUGH = 5  # sales, by which to tell how a list is made
_COMPLETE = 0.9

Row = Mapping[str, Any]


class Listed(Protocol):
    """A sale as a client lists it."""

    @property
    def key(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def total(self) -> Decimal: ...


class ListedSales:
    """`listed` is what somebody of `branch` is shown, the newest first; None is somebody of all branches."""

    def __init__(self, model: Model, listed: Sequence[Listed], branch: str | None, now: datetime) -> None:
        self._model = model
        self._listed = listed
        self._branch = branch
        self._now = now

    def with_another_total(self) -> Found:
        """Final sales of which the list and the database tell different totals.

        Raises:
            NotCovered: too few are found in the database, or so many differ that the two totals are not the same thing.
        """
        final = [(one, row) for one, row in self._pairs if one.state == "final" == row.get("state", "final")]
        rows: list[dict[str, object]] = [
            {"sale": one.number or one.key, "listed": f"{one.total}", "in the database": f"{self._total_of(row)}"}
            for one, row in final
            if one.total != self._total_of(row)
        ]
        if len(rows) * 2 > len(final) and len(final) >= _ENOUGH:
            raise NotCovered(
                f"{len(rows)} of {len(final)} listed sales have another total than the database's: the two are not the "
                "same thing here (with tax and without, say).",
                remedy="Say in [rest.sale_in_list] total, or in [mapping.sale] total, where the same total stands.",
            )
        return self._model.found(rows, of=len(final), place="the list of sales")

    def newer_than_the_list(self) -> Found:
        """Sales of the database that are newer than all that the list shows, where it shows all others.

        Raises:
            NotCovered: how the list is made cannot be told.
        """
        places = [self._places[id(row)] for _, row in self._pairs]
        first, last = min(places), max(places)
        shown = [row for row in self._rows[first : last + 1] if self._is_listed_kind(row)]
        times = [self._at(row) for _, row in self._pairs]
        if times != sorted(times, reverse=True) or len(places) < _COMPLETE * len(shown):
            raise NotCovered(
                "The list of sales is not the newest first, or leaves some out, so how new it is cannot be told.",
                remedy="Declare in [rest.list_sales] how to ask for all sales, the newest first.",
            )
        newer = [row for row in self._rows[:first] if self._is_listed_kind(row)]
        apart = self._at(newer[0]) - self._at(self._rows[first]) if newer else timedelta(0)
        stale = newer if len(newer) >= _ENOUGH and apart >= _STALE else []
        rows: list[dict[str, object]] = [
            {"sale": row.get("number") or row["id"], "entered": f"{self._at(row):%Y-%m-%d %H:%M}"} for row in stale
        ]
        return self._model.found(rows, of=len(newer) + len(places), place="the list of sales")

    @cached_property
    def _rows(self) -> Sequence[Row]:
        """The newest sales of the database that a list should show by now."""
        model, sale = self._model, self._model.records("sale")
        created = sale.instant("created_at")
        columns = {"id": sale["id"], "created_at": created.raw, "total": sale.amount("total").minor}
        columns |= {"number": sale["number"]} if sale.has("number") else {}
        columns |= {"state": sale.word("state")} if sale.has("state") else {}
        where = [created.within(Period(self._now - _BACK, self._now - _SETTLED))]
        ids = ids_of_branch(model, self._branch) if self._branch is not None and sale.has("branch") else []
        if ids:
            branch_ids = [untyped(one, model.database.dialect) for one in ids]
            where.append(or_(sale["branch"].in_(branch_ids), sale["branch"].is_(None)))
        statement = select(*(column.label(name) for name, column in columns.items())).where(*where)
        return model.database.rows(statement.order_by(created.raw.desc()).limit(_MOST), about="the newest sales")

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {id(row): place for place, row in enumerate(self._rows)}

    @cached_property
    def _pairs(self) -> Sequence[tuple[Listed, Row]]:
        by_id = {str(row["id"]).lower(): row for row in self._rows}
        numbers = [str(row["number"]) for row in self._rows if row.get("number") is not None]
        by_number = {str(row.get("number")): row for row in self._rows if numbers.count(str(row.get("number"))) == 1}
        pairs = []
        for one in self._listed:
            row = by_number.get(one.number) if one.number else by_id.get(one.key.lower())
            if row is not None:
                pairs.append((one, row))
        took_in("the list of sales", "sales", len(self._listed), len(pairs))
        if len(pairs) < _ENOUGH:
            raise NotCovered(
                f"{len(pairs)} of {len(self._listed)} listed sales are found among the {len(self._rows)} newest of the "
                f"database, which is too few to compare.",
                remedy="It is compared once more was sold. Else see whether [rest.sale] number and "
                "[mapping.sale] number "
                "are the same number.",
            )
        return pairs

    def _is_listed_kind(self, row: Row) -> bool:
        """A list may leave out drafts, or void sales."""
        return row.get("state") in {row_of_database.get("state") for _, row_of_database in self._pairs}

    def _total_of(self, row: Row) -> Decimal:
        return self._model.money(row["total"] or 0)

    def _at(self, row: Row) -> datetime:
        at = self._model.records("sale").instant("created_at").timestamp_format.decode(row["created_at"])
        assert at is not None
        return at.astimezone(self._model.calendar.zone)
