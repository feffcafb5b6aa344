"""A trial sale as the other sources have it: the client itself, its list, another client, the database."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from hypercare.clients.client import Client, SaleSeen, Way
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import SaleState, Task
from hypercare.trials.synthetic import MARK, SEVERAL, Synthetic, is_reference

Row = dict[str, object]
_NOTHING = Decimal(0)


class SaleOnRecord(Protocol):
    """A sale as the database has it; what is not mapped is None or empty. `payments` are sums by method."""

    @property
    def state(self) -> str | None: ...
    @property
    def total(self) -> Decimal | None: ...
    @property
    def lines_total(self) -> Decimal | None: ...
    @property
    def payments(self) -> Mapping[str, Decimal]: ...


class SaleRecords(Protocol):
    def by_number(self, number: str, key: str = "", branch: str | None = None) -> SaleOnRecord | None: ...
    def by_id(self, identity: object) -> SaleOnRecord | None: ...


class AmbiguousSale(NotCovered):
    """The trial's record cannot be told from others, or not be found by what the client knows of it."""


class Comparison:
    """`client` is the one that the sale was made through; `not_told` are comparisons that could not be made."""

    def __init__(self, synthetic: Synthetic, client: Client, sale: SaleSeen) -> None:
        self._synthetic = synthetic
        self._client = client
        self._sale = sale
        self.ambiguous: list[AmbiguousSale] = []

    def within(self, state: SaleState) -> list[Row]:
        """Whether the client agrees with itself: total, lines, payments, state."""
        client, sale = self._client, self._sale
        amounts = {"total": sale.total}
        if sale.lines:
            amounts["sum of the lines"] = sum((line.amount for line in sale.lines), _NOTHING)
        if sale.payments:
            amounts["sum of the payments"] = sum((payment.amount for payment in sale.payments), _NOTHING)
        rows = [self._row(client.channel.words, what, sale.total, v) for what, v in amounts.items() if v != sale.total]
        if sale.state != state:
            rows.append(self._row(client.channel.words, "state", state, sale.state))
        return rows + self._three_of_one()

    def with_list(self) -> list[Row]:
        """Whether the list shows the sale that was just made, with the same total."""
        sale = self._sale
        found = [
            one for one in self._client.sales_listed(sale.number or "") if one.key == sale.key and self._may_be(one)
        ]
        where = f"the list in {self._client.channel.words}"
        if not found:
            return [self._row(where, "sale", "listed", "missing")]
        if any(one.total == sale.total for one in found):
            return []
        return [self._row(where, "total", sale.total, one.total) for one in found[:1]]

    def with_other(self, other: Way) -> list[Row]:
        """The same sale as another way in shows it."""
        with self._synthetic.accounts.client_for(other, Task.UNDO) as second:
            shown = self._seen_by(second)
        if shown is None:
            return [self.not_seen_by(other, "missing")]
        pairs: dict[str, tuple[object, object]] = {"total": (self._sale.total, shown.total)}
        pairs["state"] = (self._sale.state, shown.state)
        if self._sale.payments and shown.payments:
            pairs["payments"] = (_paid(self._sale), _paid(shown))
        where = self._by_the_other(other)
        return [self._row(where, what, here, there) for what, (here, there) in pairs.items() if here != there]

    def not_seen_by(self, other: Way, found: str) -> Row:
        return self._row(self._by_the_other(other), "sale", "there", found)

    def with_records(self, records: SaleRecords, state: SaleState, *, undone: bool) -> list[Row]:
        """What the database says of it; nothing where it has no such thing mapped."""
        sale = self._sale
        try:
            found = (
                records.by_number(sale.number, sale.key, self._branch)
                if sale.number
                else records.by_id(plain_key(sale.key))
            )
        except AmbiguousSale as gap:
            self.ambiguous.append(gap)
            return []
        except NotCovered:
            return []
        where = f"the database, of a sale made in {self._client.channel.words}"
        if found is None:
            return [] if undone else [self._row(where, "sale", "there", "missing")]
        # What is undone may keep its total or be set to nothing, as the system has it.
        right = {sale.total, _NOTHING} if undone else {sale.total}
        expected: dict[str, tuple[set[Decimal] | set[SaleState], object]] = {"state": ({state}, found.state)}
        expected["total"] = (right, found.total)
        expected["sum of the lines"] = (right, found.lines_total)
        if found.payments:
            left = sum(found.payments.values(), _NOTHING)
            expected["money left after voiding" if undone else "payments"] = (
                {_NOTHING if undone else sale.total},
                left,
            )
        return [
            self._row(where, what, max(rights), recorded)
            for what, (rights, recorded) in expected.items()
            if recorded is not None and recorded not in rights
        ]

    @property
    def _branch(self) -> str | None:
        """As the target file calls it; a client may show a word of its own. The trial was made in the canary."""
        named = self._sale.branch
        canary = self._synthetic.target.config.canary.branch
        return named if named in self._synthetic.accounts.branches else canary or named

    def _three_of_one(self) -> list[Row]:
        """A line of three costs three times what the line of one costs, but for what is rounded; a cart that puts equal
        lines together shows no such lines."""
        by_quantity = {line.quantity: line.amount for line in self._sale.lines}
        if len(self._sale.lines) != 2 or by_quantity.keys() != {Decimal(1), SEVERAL}:
            return []
        right, shown = SEVERAL * by_quantity[Decimal(1)], by_quantity[SEVERAL]
        rounded = Decimal(2).scaleb(-self._synthetic.target.config.business.minor_units)
        if abs(right - shown) <= rounded:
            return []
        return [self._row(self._client.channel.words, f"{SEVERAL} times the line of one", right, shown)]

    def _seen_by(self, client: Client) -> SaleSeen | None:
        """The sale in another client, which may have keys of its own: by its number, in its branch.

        Raises:
            AmbiguousSale: several sales there could be meant.
        """
        sale = self._sale
        listed = [
            one for one in client.sales_listed(sale.number or "") if self._is_called_so(one) and self._may_be(one)
        ]
        if len(listed) > 1:
            listed = [one for one in listed if one.key == sale.key] or listed
        read = [
            shown_sale
            for one in listed[:5]
            if (shown_sale := client.read_sale(one.key)) is not None and self._may_be(shown_sale)
        ]
        named = [one for one in read if sale.reference and is_reference(one.reference or "", sale.reference)]
        if len(named or read) > 1:
            raise AmbiguousSale(
                f"{len(read)} sales in {client.channel.words} have the number of the trial sale; "
                "which it is, none says.",
                remedy="Say in the declaration of that client where a sale shows its branch or its reference.",
            )
        return next(iter(named or read), None)

    def _is_called_so(self, one: SaleSeen) -> bool:
        return one.number == self._sale.number if self._sale.number else one.key == self._sale.key

    def _may_be(self, one: SaleSeen) -> bool:
        """Not one that says of itself that it is another branch's, or another trial.

        Ways in may show different texts as the reference (a note here, the app's own key there): that another text
        stands there tells nothing.
        """
        others = set(self._synthetic.accounts.branches) - {self._branch, self._synthetic.target.config.canary.branch}
        if one.branch in others:
            return False
        theirs, ours = one.reference or "", self._sale.reference or ""
        both_marked = MARK in theirs.lower() and MARK in ours.lower()
        return not both_marked or is_reference(theirs, ours)

    def _by_the_other(self, other: Way) -> str:
        return f"{other.channel.words}, of a sale made in {self._client.channel.words}"

    def _row(self, where: str, what: str, right: object, found: object) -> Row:
        name = self._sale.number or self._sale.key
        return {"source": where, "sale": name, "what": what, "expected": str(right), "told": str(found)}


def plain_key(key: str) -> object:
    """A key as the database compares it: pages and addresses write numbers as text."""
    return int(key) if key.isdigit() else key


def _paid(sale: SaleSeen) -> Decimal:
    return sum((payment.amount for payment in sale.payments), _NOTHING)
