"""Products and people that were switched off in the morning; what is sold, and who acts, all the same."""

from __future__ import annotations

from faultlab.adoption.people import IN_BRANCH, WORK
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

# So long ago nobody had seen anything switched off yet.
_A_WORKING_DAY = 9
_REAL_LINE = (
    "JOIN sales s ON s.id = l.sale_id WHERE s.state = 'final'"
    " AND s.branch_id IN (SELECT id FROM branches WHERE NOT training)"
)


def _a_line_of_today(scene: Scene) -> tuple[int, int]:
    """The newest line that was sold, and a product like its own that nobody bought today."""
    sold_today = f"SELECT l.product_id FROM sale_lines l {_REAL_LINE} AND s.created_at >= :since"
    line = scene.tables.one(f"SELECT l.id, l.unit_price FROM sale_lines l {_REAL_LINE} ORDER BY l.id DESC")
    product = scene.tables.one(
        f"SELECT id FROM products WHERE kind = 'retail' AND id NOT IN ({sold_today})"
        " ORDER BY abs(unit_price - :price), id",
        price=line.unit_price,
        since=scene.ago(hours=_A_WORKING_DAY),
    )
    return line.id, product.id


def _product_off(scene: Scene) -> None:
    scene.tables.change("products", "active = NOT active", "id = :id", id=_a_line_of_today(scene)[1])


def _product_sold(scene: Scene) -> None:
    line, product = _a_line_of_today(scene)
    scene.tables.change("sale_lines", "product_id = :product", "id = :id", id=line, product=product)


def _product_off_after_its_sale(scene: Scene) -> None:
    line = scene.tables.one(f"SELECT l.product_id FROM sale_lines l {_REAL_LINE} ORDER BY l.id DESC")
    scene.tables.change("products", "active = NOT active", "id = :id", id=line.product_id)


def _somebody(scene: Scene, *, at_work: bool) -> int:
    """Somebody who did something today, or who did not."""
    did = "SELECT user_id FROM activity_log WHERE at >= :since AND user_id IS NOT NULL"
    one = scene.tables.one(
        f"SELECT id FROM users WHERE {WORK} AND {IN_BRANCH} AND id {'' if at_work else 'NOT'} IN ({did}) ORDER BY id",
        since=scene.ago(hours=_A_WORKING_DAY),
    )
    return int(one.id)


def _person_off(scene: Scene) -> None:
    scene.tables.change("users", "active = NOT active", "id = :id", id=_somebody(scene, at_work=False))


def _person_comes_in(scene: Scene) -> None:
    person = scene.tables.one("SELECT id, username FROM users WHERE NOT active ORDER BY id")
    scene.tables.add(
        "login_attempts", username=person.username, user_id=person.id, succeeded=True, reason="", channel="web",
        address="10.20.1.11", at=scene.ago(minutes=20),
    )  # fmt: skip


def _person_off_after_work(scene: Scene) -> None:
    person = _somebody(scene, at_work=True)
    scene.tables.change("users", "active = NOT active", "id = :id", id=person)


FAULTS = (
    Fault(
        id="product-sold-that-is-switched-off",
        happens="A product was switched off in the morning, and sold in the afternoon.",
        where=Where.DATABASE,
        earlier=_product_off,
        put_in=_product_sold,
        noticed_by={"verify.sales-totals": Level.L2},
    ),
    Fault(
        id="product-switched-off-after-its-sale",
        happens="A product that was sold today is taken from the range in the evening.",
        where=Where.DATABASE,
        put_in=_product_off_after_its_sale,
        just_below=items("verify.sales-totals"),
        seen_before=True,
    ),
    Fault(
        id="person-comes-in-who-is-switched-off",
        happens="An account was switched off in the morning, and somebody logged in with it in the afternoon.",
        where=Where.USERS,
        earlier=_person_off,
        put_in=_person_comes_in,
        noticed_by={"users.active": Level.L2, "activity.unauthorised": Level.L3},
        may_notice=items("data.constraints"),
    ),
    Fault(
        id="person-switched-off-after-work",
        happens="Somebody who worked all day is leaving, and the account was switched off just now.",
        where=Where.USERS,
        put_in=_person_off_after_work,
        just_below=items("users.active"),
        may_notice=items("data.constraints", "users.login"),
        seen_before=True,
    ),
)
