"""The first sales of each branch and each person, looked at in what can be told before there is any history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal_column, not_, or_, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Doubt, Found
from hypercare.outcome.signals import NotCovered

# So many of each branch, and of each person, are first.
_FIRST = 3
_MOST = 1500
# What more than one in so many first sales has is no slip of a beginner.
_ONE_IN = 10
_ENOUGH_TO_DOUBT = 3
_FAR: ColumnElement[int] = literal_column("3")


@dataclass(frozen=True)
class _Detail:
    """Something that may be wrong with a sale: `words` stand after "the sale"."""

    words: str
    wrong: ColumnElement[bool]


class FirstSales:
    """Final sales since go-live, of the branches that are named or of all."""

    def __init__(self, model: Model, branches: Collection[str] | None) -> None:
        self._model = model
        self._branches = branches

    @property
    def many(self) -> int:
        return len(self._rows)

    def wrong_in_a_detail(self) -> Found:
        """First sales that lack something, or have something that a sale has not.

        A detail that a tenth of them have wrong is how this business works: in doubt, where there is no other.

        Raises NotCovered where nothing was sold yet.
        """
        sale = self._model.records("sale")
        if not self._rows:
            raise NotCovered("Nothing has been sold yet.", remedy="Nothing to mend: look again when something was.")
        by_words = {
            words: [row for row in self._rows if row[f"detail_{number}"]] for number, words in enumerate(self._words)
        }
        usual = {words for words, rows in by_words.items() if self._is_usual(len(rows))}
        wrong: dict[int, tuple[Mapping[str, Any], list[str]]] = {}
        for words, rows in by_words.items():
            for row in rows if words not in usual else ():
                wrong.setdefault(id(row), (row, []))[1].append(words)
        shown = [self._shown(row, words) for row, words in wrong.values()]
        found = self._model.found(shown, of=self.many, place=sale.place)
        if shown or not usual:
            return found
        unusual = [self._shown(row, [words]) for words in usual for row in by_words[words]]
        said = ", ".join(sorted(usual))
        doubt = Doubt(f"Of {self.many} first sales more than one in {_ONE_IN} is so: {said}. That seems to be usual.")
        return replace(self._model.found(unusual, of=self.many, place=sale.place), doubt=doubt)

    def _is_usual(self, wrong: int) -> bool:
        return wrong >= _ENOUGH_TO_DOUBT and wrong * _ONE_IN > self.many

    def _shown(self, row: Mapping[str, Any], words: Sequence[str]) -> dict[str, object]:
        shown: dict[str, object] = {"sale": row["name"]}
        if "branch" in row:
            shown["branch"] = self._model.branch_word(row["branch"])
        return {**shown, "what is wrong": "; ".join(words)}

    # -- which they are, and what is known of them -------------------------------------------------------------

    @cached_property
    def _rows(self) -> Sequence[Mapping[str, Any]]:
        ids = self._ids
        if not ids:
            return ()
        sale = self._model.records("sale")
        columns = {"name": self._model.shown_name(sale).expression}
        if sale.has("branch"):
            columns["branch"] = sale["branch"]
        for number, detail in enumerate(self._details(sale)):
            columns[f"detail_{number}"] = one_if(detail.wrong)
        statement = select(*(column.label(name) for name, column in columns.items())).where(sale["id"].in_(ids))
        return self._model.database.rows(statement, about="first sales")

    @cached_property
    def _ids(self) -> Sequence[Any]:
        sale = self._model.records("sale")
        final = sale.instant("finalised_at")
        whose = [sale[field] for field in ("branch", "created_by") if sale.has(field)] or [literal_column("1")]
        ranks = [
            func.row_number().over(partition_by=one, order_by=[final.raw, sale["id"]]).label(f"rank_{number}")
            for number, one in enumerate(whose)
        ]
        ranked = (
            select(sale["id"].label("id"), *ranks)
            .where(
                sale.is_mostly("state", "final"),
                final.within(self._model.hypercare),
                *self._in_focus(sale),
                *self._model.excluding_canary(sale),
            )
            .subquery("ranked")
        )
        first = or_(*(ranked.c[f"rank_{number}"] <= _FIRST for number in range(len(whose))))
        rows = self._model.database.rows(select(ranked.c.id).where(first).limit(_MOST), about="which sales are first")
        return [row["id"] for row in rows]

    def _in_focus(self, sale: Records) -> Sequence[ColumnElement[bool]]:
        if self._branches is None or not sale.has("branch"):
            return ()
        words = self._model.branch_words
        ids = [branch for branch, word in words.items() if {str(branch), word} & set(self._branches)]
        return (sale["branch"].in_(ids),) if ids else ()

    # -- the details -------------------------------------------------------------------------------------------

    @cached_property
    def _words(self) -> Sequence[str]:
        return [detail.words for detail in self._details(self._model.records("sale"))]

    def _details(self, sale: Records) -> Sequence[_Detail]:
        """What can be told of a sale by what is mapped."""
        details = [*self._of_head(sale), *self._of_lines(sale), *self._of_payments(sale)]
        if not details:
            sale.need("number")
        return details

    def _of_head(self, sale: Records) -> Sequence[_Detail]:
        details = []
        if sale.has("number"):
            blank = or_(sale["number"].is_(None), func.trim(cast(sale["number"], String(200))) == "")
            details.append(_Detail("it has no number", blank))
        if sale.has("created_by"):
            details.append(_Detail("nobody is said to have entered it", sale["created_by"].is_(None)))
        return details

    def _of_lines(self, sale: Records) -> Sequence[_Detail]:
        if not self._model.has("sale_line", "sale"):
            return ()
        line = self._model.records("sale_line")
        of_it = line["sale"] == sale["id"]
        details = [_Detail("it has no line", not_(exists().where(of_it)))]
        if line.has("product"):
            details.append(_Detail("a line names no product", exists().where(of_it, line["product"].is_(None))))
        if line.has("quantity"):
            details.append(_Detail("a line is of no quantity", exists().where(of_it, _is_none(line["quantity"]))))
        if line.has("unit_price"):
            details.append(_Detail("a line has no price", self._without_price(of_it, line)))
        if line.has("unit_price", "product") and self._model.has("product", "id", "price"):
            details.append(_Detail("a price is far from that of the list", self._far_from_list(of_it, line)))
        return details

    def _without_price(self, of_it: ColumnElement[bool], line: Records) -> ColumnElement[bool]:
        """No price at all, or nothing for what the list has a price for: some things are free."""
        missing = exists().where(of_it, line["unit_price"].is_(None))
        if not line.has("product") or not self._model.has("product", "id", "price"):
            return missing
        product = self._model.records("product")
        for_nothing = and_(line.amount("unit_price").exact == 0, product.amount("price").exact > 0)
        return or_(missing, exists().where(of_it, line["product"] == product["id"], for_nothing))

    def _far_from_list(self, of_it: ColumnElement[bool], line: Records) -> ColumnElement[bool]:
        product = self._model.records("product")
        price, listed = line.amount("unit_price").exact, product.amount("price").exact
        far = or_(price >= listed * _FAR, price * _FAR <= listed)
        return exists().where(of_it, line["product"] == product["id"], and_(listed > 0, price > 0, far))

    def _of_payments(self, sale: Records) -> Sequence[_Detail]:
        if not self._model.has("payment", "sale"):
            return ()
        payment = self._model.records("payment")
        of_it = payment["sale"] == sale["id"]
        details = []
        if payment.has("method"):
            unsaid = or_(payment["method"].is_(None), func.trim(cast(payment["method"], String(200))) == "")
            details.append(_Detail("a payment does not say how it was made", exists().where(of_it, unsaid)))
        return details


def _is_none(number: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(number.is_(None), number == literal_column("0"))
