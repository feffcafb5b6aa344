"""What the first days look at: first sales, and sheets that branches hand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level

BACKUP = items("backup.accessible")
_SHEETS = "day-sheets-of-a-fault"
_FIRST_OF_A_PERSON = (
    f"SELECT * FROM sales WHERE id IN (SELECT min(id) FROM sales WHERE state = 'final' AND {REAL} GROUP BY created_by)"
    " AND state = 'final' ORDER BY id DESC"
)


def _first_sale(scene: Scene) -> Row[Any]:
    return scene.tables.one(_FIRST_OF_A_PERSON)


def _without_number(scene: Scene) -> None:
    scene.tables.change("sales", "number = ''", "id = :id", id=_first_sale(scene).id)


def _without_lines(scene: Scene) -> None:
    scene.tables.delete("sale_lines", "sale_id = :id", id=_first_sale(scene).id)


def _paid_in_no_way(scene: Scene) -> None:
    scene.tables.change("payments", "method = ''", "sale_id = :id", id=_first_sale(scene).id)


def _listed(times: int) -> Callable[[Scene], None]:
    """A thing that was in a first sale, and hardly ever sold, stands in the list at so many times its price."""

    def put_in(scene: Scene) -> None:
        line = scene.tables.one(
            f"SELECT l.product_id AS id FROM sale_lines l JOIN ({_FIRST_OF_A_PERSON}) f ON f.id = l.sale_id"
            " ORDER BY (SELECT count(*) FROM sale_lines o WHERE o.product_id = l.product_id), l.id"
        )
        scene.tables.change("products", f"unit_price = unit_price * {times}", "id = :id", id=line.id)

    return put_in


# -- sheets that are handed in as files ------------------------------------------------------------------------


def _handed_in(change: Callable[[str, int, float], str], settings: str = "") -> Callable[[Scene], None]:
    """The day sheets of a branch lie beside the target file as a file, of which `change` writes each line."""

    def put_in(scene: Scene) -> None:
        sheets = scene.tables.rows(
            "SELECT d.day, d.sales_counted, d.amount_counted FROM day_sheets d JOIN branches b ON b.id = d.branch_id"
            " WHERE b.code = 'HAR' ORDER BY d.day"
        )
        lines = [change(str(one.day)[:10], one.sales_counted, float(one.amount_counted)) for one in sheets]
        _lay_down(scene, "HAR.csv", "Datum;Anzahl;Umsatz", lines, settings)

    return put_in


def _floor(off: int) -> Callable[[Scene], None]:
    """What production of a branch says that it has done each day; on the last day so many steps more."""

    def put_in(scene: Scene) -> None:
        done = _steps_by_day(scene)
        last = max(done)
        lines = [f"{day:%d.%m.%Y};{many + (off if day == last else 0)}" for day, many in sorted(done.items())]
        _lay_down(scene, "HAR.csv", "Tag;Schritte", lines, "count_off = 1")

    return put_in


def _steps_by_day(scene: Scene) -> Mapping[date, int]:
    calendar = scene.config.business.calendar
    today, found = calendar.date_of(scene.now), {}
    for number in range(1, 5):
        period = calendar.day(today - timedelta(days=number))
        row = scene.tables.one(
            "SELECT count(*) AS many FROM production_steps s JOIN production_orders o ON o.id = s.order_id"
            " JOIN branches b ON b.id = o.branch_id WHERE b.code = 'HAR' AND s.state = 'done'"
            " AND s.finished_at >= :start AND s.finished_at < :end",
            start=scene.instant(period.start),
            end=scene.instant(period.end),
        )
        found[today - timedelta(days=number)] = int(row.many)
    return found


def _lay_down(scene: Scene, name: str, heading: str, lines: list[str], settings: str) -> None:
    folder: Path = scene.target_file.resolve().parent / _SHEETS
    scene.files.make(folder)
    folder.mkdir()
    (folder / name).write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    scene.files.spoil(scene.target_file)
    with scene.target_file.open("a", encoding="utf-8") as file:
        file.write(f'\n[day_sheets]\nfiles = ["{folder}/*.csv"]\n{settings}\n')


def _german(amount: float) -> str:
    return f"{amount:,.2f}".replace(",", "'").replace(".", ",").replace("'", ".")


def _one_more_on_the_first_day(day: str, many: int, amount: float) -> str:
    return f"{day};{many + (day.endswith('-08'))};{_german(amount)}"


def _twenty_more_on_the_first_day(day: str, many: int, amount: float) -> str:
    return f"{day};{many};{_german(amount + 20 * day.endswith('-08'))}"


def _a_little_more_on_the_first_day(day: str, many: int, amount: float) -> str:
    return f"{day};{many};{_german(amount + 5 * day.endswith('-08'))}"


FAULTS = (
    Fault(
        id="first-sale-without-number",
        happens="The first sale of somebody became final without a number.",
        where=Where.DATABASE,
        put_in=_without_number,
        noticed_by={"focus.first-sales": Level.L2, "verify.sales-totals": Level.L3},
        may_notice=BACKUP | items("data.constraints"),
    ),
    Fault(
        id="first-sale-without-lines",
        happens="The first sale of somebody has lost its lines.",
        where=Where.DATABASE,
        put_in=_without_lines,
        noticed_by={"focus.first-sales": Level.L2, "verify.sales-totals": Level.L3},
        may_notice=BACKUP | items("sales.amounts"),
    ),
    Fault(
        id="first-sale-paid-in-no-way",
        happens="Of the first sale of somebody nothing says how it was paid.",
        where=Where.DATABASE,
        put_in=_paid_in_no_way,
        noticed_by={"focus.first-sales": Level.L2},
        may_notice=BACKUP | items("data.constraints"),
    ),
    Fault(
        id="first-sale-far-from-the-list",
        happens="Something in somebody's first sale is listed at four times what was asked.",
        where=Where.DATABASE,
        put_in=_listed(4),
        noticed_by={"focus.first-sales": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="first-sale-at-half-the-list",
        happens="Something in somebody's first sale is listed at twice what was asked.",
        where=Where.DATABASE,
        put_in=_listed(2),
        just_below=items("focus.first-sales"),
        may_notice=BACKUP,
    ),
    Fault(
        id="sheet-handed-in-counts-one-more",
        happens="A branch hands in its sheets as a file; on one day it counted a sale more than the system has.",
        where=Where.DATABASE,
        put_in=_handed_in(_one_more_on_the_first_day),
        noticed_by={"focus.manual-records": Level.L2},
    ),
    Fault(
        id="sheet-handed-in-has-more-money",
        happens="A branch hands in its sheets as a file; on one day twenty euros more were in the till.",
        where=Where.DATABASE,
        put_in=_handed_in(_twenty_more_on_the_first_day, "amount_off = 10"),
        noticed_by={"focus.manual-records": Level.L2},
    ),
    Fault(
        id="sheet-handed-in-off-by-what-is-agreed",
        happens="A branch hands in its sheets as a file; on one day the till was off by less than is agreed.",
        where=Where.DATABASE,
        put_in=_handed_in(_a_little_more_on_the_first_day, "amount_off = 10"),
        just_below=items("focus.manual-records"),
    ),
    Fault(
        id="floor-did-more-than-was-entered",
        happens="By the sheet of the floor six steps more were done yesterday than stand in the system.",
        where=Where.DATABASE,
        put_in=_floor(6),
        noticed_by={"focus.production-updates": Level.L2},
    ),
    Fault(
        id="floor-did-less-than-was-entered",
        happens="By the sheet of the floor two steps fewer were done yesterday than stand in the system.",
        where=Where.DATABASE,
        put_in=_floor(-2),
        noticed_by={"focus.production-updates": Level.L2},
    ),
    Fault(
        id="floor-off-by-what-is-agreed",
        happens="By the sheet of the floor one step more was done yesterday than stands in the system.",
        where=Where.DATABASE,
        put_in=_floor(1),
        just_below=items("focus.production-updates"),
    ),
)
