"""The strongest proof that there is: the lines of a record add up to what it says.

Tried on a sample only, and on every pair of columns that could mean it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypercare.init.names import column_says, load_vocabulary
from hypercare.init.sampling import Row, Samples, number
from hypercare.init.schema import NUMBERS, Table

_HEADS = 60
_CENT = Decimal("0.011")
# So many headers have to add up by a further column that did not without.
_LEAST_EXPLAINED = 2


@dataclass(frozen=True)
class Sum:
    """`total` of the header is the sum of a line's `amount`, or of quantity, price and discount, in `share` of `heads`.

    `discount` is (column, "share" | "percent" | "money"). `beside` is ("discount" | "surcharge", column) where that
    column of the header explains the headers whose lines add up to something else.
    """

    total: str | None
    amount: str | None
    quantity: str | None
    price: str | None
    discount: tuple[str, str] | None
    share: float
    heads: int
    beside: tuple[str, str] | None = None


@dataclass(frozen=True)
class _Way:
    amount: str | None
    quantity: str | None
    price: str | None
    discount: tuple[str, str] | None
    value: Callable[[Row], Decimal | None]


def proved_sums(samples: Samples, head: str, line: str, by: str, pointers: Mapping[str, Container[str]]) -> list[Sum]:
    """Every way in which lines add up to their header in most of the sample, the best first.

    `by` is the line's column that points at the header; `pointers` the columns of each table that point somewhere.
    """
    shape = samples.tables[head]
    key = shape.id
    rows = [row for row in samples.rows(head) if key and row.get(key) is not None]
    if not rows or key is None:
        return []
    lines: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in samples.matching(line, by, [row[key] for row in rows[:_HEADS]]):
        lines[row[by]].append(row)
    heads = [row for row in rows[:_HEADS] if lines.get(row[key])]
    if len(heads) < 3:
        return []
    found = []
    totals = [
        c.name
        for c in shape.columns.values()
        if c.type in NUMBERS and c.name not in shape.key and c.name not in pointers.get(head, ())
    ]
    for way in _ways(samples.tables[line], pointers.get(line, ())):
        sums = [_sum(lines[row[key]], way.value) for row in heads]
        for total in totals:
            stated_totals = [number(row.get(total)) for row in heads]
            pairs = [
                (a, b) for a, b in zip(sums, stated_totals, strict=True) if a is not None and b is not None and a != 0
            ]
            agreeing = sum(abs(a - b) <= _CENT for a, b in pairs)
            beside = None
            if pairs and agreeing < len(pairs):
                beside, agreeing = _beside(
                    heads, sums, stated_totals, [one for one in totals if one != total], agreeing
                )
            if len(pairs) >= 3 and len({b for _, b in pairs}) > 1 and agreeing / len(pairs) >= 0.6:
                share = agreeing / len(pairs)
                found.append(Sum(total, way.amount, way.quantity, way.price, way.discount, share, len(pairs), beside))
    return sorted(found, key=lambda one: -_merit(one, head, line))


def _beside(
    heads: Sequence[Row],
    sums: Sequence[Decimal | None],
    totals: Sequence[Decimal | None],
    columns: Sequence[str],
    agreeing: int,
) -> tuple[tuple[str, str] | None, int]:
    """The column by which the sums of lines come to the totals, whether taken off or added; and how many then agree.

    Only one with which all but none are left over, and that is nothing where they agree without it.
    """
    for column in columns:
        for word, sign in (("discount", -1), ("surcharge", 1)):
            rows = [
                (a + sign * (number(row.get(column)) or Decimal(0)), b, number(row.get(column)))
                for row, a, b in zip(heads, sums, totals, strict=True)
                if a is not None and b is not None and a != 0
            ]
            with_it = sum(abs(a - b) <= _CENT for a, b, _ in rows)
            if with_it == len(rows) and with_it - agreeing >= _LEAST_EXPLAINED:
                return (word, column), with_it
    return None, agreeing


def proved_products(samples: Samples, line: str, pointers: Container[str]) -> list[Sum]:
    """Where a line's own amount is its quantity times its price: proof of the three, whatever the header says."""
    rows = samples.rows(line)
    shape = samples.tables[line]
    found = []
    for way in _ways(shape, pointers):
        if way.quantity is None:
            continue
        for column in shape.columns.values():
            if column.type not in NUMBERS or column.name in {way.quantity, way.price} or column.name in shape.key:
                continue
            if column.name in pointers:
                continue
            if way.discount and way.discount[0] == column.name:
                continue
            pairs = [(way.value(row), number(row.get(column.name))) for row in rows]
            whole = [(a, b) for a, b in pairs if a is not None and b is not None and a != 0]
            trivial = all(number(row.get(way.quantity)) == 1 for row in rows)
            agreeing = sum(abs(a - b) <= _CENT for a, b in whole)
            if len(whole) >= 3 and not trivial and agreeing / len(whole) >= 0.8 and len({b for _, b in whole}) > 1:
                found.append(
                    Sum(None, column.name, way.quantity, way.price, way.discount, agreeing / len(whole), len(whole))
                )
    return sorted(found, key=lambda one: -_merit(one, "", line))


