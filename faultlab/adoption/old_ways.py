"""Branches that go back to paper, and people who say what they think of the system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from faultlab.adoption.people import IN_BRANCH, WORK
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

_MOVES_SALES = items(
    "summary.sales-created",
    "verify.sales-totals",
    "data.constraints",
    "backup.accessible",
    "ops.sales",
    "ops.workflows",
)


def _in_one_go(branch: str, share: float) -> Callable[[Scene], None]:
    """So much of what a branch sold yesterday was entered between six and half past, one after the other."""

    def put_in(scene: Scene) -> None:
        calendar = scene.config.business.calendar
        today = calendar.day(calendar.date_of(scene.now)).start
        sales = scene.tables.rows(
            "SELECT id, finalised_at FROM sales WHERE branch_id = (SELECT id FROM branches WHERE code = :branch)"
            " AND state = 'final' AND created_at >= :start AND created_at < :end ORDER BY created_at",
            branch=branch,
            start=scene.instant(today - timedelta(days=1)),
            end=scene.instant(today),
        )
        late = sales[: round(share * len(sales))]
        for number, sale in enumerate(late):
            entered = today - timedelta(hours=6) + timedelta(seconds=1500 * number / len(late))
            scene.tables.change(
                "sales",
                "created_at = :entered, finalised_at = :final, updated_at = :final",
                "id = :id",
                id=sale.id,
                entered=scene.instant(entered),
                final=scene.instant(entered + timedelta(seconds=20)),
            )

    return put_in


def _complain(people: int, each: int) -> Callable[[Scene], None]:
    """People of one branch report this and that; all of it was answered at once and put aside."""

    def put_in(scene: Scene) -> None:
        like = scene.tables.one("SELECT max(id) AS id FROM issue_reports WHERE resolved_at IS NOT NULL")
        branch = scene.tables.one(f"SELECT branch_id FROM users WHERE {WORK} AND {IN_BRANCH} ORDER BY id").branch_id
        names = scene.tables.rows(
            f"SELECT id FROM users WHERE {WORK} AND branch_id = :branch ORDER BY id", branch=branch
        )
        for number in range(people * each):
            reported = 60 * 26 + 7 * number
            scene.tables.copy(
                "issue_reports",
                like.id,
                branch_id=branch,
                reported_by=names[number % people].id,
                reported_at=scene.ago(minutes=reported),
                responded_at=scene.ago(minutes=reported - 5),
                resolved_at=scene.ago(minutes=reported - 9),
            )

    return put_in


def _under_the_day_before(table: str, who: str, times: tuple[str, ...], many: int) -> Callable[[Scene], None]:
    """Of whoever entered most today, the last so many are dated a day earlier than they were entered."""

    def put_in(scene: Scene) -> None:
        counted = f"SELECT {who} AS id, count(*) AS many FROM {table} WHERE {times[0]} >= :midnight GROUP BY {who}"
        person = scene.tables.one(f"{counted} ORDER BY many DESC, id", midnight=scene.midnight).id
        newest = scene.tables.rows(
            f"SELECT * FROM {table} WHERE {times[0]} >= :midnight AND {who} = :person ORDER BY id DESC",
            midnight=scene.midnight,
            person=person,
        )
        for row in newest[:many]:
            moved = {name: scene.moved(getattr(row, name), timedelta(days=-1)) for name in times}
            scene.tables.change(table, ", ".join(f"{name} = :{name}" for name in times), "id = :id", id=row.id, **moved)

    return put_in


_SALES = ("sales", "created_by", ("created_at", "finalised_at"))
_COSTS = ("costs", "entered_by", ("entered_at",))
_MOVES_COSTS = items("summary.costs-entered", "verify.costs", "production.costs", "production.figures")
_OF_ANOTHER_DAY = _MOVES_SALES | items(
    "sales.figures",
    "sales.match-activity",
    "sales.branches",
    "sales.amounts",
    "verify.branches",
    "production.match-sales",
    "focus.discrepancies",
    "focus.integrity",
)
FAULTS = (
    Fault(
        id="sales-entered-under-the-day-before",
        happens="Somebody catches up on yesterday's slips: six sales are entered today under yesterday.",
        where=Where.DATABASE,
        put_in=_under_the_day_before(*_SALES, many=6),
        noticed_by={"resistance.old-methods": Level.L1, "resistance.causes": Level.L1},
        may_notice=_OF_ANOTHER_DAY,
    ),
    Fault(
        id="costs-entered-under-the-day-before",
        happens="Somebody of the workshop enters three costs today under yesterday.",
        where=Where.DATABASE,
        put_in=_under_the_day_before(*_COSTS, many=3),
        noticed_by={"resistance.old-methods": Level.L1, "resistance.causes": Level.L1},
        may_notice=_MOVES_COSTS | items("backup.accessible", "focus.discrepancies"),
    ),
    Fault(
        id="two-sales-entered-under-the-day-before",
        happens="Somebody had forgotten two sales of yesterday and enters them.",
        where=Where.DATABASE,
        put_in=_under_the_day_before(*_SALES, many=2),
        just_below=items("resistance.old-methods", "resistance.causes"),
        may_notice=_OF_ANOTHER_DAY,
    ),
    Fault(
        id="branch-enters-its-day-in-one-go",
        happens="A branch sold on paper yesterday and entered all of it after six in the evening.",
        where=Where.DATABASE,
        put_in=_in_one_go("HAR", 1.0),
        noticed_by={"resistance.old-methods": Level.L1, "resistance.causes": Level.L1},
        may_notice=_MOVES_SALES,
    ),
    Fault(
        id="other-branch-enters-its-day-in-one-go",
        happens="A branch entered nine of ten sales of yesterday in the evening.",
        where=Where.DATABASE,
        put_in=_in_one_go("GAR", 0.9),
        noticed_by={"resistance.old-methods": Level.L1, "resistance.causes": Level.L1},
        may_notice=_MOVES_SALES,
    ),
    Fault(
        id="half-a-day-in-one-go",
        happens="A branch had no line at noon and entered six of ten sales of yesterday in the evening.",
        where=Where.DATABASE,
        put_in=_in_one_go("HAR", 0.6),
        just_below=items("resistance.old-methods"),
        may_notice=_MOVES_SALES,
    ),
    Fault(
        id="one-person-complains",
        happens="Somebody reports nine things within a day, and none of them is a fault.",
        where=Where.ISSUES,
        put_in=_complain(1, 9),
        noticed_by={"resistance.complaining": Level.L1, "resistance.causes": Level.L1},
        may_notice=items("backup.accessible"),
    ),
    Fault(
        id="whole-branch-complains",
        happens="Seven people of a branch report five things each.",
        where=Where.ISSUES,
        put_in=_complain(7, 5),
        noticed_by={"resistance.complaining": Level.L1, "resistance.causes": Level.L1},
        may_notice=items("backup.accessible"),
    ),
    Fault(
        id="somebody-reports-some-things",
        happens="Somebody who tries out everything reports two things more.",
        where=Where.ISSUES,
        put_in=_complain(1, 2),
        just_below=items("resistance.complaining", "resistance.causes"),
        may_notice=items("backup.accessible"),
    ),
)
