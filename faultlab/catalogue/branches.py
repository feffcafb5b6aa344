"""Records in the wrong branch, in none, or in one that is closed or gone."""

from __future__ import annotations

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, a_sale
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"verify.branches": Level.L3}


def _sale_of_another_branch(scene: Scene) -> None:
    sale = a_sale(scene)
    other = scene.tables.one(
        "SELECT id FROM branches WHERE NOT training AND id <> :branch ORDER BY id", branch=sale.branch_id
    )
    scene.tables.change("sales", "branch_id = :other", "id = :id", id=sale.id, other=other.id)


def _order_of_another_branch(scene: Scene) -> None:
    order = scene.tables.one(
        f"SELECT id, branch_id FROM production_orders WHERE state = 'open' AND {REAL} ORDER BY id DESC"
    )
    other = scene.tables.one(
        "SELECT id FROM branches WHERE NOT training AND id <> :branch ORDER BY id", branch=order.branch_id
    )
    scene.tables.change("production_orders", "branch_id = :other", "id = :id", id=order.id, other=other.id)


def _posting_of_another_branch(scene: Scene) -> None:
    sale = a_sale(scene)
    scene.tables.change(
        "ledger_postings",
        "branch_id = (SELECT min(id) FROM branches WHERE NOT training AND id <> :branch)",
        "sale_id = :sale AND payment_id IS NULL",
        sale=sale.id,
        branch=sale.branch_id,
    )


def _branch_deleted(scene: Scene) -> None:
    scene.tables.delete("branches", "code = 'GAR'")


def _branch_switched_off(scene: Scene) -> None:
    scene.tables.change("branches", "active = NOT active", "code = 'GAR'")


def _seller_of_no_branch(scene: Scene) -> None:
    seller = scene.tables.one(
        "SELECT created_by AS id FROM sales JOIN users ON users.id = created_by"
        f" WHERE role = 'sales' AND users.active AND sales.{REAL}"
        " GROUP BY created_by ORDER BY count(*) DESC, created_by"
    )
    scene.tables.change("users", "branch_id = NULL", "id = :id", id=seller.id)


FAULTS = (
    Fault(
        id="sale-in-the-neighbouring-branch",
        happens="A sale stands in the neighbouring branch, and with it its money.",
        where=Where.DATABASE,
        put_in=_sale_of_another_branch,
        noticed_by={**NOTICED, "sales.branches": Level.L3},
    ),
    Fault(
        id="order-in-the-neighbouring-branch",
        happens="An order went to the workshop of another branch.",
        where=Where.DATABASE,
        put_in=_order_of_another_branch,
        noticed_by={**NOTICED, "focus.cross-module": Level.L3},
        may_notice=items("verify.costs"),
    ),
    Fault(
        id="posting-in-the-neighbouring-branch",
        happens="The revenue of a sale is in the books of another branch.",
        where=Where.DATABASE,
        put_in=_posting_of_another_branch,
        noticed_by={**NOTICED, "focus.cross-module": Level.L3},
    ),
    Fault(
        id="branch-deleted",
        happens="A branch was deleted; its sales, people and orders belong to nobody.",
        where=Where.DATABASE,
        put_in=_branch_deleted,
        noticed_by={**NOTICED, "data.foreign-keys": Level.L3, "sales.branches": Level.L3},
        may_notice=items(
            "backup.accessible", "verify.sales-totals", "verify.costs", "ops.sales", "ops.production-steps"
        ),
    ),
    Fault(
        id="branch-switched-off",
        happens="A branch that is trading was switched off by mistake.",
        where=Where.DATABASE,
        put_in=_branch_switched_off,
        noticed_by=NOTICED,
    ),
    Fault(
        id="seller-of-no-branch",
        happens="A seller was taken out of her branch by mistake and belongs to none.",
        where=Where.USERS,
        put_in=_seller_of_no_branch,
        noticed_by={**NOTICED, "data.constraints": Level.L3},
        may_notice=items("users.active"),
    ),
)
