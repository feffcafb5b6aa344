"""One sale as the database has it, for comparison with what the clients say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from hypercare.operations_model.amounts import total_of
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import untyped
from hypercare.operations_model.records import Records
from hypercare.trials.comparison import AmbiguousSale

_MOST = 200  # branches that may each have given the same number


@dataclass(frozen=True)
class RecordedSale:
    """`state` is draft, final or void; `branch` its code or name; `payments` sums by method; None where unmapped."""

    id: object
    number: str | None
    state: str | None
    total: Decimal | None
    branch: str | None
    lines: int | None = None
    lines_total: Decimal | None = None
    payments: Mapping[str, Decimal] = field(default_factory=dict)
    revenue: Decimal | None = None
    """What the ledger holds as its revenue."""


def look_up(
    model: Model, field_name: str, value: object, key: str = "", branch: str | None = None
) -> RecordedSale | None:
    """The sale whose field has this value, whole, from one snapshot. Of several it is the one of `branch` (its code,
    name or id), with the id `key`, and of those the newest.

    Raises:
        AmbiguousSale: which of several is meant cannot be told, or the key is none of the database's.
    """
    sale = model.records("sale")
    columns = [sale["id"].label("id")]
    if sale.has("number"):
        columns.append(sale["number"].label("number"))
    if sale.has("state"):
        columns.append(sale.word("state").label("state"))
    if sale.has("total"):
        columns.append(sale.amount("total").minor.label("total"))
    if sale.has("branch"):
        columns.append(sale["branch"].label("branch"))
    if sale.has("created_at"):
        columns.append(sale["created_at"].label("created_at"))
    with model.database.snapshot():
        meant = sale.holds(field_name, value)
        found = _Candidates(model, sale, select(*columns).where(meant).limit(_MOST))
        row = found.of(branch, key)
        if row is None:
            if field_name == "id":
                _require_ids_like(model, sale, str(value))
            return None
        lines, lines_total = _lines(model, row["id"])
        return RecordedSale(
            id=row["id"],
            number=row.get("number"),
            state=row.get("state"),
            total=model.money(row["total"]) if "total" in row else None,
            branch=model.branch_word(row["branch"]) if "branch" in row else None,
            lines=lines,
            lines_total=lines_total,
            payments=_payments(model, row["id"]),
            revenue=_revenue(model, row["id"]),
        )


class _Candidates:
    """Sales of one number: each branch may have one, and each year."""

    def __init__(self, model: Model, sale: Records, statement: Select[Any]) -> None:
        self._model = model
        self._sale = sale
        self._statement = statement

    def of(self, branch: str | None, key: str) -> Mapping[str, Any] | None:
        sale = self._sale
        ids = ids_of_branch(self._model, branch) if branch is not None and sale.has("branch") else []
        # Asked for by branch: hundreds of branches may have this number.
        branch_ids = [untyped(one, self._model.database.dialect) for one in ids]
        there = (
            self._rows(self._statement.where(or_(sale["branch"].in_(branch_ids), sale["branch"].is_(None))))
            if ids
            else []
        )
        rows = there or self._rows(self._statement)
        named = [row for row in rows if _plain(row["id"]) == _plain(key)]
        if named or not rows or (len(rows) == 1 and (there or not ids)):
            return next(iter(named or rows), None)
        if there and "created_at" in rows[0]:
            return max(rows, key=lambda row: str(row["created_at"] or ""))
        several = "one of another branch" if len(rows) == 1 else f"{len(rows)} of them"
        raise AmbiguousSale(
            f"The number of the trial sale is in the database ({several}), but which sale it is cannot be told.",
            remedy="Map branch and created_at in [mapping.sale], and code and name in [mapping.branch], so that it is "
            "looked for in the branch of the trial.",
        )

    def _rows(self, statement: Select[Any]) -> Sequence[Mapping[str, Any]]:
        return self._model.database.rows(statement, about="one sale")


def ids_of_branch(model: Model, branch: str) -> list[object]:
    """By its id, code or name; empty where the database knows none that is called so."""
    if not model.has("branch", "id"):
        return [branch]
    branches = model.records("branch")
    words = [field for field in ("id", "code", "name") if branches.has(field)]
    rows = model.database.rows(select(*(branches[word].label(word) for word in words)).limit(2000), about="branches")
    called = branch.strip().casefold()
    return [row["id"] for row in rows if any(str(row[word]).strip().casefold() == called for word in words)]


def _require_ids_like(model: Model, sale: Records, key: str) -> None:
    """A key that is written otherwise than the database's ids is none of them, so nothing is missing."""
    some = model.database.value(select(sale["id"]).limit(1), about="ids of sales")
    if some is not None and str(some).isdigit() != key.isdigit():
        raise AmbiguousSale(
            f"The trial sale is known by the key {key!r}, which is written otherwise than the ids in the database.",
            remedy="Say in [rest.sale] key where the database's id stands, or map the column that holds "
            "this key as id.",
        )


def _plain(identity: object) -> str:
    """UUIDs are written with dashes and without, large and small."""
    return str(identity).replace("-", "").strip("{}").casefold()


def _lines(model: Model, sale: object) -> tuple[int | None, Decimal | None]:
    from hypercare.operations.sale_values import line_value

    if not model.has("sale_line", "sale"):
        return None, None
    line = model.records("sale_line")
    whose = line["sale"] == sale
    many = model.count(line, whose)
    if not line.has("amount") and not line.has("quantity", "unit_price"):
        return many, None
    summed = select(func.coalesce(func.sum(line_value(line)), 0)).where(whose)
    return many, model.money(round(Decimal(str(model.database.value(summed, about="its lines")))))


def _payments(model: Model, sale: object) -> Mapping[str, Decimal]:
    if not model.has("payment", "sale", "amount"):
        return {}
    payment = model.records("payment")
    method = payment.word("method") if payment.has("method") else None
    total = payment.amount("amount").total.label("sum")
    statement = select(total).where(payment["sale"] == sale)
    if method is not None:
        each = select(method.label("method"), payment.amount("amount").exact.label("amount"))
        paid = each.where(payment["sale"] == sale).subquery("each_one")
        statement = select(total_of(paid.c.amount).label("sum"), paid.c.method).group_by(paid.c.method)
    rows = model.database.rows(statement, about="its payments")
    return {str(row.get("method", "any")): model.money(row["sum"]) for row in rows}


def _revenue(model: Model, sale: object) -> Decimal | None:
    if not model.has("ledger_entry", "sale", "account", "debit", "credit"):
        return None
    entry = model.records("ledger_entry")
    net = (entry.amount("credit").total - entry.amount("debit").total).label("net")
    statement = select(net).where(entry["sale"] == sale, entry.is_("account", "revenue"))
    return model.money(model.database.value(statement, about="its revenue"))
