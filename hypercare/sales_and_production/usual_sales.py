"""The sales of today beside those of such days before: of each branch, by each way of payment, and of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func

from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.sales_and_production.by_this_hour import Amounts, ByDay, Series, by_this_hour
from hypercare.sales_and_production.same_weekday import Usual, not_enough_history, usual_on
from hypercare.seals import Seals, Watch
from hypercare.target_file.open_hours import closed_on, service_periods

# Where fewer are usual, nothing at all may be chance.
_LEAST_USUAL = 20
_SALES = Watch("sale", "finalised_at")
_PAYMENTS = Watch("payment", "paid_at")
_NONE = Amounts()


@dataclass(frozen=True)
class _Compared:
    part: str
    today: Amounts
    usual: Usual


class UsualSales:
    """Each day is compared up to the last full hour, with days of its own name or kind."""

    def __init__(self, model: Model, seals: Seals, lowest: float) -> None:
        self._model = model
        self._seals = seals
        self._lowest = lowest
        self._today = model.calendar.date_of(model.as_of)

    def branches_unlike_themselves(self) -> Found:
        """Branches whose count of final sales is far from what is usual there, be it too few or too many.

        Where all that can be judged have few, the business has: other checks tell of that. Where all have many, it is
        a day for everybody: the sales before a feast. A branch that is closed
        today, or has been on such a day before, is not missed.

        Raises NotCovered where no branch has enough history.
        """
        judged = [one for one in self._compared(self._by_branch) if not self._may_be_closed(one.part, one.today)]
        if not judged:
            raise not_enough_history("how many sales a branch makes", self._known(self._by_branch))
        low = [one for one in judged if self._has_too_few(one)]
        high = [one for one in judged if one.usual.is_far_above(one.today.many)]
        if all(one.today.many < self._lowest * one.usual.middle for one in judged):
            low = []
        if len(high) == len(judged) > 1:
            high = []
        rows: list[dict[str, object]] = [
            {
                "branch": self._branch_word(one.part),
                "sales by this hour": one.today.many,
                "usual": round(one.usual.middle, 1),
                "earlier days": one.usual.days,
            }
            for one in (*low, *high)
        ]
        return self._model.found(rows, of=len(judged), place=self._model.records("sale").place)

    def of_branches(self) -> Mapping[str, Mapping[date, int]]:
        """By the word for a branch, how many final sales it had by this hour on each day of the watch, today included.

        Without those that are closed today, or have been on such a day before.
        """
        days = self._by_branch
        return {
            self._branch_word(part): {day: parts[part].many for day, parts in days.items() if part in parts}
            for part in sorted({part for parts in days.values() for part in parts})
            if not self._may_be_closed(part, days.get(self._today, {}).get(part, _NONE))
        }

    def ways_of_payment_without_any(self) -> Found:
        """Ways of payment by which nothing was paid today, though much always was by this hour on such days.

        Where hardly anything was paid at all, the business has stopped: other checks tell of that.

        Raises NotCovered where no way of payment has enough history.
        """
        judged = list(self._compared(self._by_method))
        if not judged:
            raise not_enough_history("how people pay", self._known(self._by_method))
        paid = sum(one.many for one in self._by_method.get(self._today, {}).values())
        goes_on = paid >= self._lowest * sum(one.usual.middle for one in judged)
        silent = [one for one in judged if goes_on and one.usual.misses_all(one.today.many)]
        rows: list[dict[str, object]] = [
            {"paid by": one.part, "usual by this hour": round(one.usual.middle, 1), "earlier days": one.usual.days}
            for one in silent
        ]
        return self._model.found(rows, of=len(judged), place=self._model.records("payment").place)

    def _has_too_few(self, one: _Compared) -> bool:
        return one.usual.is_far_below(one.today.many, self._lowest) or one.usual.misses_all(one.today.many)

    # -- days --------------------------------------------------------------------------------------------------

    @cached_property
    def _by_branch(self) -> ByDay:
        def final_sales() -> Series:
            sale = self._model.records("sale")
            among = (sale.is_mostly("state", "final"), *self._model.excluding_canary(sale))
            return Series(sale.source, sale.instant("finalised_at"), sale["branch"], sale.amount("total").minor, among)

        return by_this_hour(self._model, self._seals, "final sales by branch", _SALES, final_sales)

    @cached_property
    def _by_method(self) -> ByDay:
        def payments() -> Series:
            payment = self._model.records("payment")
            among = (
                payment["amount"] > 0,
                *self._model.excluding_canary(payment),
                *self._model.synthetic.not_of_synthetic_sale(payment),
            )
            method = func.coalesce(payment.word("method"), "")
            return Series(payment.source, payment.instant("paid_at"), method, payment.amount("amount").minor, among)

        return by_this_hour(self._model, self._seals, "payments by method", _PAYMENTS, payments)

    def _compared(self, days: ByDay) -> Iterator[_Compared]:
        """Parts that have been there on each such day since they were first, and enough of them, beside today."""
        for part in sorted({part for parts in days.values() for part in parts}):
            first = min(day for day, parts in days.items() if part in parts)
            worked = {day: parts for day, parts in days.items() if day >= first and not self._is_closed(day)}
            earlier = {day: float(parts.get(part, _NONE).many) for day, parts in worked.items() if day < self._today}
            usual = usual_on(self._today, earlier)
            if usual is not None and usual.middle >= _LEAST_USUAL:
                yield _Compared(part, days.get(self._today, {}).get(part, _NONE), usual)

    def _known(self, days: Mapping[date, object]) -> int:
        return sum(day < self._today for day in days)

    def _is_closed(self, day: date, *names: str) -> bool:
        return closed_on(self._model.target.config.business, day, names) is not None

    def _may_be_closed(self, branch: str, today: Amounts) -> bool:
        """Whether a branch without a sale is closed today, or was without any on some such day before."""
        if today.many:
            return False
        word, business = self._branch_word(branch), self._model.target.config.business
        midnight = self._model.calendar.day(self._today).start
        if self._is_closed(self._today, branch, word) or not service_periods(
            business, midnight, self._model.as_of, word
        ):
            return True
        first = min(day for day, parts in self._by_branch.items() if branch in parts)
        alike = [day for day in self._by_branch if day >= first and day.weekday() == self._today.weekday()]
        return any(branch not in self._by_branch[day] for day in alike if day < self._today)

    def _branch_word(self, part: str) -> str:
        words = {str(branch): word for branch, word in self._model.branch_words.items()}
        return words.get(part, part)
