"""The second set: what is wrong in a day, a branch, the past, or what people say."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random

from faultlab.blind.first.branch import _sales_of_today as sales_of_today
from faultlab.blind.first.late import _an_old_sale as an_old_sale
from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import (
    REAL,
    at_work,
    choose,
    day_of,
    leave_draft,
    local,
    moment,
    remove_sales,
    report,
    sales_between,
    settle,
)
from faultlab.scene import Scene

_OPEN = (1, 3, 4)


def _silent(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    since = scene.instant(local(scene, time(13, 15)))
    gone = [one.id for one in sales_between(scene, branch, since, scene.ago(hours=-1))]
    remove_sales(scene, gone)
    return f"branch {branch}, {len(gone)} sales fewer"


def _pile(scene: Scene, random: Random) -> str:
    branch = random.choice((1, 3))
    person = at_work(scene, random, "production", branch)
    costs = scene.tables.rows(
        "SELECT c.* FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE o.branch_id = :branch"
        " ORDER BY c.id DESC LIMIT 11", branch=branch,
    )  # fmt: skip
    for place, cost in enumerate(costs):
        at = scene.ago(minutes=31, seconds=-4 * place)
        scene.tables.change("costs", "entered_at = :at, entered_by = :by", "id = :id", id=cost.id, at=at, by=person)
    return f"user {person}, {len(costs)} costs"


def _ticked_off(scene: Scene, random: Random) -> str:
    order = choose(
        scene, random, f"SELECT * FROM production_orders o WHERE {REAL} AND state = 'in_progress' AND"
        " (SELECT count(*) FROM production_steps WHERE order_id = o.id AND state = 'waiting') >= 5",
    )  # fmt: skip
    start = moment(scene.ago(minutes=50))
    steps = scene.tables.rows(
        "SELECT * FROM production_steps WHERE order_id = :id AND state <> 'done' ORDER BY sequence", id=order.id
    )
    person = at_work(scene, random, "production", order.branch_id)
    for place, step in enumerate(steps):
        begun, ended = (scene.instant(start + timedelta(seconds=12 * place + more)) for more in (0, 11))
        scene.tables.change(
            "production_steps",
            "state = 'done', started_at = :begun, finished_at = :ended, updated_at = :ended, updated_by = :by",
            "id = :id", id=step.id, begun=begun, ended=ended, by=person,
        )  # fmt: skip
    end = scene.instant(start + timedelta(seconds=12 * len(steps)))
    scene.tables.change(
        "production_orders", "state = 'done', progress_percent = 100, completed_at = :at, updated_at = :at", "id = :id",
        id=order.id, at=end,
    )  # fmt: skip
    return f"{order.number}, {len(steps)} steps"


def _all_by_transfer(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    for sale in sales_of_today(scene, branch):
        scene.tables.change("payments", "method = 'transfer'", "sale_id = :id", id=sale.id)
        scene.tables.change(
            "ledger_entries", "account_id = 3",
            "account_id IN (1, 2, 3) AND posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)",
            id=sale.id,
        )  # fmt: skip
    return f"branch {branch}"


def _no_labour(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    costs = scene.tables.rows(
        "SELECT c.id FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE c.kind = 'labour'"
        " AND entered_at >= :midnight AND o.branch_id = :branch", midnight=scene.midnight, branch=branch,
    )  # fmt: skip
    for cost in costs:
        scene.tables.delete("activity_log", "entity = 'cost' AND entity_id = :id", id=cost.id)
        scene.tables.delete("costs", "id = :id", id=cost.id)
    return f"branch {branch}, {len(costs)} costs fewer"


def _not_posted(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    gone = [one.id for one in sales_of_today(scene, branch)][-12:]
    for sale in gone:
        scene.tables.delete(
            "ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=sale
        )
        scene.tables.delete("ledger_postings", "sale_id = :id", id=sale)
    return f"branch {branch}, {len(gone)} sales"


def _small_discounts(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    for sale in sales_of_today(scene, branch):
        if (
            sale.kind == "retail"
            and len(scene.tables.rows("SELECT id FROM payments WHERE sale_id = :id", id=sale.id)) == 1
        ):
            scene.tables.change("sale_lines", "discount_percent = 15", "sale_id = :id", id=sale.id)
            settle(scene, sale.id)
    return f"branch {branch}"


def _sheet_of_another(scene: Scene, random: Random) -> str:
    one, other = random.sample(_OPEN, 2)
    day = day_of(scene, days=-1).isoformat()
    sheet = scene.tables.one("SELECT * FROM day_sheets WHERE branch_id = :branch AND day = :day", branch=other, day=day)
    scene.tables.change(
        "day_sheets", "sales_counted = :many, amount_counted = :amount", "branch_id = :branch AND day = :day",
        branch=one, day=day, many=sheet.sales_counted, amount=float(sheet.amount_counted),
    )  # fmt: skip
    return f"branch {one} handed in what branch {other} counted"


def _old_payment(scene: Scene, random: Random) -> str:
    sale = an_old_sale(scene, random, 6)
    scene.tables.change("payments", "amount = amount - 10", "sale_id = :id", id=sale.id)
    return f"{sale.number} of {str(sale.created_at)[:10]}"


def _void_again_final(scene: Scene, random: Random) -> str:
    sale = choose(
        scene,
        random,
        f"SELECT * FROM sales WHERE {REAL} AND state = 'void' AND created_at < :midnight",
        midnight=scene.midnight,
    )
    scene.tables.change(
        "sales", "state = 'final', voided_at = NULL, voided_by = NULL, void_reason = ''", "id = :id", id=sale.id
    )
    return str(sale.number)


def _done_order_open(scene: Scene, random: Random) -> str:
    order = choose(
        scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state = 'done' AND completed_at < :before",
        before=scene.moved(scene.midnight, timedelta(days=-3)),
    )  # fmt: skip
    scene.tables.change("production_orders", "state = 'in_progress', completed_at = NULL", "id = :id", id=order.id)
    return str(order.number)


def _old_posting_moved(scene: Scene, random: Random) -> str:
    sale = an_old_sale(scene, random, 5)
    other = random.choice([one for one in _OPEN if one != sale.branch_id])
    scene.tables.change("ledger_postings", "branch_id = :other", "sale_id = :id", id=sale.id, other=other)
    return f"{sale.number} in the books of branch {other}"


def _says(title: str, text: str, role: str = "sales") -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        user = at_work(scene, random, role, random.choice(_OPEN))
        report(scene, user, title, text, timedelta(minutes=random.randrange(20, 120)))
        return f"user {user}"

    return put_in


def _many_by_one(scene: Scene, random: Random) -> str:
    user = at_work(scene, random, "production", random.choice(_OPEN))
    for place, hours in enumerate((1, 2, 3, 25, 26, 28)):
        report(scene, user, f"Question {place + 1}", "Where do I find the list of today?", timedelta(hours=hours))
    return f"user {user}"


def _drafts(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    for turn in range(24):
        leave_draft(scene, random, branch, scene.ago(minutes=30 + 7 * turn))
    return f"branch {branch}"


def _jobs_fail_more(scene: Scene, random: Random) -> str:
    many = 0
    for back, number in ((3, 1), (2, 2), (1, 4), (0, 8)):
        start, end = (
            scene.moved(scene.midnight, timedelta(days=-back)),
            scene.moved(scene.midnight, timedelta(days=1 - back)),
        )
        jobs = scene.tables.rows(
            "SELECT id FROM jobs WHERE kind = 'receipt' AND queued_at >= :start AND queued_at < :end ORDER BY"
            " id LIMIT :number",
            start=start, end=end, number=number,
        )  # fmt: skip
        for job in jobs:
            scene.tables.change(
                "jobs", "state = 'failed', error = 'printer does not answer', attempts = 3", "id = :id", id=job.id
            )
            many += 1
    return f"{many} jobs"


def _issues_open(scene: Scene, random: Random) -> str:
    for turn in range(14):
        user = at_work(scene, random, "sales", random.choice(_OPEN))
        report(scene, user, f"Printer {turn}", "It prints slowly.", timedelta(minutes=30 + 20 * turn))
    return "14 issues"


L2, L12, L23 = ("L2",), ("L1", "L2"), ("L2", "L3")
SHAPES = tuple(
    Shape(id=id_, kind=kind, happens=happens, put_in=put_in, expected=expected)
    for kind, id_, happens, put_in, expected in (
        (
            Kind.WHEN,
            "silent-since-a-quarter-past-one",
            "A branch sells nothing since a quarter past one.",
            _silent,
            L23,
        ),
        (Kind.WHEN, "pile-of-slips", "A tailor entered eleven slips within a minute.", _pile, L12),
        (Kind.WHEN, "ticked-off", "The rest of an order was ticked off, twelve seconds a step.", _ticked_off, L12),
        (
            Kind.BRANCH,
            "all-by-transfer",
            "One branch's payments of today are all by transfer.",
            _all_by_transfer,
            (*L12, ASKED),
        ),
        (Kind.BRANCH, "no-labour-in-one-workshop", "One workshop entered no labour today.", _no_labour, (*L12, ASKED)),
        (Kind.BRANCH, "not-posted", "The last sales of one branch were not posted.", _not_posted, L23),
        (
            Kind.BRANCH,
            "small-discounts-everywhere",
            "One branch gives 15 % on everything.",
            _small_discounts,
            (*L12, ASKED),
        ),
        (Kind.BRANCH, "sheet-of-another-branch", "One branch handed in another's sums.", _sheet_of_another, L23),
        (Kind.LATE, "old-payment-changed", "A payment of last week became less.", _old_payment, L23),
        (Kind.LATE, "void-sale-final-again", "A void sale of earlier days is final again.", _void_again_final, L23),
        (Kind.LATE, "done-order-open-again", "An order that was done days ago is open again.", _done_order_open, L2),
        (Kind.LATE, "old-posting-moved", "An old sale stands in another branch's books.", _old_posting_moved, L23),
        (
            Kind.MEANING,
            "others-orders",
            "Somebody sees orders of another branch.",
            _says("Board", "Since today I see orders of another branch on my board."),
            L23,
        ),
        (
            Kind.MEANING,
            "wrong-amounts",
            "Somebody writes that amounts are wrong.",
            _says("Till", "Since the update all amounts are wrong on my till."),
            L23,
        ),
        (
            Kind.MEANING,
            "gone-in-french",
            "Somebody writes in French that yesterday's sales are gone.",
            _says("Question", "Toutes les ventes d'hier ont disparu de la liste."),
            L23,
        ),
        (
            Kind.MEANING,
            "one-log-in-for-all",
            "Somebody writes that they share a log-in.",
            _says("Tablet", "We have only one tablet, so everybody uses the same login."),
            L23,
        ),
        (
            Kind.MEANING,
            "cannot-sell",
            "A manager writes that none of them can sell.",
            _says("Hello", "None of us can make a sale final since lunch.", "manager"),
            L23,
        ),
        (Kind.MEANING, "six-reports-by-one", "One person reported six things within two days.", _many_by_one, ("L1",)),
        (Kind.TREND, "drafts-of-an-afternoon", "Two dozen drafts were left behind in one branch.", _drafts, L12),
        (Kind.TREND, "jobs-fail-more", "Twice as many jobs fail from day to day.", _jobs_fail_more, L23),
        (Kind.TREND, "issues-pile-up", "Fourteen issues are open at once.", _issues_open, L12),
    )
)
