"""What agrees with itself and is hardly meant: sales of nothing, gifts, prices ten times too high, costs twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Row

from faultlab.catalogue.costs import a_cost
from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level

SALES = {"verify.sales-totals": Level.L2}
COSTS = {"verify.costs": Level.L2}
_LONG_AGO = timedelta(days=40)


def _a_draft(scene: Scene) -> Row[object]:
    return scene.tables.one(f"SELECT * FROM sales WHERE state = 'draft' AND {REAL} ORDER BY id DESC")


def _of_nothing(scene: Scene) -> None:
    """A draft is made final without a line, at a total of nothing."""
    draft = _a_draft(scene)
    scene.tables.delete("sale_lines", "sale_id = :id", id=draft.id)
    scene.tables.change(
        "sales",
        "state = 'final', total = 0, number = 'HAR-2026-990001', finalised_at = :now, finalised_by = created_by",
        "id = :id",
        id=draft.id,
        now=scene.moved(draft.created_at, timedelta(seconds=20)),
    )


def _given_away(scene: Scene) -> None:
    """A draft is made final with all of it discounted."""
    draft = _a_draft(scene)
    scene.tables.change("sale_lines", "discount_percent = 100, amount = 0", "sale_id = :id", id=draft.id)
    scene.tables.change(
        "sales",
        "state = 'final', total = 0, number = 'HAR-2026-990002', finalised_at = :now, finalised_by = created_by",
        "id = :id",
        id=draft.id,
        now=scene.moved(draft.created_at, timedelta(seconds=20)),
    )


def _list_price(times: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        sold = scene.tables.one(
            "SELECT product_id FROM sale_lines GROUP BY product_id HAVING count(*) > 20 ORDER BY product_id"
        )
        scene.tables.change(
            "products",
            "unit_price = round(unit_price * CAST(:times AS NUMERIC), 2)",
            "id = :id",
            id=sold.product_id,
            times=times,
        )

    return put_in


def _dated_long_ago(scene: Scene) -> None:
    """The newest draft, by a device whose calendar stands far back."""
    draft = _a_draft(scene)
    scene.tables.change(
        "sales", "created_at = :then", "id = :id", id=draft.id, then=scene.moved(draft.created_at, -_LONG_AGO)
    )


def _cost_again(minutes: float) -> Callable[[Scene], None]:
    """The application lets somebody enter the same cost once more, so much later."""

    def put_in(scene: Scene) -> None:
        cost = a_cost(scene)
        later = scene.moved(cost.entered_at, timedelta(minutes=minutes))
        scene.tables.copy("costs", cost.id, entered_at=later)

    return put_in


def _no_cost_of_one_branch(scene: Scene) -> None:
    """One workshop keeps its slips in a drawer today."""
    scene.tables.change(
        "costs",
        "entered_at = :yesterday",
        "entered_at >= :midnight AND order_id IN (SELECT id FROM production_orders WHERE branch_id = 3)",
        midnight=scene.midnight,
        yesterday=scene.ago(hours=24),
    )


def _many_drafts(many: int) -> Callable[[Scene], None]:
    """So many sales of the last hour could not be made final."""

    def put_in(scene: Scene) -> None:
        draft = _a_draft(scene)
        for number in range(many):
            made = scene.tables.copy(
                "sales", draft.id, client_reference=None, created_at=scene.ago(minutes=20 + number)
            )
            scene.tables.add(
                "activity_log", user_id=draft.created_by, branch_id=draft.branch_id, action="sale.create",
                entity="sale", entity_id=made, channel="web", trace_id="", at=scene.ago(minutes=20 + number),
            )  # fmt: skip
            for line in scene.tables.rows("SELECT id FROM sale_lines WHERE sale_id = :id", id=draft.id):
                scene.tables.copy("sale_lines", line.id, sale_id=made)

    return put_in


def _jobs_wait(many: int) -> Callable[[Scene], None]:
    """The worker has not taken a job for ten minutes."""

    def put_in(scene: Scene) -> None:
        waiting = scene.ago(minutes=10)
        latest = scene.tables.one("SELECT max(id) AS id FROM jobs WHERE kind = 'receipt'")
        for _ in range(many):
            scene.tables.copy(
                "jobs", latest.id, state="queued", due_at=waiting, queued_at=waiting, started_at=None, finished_at=None
            )

    return put_in


FAULTS = (
    Fault(
        id="sale-of-nothing",
        happens="A sale became final without a single line.",
        where=Where.DATABASE,
        put_in=_of_nothing,
        noticed_by={**SALES, "sales.amounts": Level.L2},
        may_notice=items("backup.accessible", "sales.match-activity"),
    ),
    Fault(
        id="sale-given-away",
        happens="A sale was discounted by all of its price, which nobody had ever done.",
        where=Where.DATABASE,
        put_in=_given_away,
        noticed_by={**SALES, "sales.amounts": Level.L2},
        may_notice=items("sales.match-activity"),
    ),
    Fault(
        id="list-price-tenfold",
        happens="The point was forgotten in the price of a product that has been sold often.",
        where=Where.DATABASE,
        put_in=_list_price(10),
        noticed_by=SALES,
        # What was first sold at the price of before is now far from the list.
        may_notice=items("focus.first-sales"),
    ),
    Fault(
        id="list-price-half",
        happens="A product is to be had at half its price for a week.",
        where=Where.DATABASE,
        put_in=_list_price(0.5),
        just_below=items("verify.sales-totals"),
    ),
    Fault(
        id="sale-of-before-go-live",
        happens="A sale of today is dated before the system went live.",
        where=Where.DATABASE,
        put_in=_dated_long_ago,
        noticed_by=SALES,
        may_notice=items("summary.sales-created", "ops.workflows", "data.constraints"),
    ),
    Fault(
        id="cost-entered-twice",
        happens="The same cost of the same order was entered again five minutes later.",
        where=Where.DATABASE,
        put_in=_cost_again(5),
        noticed_by=COSTS,
        may_notice=items("summary.costs-entered"),
    ),
    Fault(
        id="cost-like-the-one-before",
        happens="A cost like another of the order was entered twenty minutes later.",
        where=Where.DATABASE,
        put_in=_cost_again(20),
        just_below=items("verify.costs"),
        may_notice=items("summary.costs-entered"),
    ),
    Fault(
        id="workshop-enters-no-cost",
        happens="One workshop alone has entered no cost today.",
        where=Where.DATABASE,
        put_in=_no_cost_of_one_branch,
        noticed_by={"summary.costs-entered": Level.L2, "production.costs": Level.L2},
        may_notice=items("verify.costs", "backup.accessible", "resistance.old-methods", "resistance.causes"),
    ),
    Fault(
        id="drafts-pile-up",
        happens="Thirty sales of the last hour could not be made final.",
        where=Where.DATABASE,
        put_in=_many_drafts(30),
        noticed_by={"ops.workflows": Level.L2},
        may_notice=items("ops.sales", "verify.sales-totals", "backup.accessible"),
    ),
    Fault(
        id="jobs-pile-up",
        happens="The worker takes no jobs any more: thirty of them have come in since.",
        where=Where.JOBS,
        put_in=_jobs_wait(30),
        noticed_by={"ops.workflows": Level.L2},
    ),
    Fault(
        id="some-jobs-wait",
        happens="A dozen jobs came in at once and wait for their turn.",
        where=Where.JOBS,
        put_in=_jobs_wait(12),
        just_below=items("ops.workflows"),
    ),
)
