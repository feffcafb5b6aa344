"""Production orders beside the sales that they are for: an order without one is work that nobody pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.look_ups import has_any
from hypercare.operations_model.model import CLOCKS_DIFFER_BY, Model
from hypercare.operations_model.portable import whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import Excuse


@dataclass(frozen=True)
class OrdersBesideSales:
    """Questions about the orders opened in the period that is watched. Each is in doubt where much of the past is so:
    who works for stock, or begins before the sale is final, does it all the time."""

    model: Model

    def of_no_sale(self) -> Violations:
        """Orders that name no sale, but for cancelled ones."""
        order = self.model.records("production_order")
        _ = order["sale"]
        return self._violations(order, order["sale"].is_(None), {})

    def of_a_draft(self) -> Violations:
        """Orders under way or done whose sale is not final."""
        order, sale = self.model.records("production_order"), self.model.records("sale")
        is_draft = sale.is_("state", "draft")
        was_draft = is_draft
        if sale.has("finalised_at") and order.has("created_at"):
            # Sales that became final since were drafts while the order was opened.
            later = order.instant("created_at").surely_precedes(sale.instant("finalised_at"), CLOCKS_DIFFER_BY)
            was_draft = or_(is_draft, later)
        of_draft, was_of_draft = (has_any(self.model, sale, "id", order["sale"], one) for one in (is_draft, was_draft))
        return self._violations(order, of_draft, {"sale": self.model.shown(order, "sale")}, was_of_draft)

    def of_what_is_not_made_to_order(self) -> Violations:
        """Orders whose sale is one of things that are sold as they are."""
        order, sale = self.model.records("production_order"), self.model.records("sale")
        _ = sale.is_("kind", "made_to_order")
        other = and_(sale["kind"].is_not(None), not_(sale.is_("kind", "made_to_order")))
        return self._violations(
            order,
            has_any(self.model, sale, "id", order["sale"], other),
            {"sale": self.model.shown(order, "sale")},
        )

    def dearer_than_their_sale(self) -> Violations:
        """Orders completed in the period that have cost more than their sale comes to."""
        order, sale = self.model.records("production_order"), self.model.records("sale")
        cost = self.model.records("cost")
        spent = (
            select(func.coalesce(func.sum(cost.amount("amount").exact), 0))
            .select_from(cost.source)
            .where(cost["order"] == order["id"])
            .scalar_subquery()
        )
        total = sale.amount("total")
        completed = order.instant("completed_at")
        query = ViolationQuery(
            source=order.source.join(sale.source, order["sale"] == sale["id"]),
            among=[
                order.is_("state", "done"),
                completed.within(self.model.watched(completed, order)),
                *orders_excluding_canary(self.model, order),
            ],
            wrong=and_(total.exact > 0, spent > total.exact + literal_column("0.001")),
            stake=whole(spent - func.coalesce(total.exact, 0)),
            show={
                "order": self.model.shown_name(order),
                **self._branch(order),
                "cost": self.model.shown_minor(whole(spent)),
                "sold for": self.model.shown_money(total),
            },
            place=f"{order.place}, {sale.place}, {cost.place}",
            dated=completed,
            habit=True,
            excuse=Excuse(2, least_days=3),
        )
        return Violations(self.model, query)

    def _violations(
        self,
        order: Records,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown],
        was_wrong: ColumnElement[bool] | None = None,
    ) -> Violations:
        created = order.instant("created_at")
        query = ViolationQuery(
            source=order.source,
            among=[created.within(self.model.watched(created, order)), *orders_excluding_canary(self.model, order)],
            wrong=and_(order.is_not("state", "cancelled"), wrong),
            was_wrong=was_wrong,
            show={
                "order": self.model.shown_name(order),
                **self._branch(order),
                **show,
                "opened": self.model.shown_time(created),
            },
            place=order.place,
            dated=created,
            habit=True,
            excuse=Excuse(2),
        )
        return Violations(self.model, query)

    def _branch(self, order: Records) -> Mapping[str, Shown]:
        return {"branch": self.model.shown_branch(order["branch"])} if order.has("branch") else {}