def _merit(one: Sum, head: str, line: str) -> float:
    """The share, and how well the names fit: several pairs may add up (net and gross where there is no tax)."""
    fields = load_vocabulary().fields
    names = 0.0
    for field, column, entity, table in (
        ("total", one.total, "sale", head),
        ("amount", one.amount, "sale_line", line),
        ("quantity", one.quantity, "sale_line", line),
        ("unit_price", one.price, "sale_line", line),
    ):
        if column is not None:
            names += column_says(column, table, fields[entity, field]) - 0.35
    return one.share + 0.6 * names - (0.05 if one.discount else 0.0)


def _ways(line: Table, pointers: Container[str]) -> Iterator[_Way]:
    numbers = [
        c.name for c in line.columns.values() if c.type in NUMBERS and c.name not in line.key and c.name not in pointers
    ]
    for amount in numbers:
        yield _Way(amount, None, None, None, lambda row, a=amount: number(row.get(a)))  # type: ignore[misc]
    fields = load_vocabulary().fields
    quantities = _best(numbers, line.name, fields["sale_line", "quantity"])
    prices = _best(numbers, line.name, fields["sale_line", "unit_price"])
    discounts = [n for n in numbers if column_says(n, line.name, fields["sale_line", "discount_percent"]) > 0.3]
    for quantity in quantities:
        for price in prices:
            if quantity == price:
                continue
            yield _Way(None, quantity, price, None, lambda r, q=quantity, p=price: _times(r, q, p))  # type: ignore[misc]
            for discount in discounts:
                for form in ("share", "percent", "money"):
                    yield _Way(
                        None,
                        quantity,
                        price,
                        (discount, form),
                        lambda r, q=quantity, p=price, d=discount, f=form: _less(r, q, p, d, f),  # type: ignore[misc]
                    )


def _best(names: Sequence[str], table: str, patterns: Any) -> list[str]:
    scored = [(column_says(name, table, patterns), name) for name in names]
    return [name for score, name in sorted(scored, reverse=True) if score > 0.2][:4]


def _times(row: Row, quantity: str, price: str) -> Decimal | None:
    q, p = number(row.get(quantity)), number(row.get(price))
    return None if q is None or p is None else q * p


def _less(row: Row, quantity: str, price: str, discount: str, form: str) -> Decimal | None:
    full, off = _times(row, quantity, price), number(row.get(discount)) or Decimal(0)
    if full is None:
        return None
    if form == "money":
        return full - off
    return full * (1 - (off if form == "share" else off / 100))


def _sum(rows: list[Row], value: Callable[[Row], Decimal | None]) -> Decimal | None:
    values = [value(row) for row in rows]
    numbers = [one for one in values if one is not None]
    return sum(numbers, Decimal(0)) if numbers else None
