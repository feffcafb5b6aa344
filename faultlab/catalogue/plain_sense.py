"""Records that make no sense in themselves: nameless, of another's name, dated ahead, over before they began."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.declarations import undeclare
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NO_SENSE = {"data.constraints": Level.L2}
NOT_THERE = 999_999
# More than clocks differ by.
EARLIER = "id < (SELECT max(id) - 60 FROM jobs)"


def _latest(table: str, to: str, where: str = "id > 0", **ago: float) -> Callable[[Scene], None]:
    """Change the latest row that a condition chooses; `:then` is so long ago."""

    def put_in(scene: Scene) -> None:
        row = scene.tables.one(f"SELECT max(id) AS id FROM {table} WHERE {where}")
        scene.tables.change(table, to, "id = :id", id=row.id, **({"then": scene.ago(**ago)} if ago else {}))

    return put_in


def _named_as_the_one_before(table: str, column: str) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        first, second = scene.tables.rows(f"SELECT id, {column} AS name FROM {table} ORDER BY id LIMIT 2")
        scene.tables.change(table, f"{column} = :name", "id = :id", id=second.id, name=first.name)

    return put_in


def _line_of_no_sale(scene: Scene) -> None:
    """Nothing declares any more that a line is of a sale, and a programme has lost one."""
    undeclare(scene, "sale_lines", "fk_sale_lines_sale_id")
    scene.tables.copy("sale_lines", scene.tables.one("SELECT max(id) AS id FROM sale_lines").id, sale_id=NOT_THERE)


def _trigger(scene: Scene) -> None:
    scene.tables.run(_GUARD, "DROP TRIGGER IF EXISTS rates_stay")


_GUARD = (
    "CREATE TRIGGER rates_stay BEFORE UPDATE OF unit_price ON products WHEN NEW.unit_price < 0"
    " BEGIN SELECT RAISE(ABORT, 'a price below nothing'); END"
)


def _trigger_dropped(scene: Scene) -> None:
    scene.tables.run("DROP TRIGGER rates_stay", _GUARD)


FAULTS = (
    Fault(
        id="product-without-a-name",
        happens="An import wiped out the name of a product that is sold.",
        where=Where.DATABASE,
        put_in=_latest("products", "name = ''", "active"),
        noticed_by=NO_SENSE,
    ),
    Fault(
        id="branch-named-like-another",
        happens="A branch was given the name of another, so nobody can tell the two apart.",
        where=Where.DATABASE,
        put_in=_named_as_the_one_before("branches", "name"),
        noticed_by=NO_SENSE,
    ),
    Fault(
        id="customers-of-one-name",
        happens="Two customers have the same name, as people do.",
        where=Where.DATABASE,
        put_in=_named_as_the_one_before("customers", "name"),
    ),
    Fault(
        id="issue-reported-tomorrow",
        happens="A device with a wrong clock reports an issue tomorrow.",
        where=Where.ISSUES,
        put_in=_latest("issue_reports", "reported_at = :then, respond_by = :then", days=-1),
        noticed_by=NO_SENSE,
        may_notice=items("issues.reported"),
    ),
    Fault(
        id="job-begun-before-it-was-asked-for",
        happens="A job was done before anybody had asked for it, by two clocks that differ.",
        where=Where.JOBS,
        put_in=_latest("jobs", "queued_at = :then", f"kind = 'receipt' AND state = 'done' AND {EARLIER}", seconds=0),
        noticed_by=NO_SENSE,
    ),
    Fault(
        id="line-of-a-sale-that-is-gone",
        happens="A migration forgot that a line is of a sale, and the sale of a line is gone.",
        where=Where.DATABASE,
        put_in=_line_of_no_sale,
        noticed_by={"data.foreign-keys": Level.L2},
        may_notice=items("verify.sales-totals"),
    ),
    Fault(
        id="trigger-lost-in-a-release",
        happens="A release made a table anew and forgot the trigger that kept prices from falling below nothing.",
        where=Where.DATABASE,
        there_before=_trigger,
        put_in=_trigger_dropped,
        noticed_by={"data.constraints": Level.L3},
        seen_before=True,
    ),
)
