"""Sales of a month that nobody looks at any more, changed long afterwards."""

from __future__ import annotations

from datetime import timedelta

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"data.constraints": Level.L2}
# What the business brought along is in no backup of before.
NOT_BACKED_UP = items("backup.accessible")
# Before the business went live: what it brought along from its old system, so many at once as only an import does.
_LONG_AGO = (70, *range(40, 64))
_BROUGHT = "number LIKE 'OLD-%'"
_ONE_OF_THEM = f"{_BROUGHT} AND number = 'OLD-62'"


def _old_sales(scene: Scene) -> None:
    sale = scene.tables.one(
        "SELECT id FROM sales WHERE state = 'final' AND branch_id IN (SELECT id FROM branches WHERE NOT training)"
        " ORDER BY id"
    )
    for days in _LONG_AGO:
        moment = scene.instant(scene.now - timedelta(days=days))
        times = {"created_at": moment, "updated_at": moment, "finalised_at": moment}
        scene.tables.copy("sales", sale.id, number=f"OLD-{days}", client_reference=f"old-{days}", **times)


def _total_changed(scene: Scene) -> None:
    scene.tables.change("sales", "total = total + 40", _ONE_OF_THEM)


def _deleted(scene: Scene) -> None:
    scene.tables.delete("sales", _ONE_OF_THEM)


def _filled_in(scene: Scene) -> None:
    sale = scene.tables.one(f"SELECT id FROM sales WHERE {_ONE_OF_THEM}")
    scene.tables.copy("sales", sale.id, number="OLD-62B", client_reference="old-62b")


def _taken_back(scene: Scene) -> None:
    scene.tables.change(
        "sales", "state = 'void', voided_at = :now, voided_by = 1", _ONE_OF_THEM, now=scene.ago(hours=1)
    )
    scene.tables.change("sales", "note = 'seen by the tax adviser'", _BROUGHT)


FAULTS = (
    Fault(
        id="total-of-a-past-month",
        happens="Somebody raised the total of a sale of two months ago.",
        where=Where.DATABASE,
        there_before=_old_sales,
        put_in=_total_changed,
        noticed_by={**NOTICED, "focus.integrity": Level.L2},
        may_notice=NOT_BACKED_UP,
        seen_before=True,
    ),
    Fault(
        id="sale-of-a-past-month-deleted",
        happens="A sale of two months ago is gone.",
        where=Where.DATABASE,
        there_before=_old_sales,
        put_in=_deleted,
        noticed_by=NOTICED,
        may_notice=NOT_BACKED_UP,
        seen_before=True,
    ),
    Fault(
        id="sale-filled-into-a-past-month",
        happens="A sale was entered under a date of two months ago.",
        where=Where.DATABASE,
        there_before=_old_sales,
        put_in=_filled_in,
        noticed_by=NOTICED,
        may_notice=NOT_BACKED_UP,
        seen_before=True,
    ),
    Fault(
        id="sale-of-a-past-month-taken-back",
        happens="A sale of two months ago was taken back today, and others of that month got a note.",
        where=Where.DATABASE,
        there_before=_old_sales,
        put_in=_taken_back,
        may_notice=NOT_BACKED_UP,
        seen_before=True,
    ),
)
