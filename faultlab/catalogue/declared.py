"""Rules that the database forgot, although every row still holds them; and changes of a schema that lose nothing."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.declarations import rename, undeclare
from faultlab.fault import Fault, Where
from faultlab.scene import Scene
from hypercare.outcome.level import Level

LOST = {"data.constraints": Level.L3}


def _without(table: str, constraint: str) -> Callable[[Scene], None]:
    return lambda scene: undeclare(scene, table, constraint)


def _under_another_name(scene: Scene) -> None:
    rename(scene, "products", "ck_products_price_positive", "products_cost_something")


def _index_dropped(scene: Scene) -> None:
    scene.tables.run("DROP INDEX ix_costs_entered_at", "CREATE INDEX ix_costs_entered_at ON costs (entered_at)")


def _column_added(scene: Scene) -> None:
    scene.tables.run("ALTER TABLE products ADD COLUMN colour VARCHAR(20)", "ALTER TABLE products DROP COLUMN colour")


FAULTS = (
    Fault(
        id="reference-not-declared-any-more",
        happens="A migration forgot that a line of a sale is of a product; every line still is.",
        where=Where.DATABASE,
        put_in=_without("sale_lines", "fk_sale_lines_product_id"),
        noticed_by=LOST,
        seen_before=True,
    ),
    Fault(
        id="check-lost-in-a-migration",
        happens="A migration forgot that a product costs something; every product still does.",
        where=Where.DATABASE,
        put_in=_without("products", "ck_products_price_positive"),
        noticed_by=LOST,
        seen_before=True,
    ),
    Fault(
        id="uniqueness-lost-in-a-migration",
        happens="A migration forgot that a user name is given once; so far each is.",
        where=Where.DATABASE,
        put_in=_without("users", "uq_users_username"),
        noticed_by=LOST,
        seen_before=True,
    ),
    Fault(
        id="rule-under-another-name",
        happens="A release gave a rule another name; it holds as before.",
        where=Where.DATABASE,
        put_in=_under_another_name,
        seen_before=True,
    ),
    Fault(
        id="index-for-speed-dropped",
        happens="A release dropped an index that only made lists quicker.",
        where=Where.DATABASE,
        put_in=_index_dropped,
        seen_before=True,
    ),
    Fault(
        id="column-added-by-a-release",
        happens="A release added a column, which is empty.",
        where=Where.DATABASE,
        put_in=_column_added,
        seen_before=True,
    ),
)
