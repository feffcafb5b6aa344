"""Branches and people that do not get along with the system: who stays away, who struggles, where work stops."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from faultlab.adoption.attendance import new_people, on_the_rota
from faultlab.adoption.people import IN_BRANCH, WORK, names_of_people
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

_NOT_IN_BACKUP = items("backup.accessible")
_STEPS_SET_BACK = items(
    "verify.production-progress",
    "verify.costs",
    "summary.steps-updated",
    "summary.orders-completed",
    "ops.workflows",
    "ops.production-steps",
    "data.constraints",
    "backup.accessible",
)
_SELLERS = f"SELECT id, branch_id, username FROM users WHERE role = 'sales' AND {WORK} AND {IN_BRANCH} ORDER BY id"


def _under_one_account(scene: Scene) -> None:
    """All of a branch work under the name of one of them, who has logged in at the counter."""
    one = scene.tables.one(f"SELECT * FROM ({_SELLERS}) AS sellers ORDER BY branch_id DESC, id")
    scene.tables.change(
        "activity_log",
        "user_id = :one",
        "branch_id = :branch AND at >= :midnight AND action NOT IN ('login', 'logout')",
        one=one.id,
        branch=one.branch_id,
        midnight=scene.midnight,
    )


def _counter_on_paper(scene: Scene) -> None:
    """Those who sell in a branch have logged in; what was sold, their manager enters."""
    branch = scene.tables.one("SELECT id FROM branches WHERE code = 'HAR'").id
    manager = scene.tables.one(
        "SELECT id FROM users WHERE role = 'manager' AND branch_id = :branch AND username NOT LIKE 'check.%'",
        branch=branch,
    )
    scene.tables.change(
        "activity_log",
        "user_id = :manager",
        "branch_id = :branch AND at >= :midnight AND action NOT IN ('login', 'logout')"
        " AND user_id IN (SELECT id FROM users WHERE role = 'sales')",
        manager=manager.id,
        branch=branch,
        midnight=scene.midnight,
    )


def _role_stays_away(many: int) -> Callable[[Scene], None]:
    """So many more people who manage came to work today, and none of them has been in the system."""

    def put_in(scene: Scene) -> None:
        for who, branch in new_people(scene, many):
            scene.tables.change("users", "role = 'manager'", "id = :id", id=who)
            on_the_rota(scene, who, branch, (0,))

    return put_in


def _did(scene: Scene, number: int, action: str, things: Mapping[str, Any], times: int) -> None:
    """Somebody who sells, of this place among them, did so with one record after another, or with the same."""
    one = scene.tables.rows(_SELLERS)[number]
    for turn in range(times):
        scene.tables.add(
            "activity_log",
            user_id=one.id,
            branch_id=one.branch_id,
            action=action,
            entity="sale",
            entity_id=things["first"] + turn * things["step"],
            channel="web",
            trace_id="7c" * 16,
            at=scene.ago(minutes=27 - turn),
        )


def _edits(times: int) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        sale = scene.tables.one("SELECT max(id) AS id FROM sales WHERE state = 'final'")
        _did(scene, 2, "sale.change", {"first": sale.id, "step": 0}, times)

    return put_in


def _throws_away(times: int) -> Callable[[Scene], None]:
    return lambda scene: _did(scene, 4, "sale.delete", {"first": 900_001, "step": 1}, times)


def _refused(people: int, times: int, route: str = "/sales/{sale_id}/void") -> Callable[[Scene], None]:
    """So often in all, to so many of those who sell in turn."""

    def put_in(scene: Scene) -> None:
        names = names_of_people(scene)[:people]
        told = {
            "method": "POST",
            "path": route.replace("{sale_id}", "4711"),
            "route": route,
            "status": 422,
            "duration_ms": 40.0,
            "channel": "web",
            "bytes": 140,
        }
        lines = ({**told, "user": names[number % people], "trace_id": f"{number:032x}"} for number in range(times))
        scene.say("access", *lines)

    return put_in


def _answered_after(minutes: float, *, all_of_today: bool = False) -> Callable[[Scene], None]:
    """The latest issue of the last hours had its answer so long after it was reported, or all of today had."""

    def put_in(scene: Scene) -> None:
        latest = scene.tables.one("SELECT max(id) AS id FROM issue_reports WHERE resolved_at IS NOT NULL")
        first = latest.id if not all_of_today else latest.id - 1
        for number, one in enumerate(range(first, latest.id + 1)):
            reported = 180 + 20 * number
            scene.tables.change(
                "issue_reports",
                "reported_at = :reported, responded_at = :answered, resolved_at = :solved",
                "id = :id",
                id=one,
                reported=scene.ago(minutes=reported),
                answered=scene.ago(minutes=reported - minutes),
                solved=scene.ago(minutes=reported - minutes - 20),
            )

    return put_in


def _never_does(table: str, column: str, left: int) -> Callable[[Scene], None]:
    """What somebody entered in all the days stands under the name of a colleague of the branch, but for some."""

    def put_in(scene: Scene) -> None:
        one = scene.tables.one(
            f"SELECT {column} AS who, count(*) AS many FROM {table}"
            f" WHERE {column} IN (SELECT id FROM users WHERE {WORK}) GROUP BY {column} ORDER BY many DESC"
        )
        colleague = scene.tables.one(
            f"SELECT id FROM users WHERE {WORK} AND id <> :who AND role = (SELECT role FROM users WHERE id = :who)"
            " AND branch_id = (SELECT branch_id FROM users WHERE id = :who) ORDER BY id",
            who=one.who,
        )
        latest = scene.tables.rows(f"SELECT id FROM {table} WHERE {column} = :who ORDER BY id DESC", who=one.who)[:left]
        oldest = min((row.id for row in latest), default=10**9)
        scene.tables.change(
            table, f"{column} = :colleague", f"{column} = :who AND id < :oldest", who=one.who, colleague=colleague.id,
            oldest=oldest,
        )  # fmt: skip

    return put_in


def _stops_at(name: str, orders: int) -> Callable[[Scene], None]:
    """Of the orders that passed a step lately, so many have not got beyond the one before it."""

    def put_in(scene: Scene) -> None:
        passed = scene.tables.rows(
            "SELECT order_id, sequence FROM production_steps WHERE name = :name AND state <> 'waiting'"
            " AND order_id IN (SELECT id FROM production_orders WHERE state <> 'cancelled') ORDER BY order_id DESC",
            name=name,
        )
        for one in passed[:orders]:
            scene.tables.change(
                "production_steps",
                "state = 'waiting', started_at = NULL, finished_at = NULL",
                "order_id = :order AND sequence >= :sequence",
                order=one.order_id,
                sequence=one.sequence,
            )
            scene.tables.change(
                "production_orders",
                "state = 'in_progress', completed_at = NULL",
                "id = :order",
                order=one.order_id,
            )

    return put_in


def _not_done_today(route: str, left: int) -> Callable[[Scene], None]:
    """Of what was asked for today by this route, so much is left in the log; the rest was done on paper."""

    def put_in(scene: Scene) -> None:
        log, today = scene.log("access"), f"{scene.now:%Y-%m-%d}"
        told, lines = 0, []
        for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
            record = json.loads(line)
            if record["route"] == route and record["at"].startswith(today):
                told += 1
                if told > left:
                    continue
            lines.append(line)
        scene.files.spoil(log)
        log.write_text("".join(lines), encoding="utf-8")

    return put_in


STAY_AWAY = (
    Fault(
        id="branch-works-under-one-account",
        happens="All of a branch work under the account of one of them.",
        where=Where.USERS,
        put_in=_under_one_account,
        noticed_by={"focus.adoption": Level.L1, "resistance.not-using": Level.L1},
        may_notice=items("activity.using", "focus.users-in-trouble", "resistance.causes", "backup.accessible"),
    ),
    Fault(
        id="counter-on-paper",
        happens="At the counter of one branch nobody uses the system: the manager enters what is sold.",
        where=Where.USERS,
        put_in=_counter_on_paper,
        noticed_by={"focus.adoption": Level.L1, "resistance.not-using": Level.L1},
        may_notice=items("activity.using", "focus.users-in-trouble", "resistance.causes", "backup.accessible"),
    ),
    Fault(
        id="role-stays-away",
        happens="Six new managers are at work, and none of them is in the system.",
        where=Where.USERS,
        put_in=_role_stays_away(6),
        noticed_by={"focus.adoption": Level.L1, "resistance.not-using": Level.L1, "users.active": Level.L1},
        may_notice=_NOT_IN_BACKUP,
    ),
    Fault(
        id="two-of-the-role-stay-away",
        happens="Two new managers are at work, and neither is in the system.",
        where=Where.USERS,
        put_in=_role_stays_away(2),
        noticed_by={"users.active": Level.L1},
        may_notice=_NOT_IN_BACKUP,
        just_below=items("focus.adoption"),
    ),
    Fault(
        id="never-enters-costs",
        happens="Somebody of the workshop has never entered a cost, as all others do: a colleague does it for her.",
        where=Where.DATABASE,
        put_in=_never_does("costs", "entered_by", 0),
        noticed_by={"focus.workflows-used": Level.L1},
        may_notice=_NOT_IN_BACKUP,
    ),
    Fault(
        id="never-moves-steps",
        happens="Somebody of the workshop has never moved a step in the system.",
        where=Where.DATABASE,
        put_in=_never_does("production_steps", "updated_by", 0),
        noticed_by={"focus.workflows-used": Level.L1},
        may_notice=_NOT_IN_BACKUP,
    ),
    Fault(
        id="hardly-enters-costs",
        happens="Somebody of the workshop has entered two costs and leaves the rest to a colleague.",
        where=Where.DATABASE,
        put_in=_never_does("costs", "entered_by", 2),
        just_below=items("focus.workflows-used"),
        may_notice=_NOT_IN_BACKUP,
    ),
)
OUT_OF_USE = (
    Fault(
        id="steps-not-assigned-any-more",
        happens="Since this morning nobody gives steps to people in the web app; on all days before somebody did.",
        where=Where.LOGS,
        put_in=_not_done_today("/production/steps/{step_id}/assign", 0),
        noticed_by={"focus.unused-features": Level.L1},
    ),
    Fault(
        id="board-not-looked-at-any-more",
        happens="Since this morning nobody looks at the board on a phone; on all days before everybody did.",
        where=Where.LOGS,
        put_in=_not_done_today("/api/v1/production/board", 0),
        noticed_by={"focus.unused-features": Level.L1},
    ),
    Fault(
        id="steps-hardly-assigned",
        happens="Today three steps were given to people in the web app, where it is dozens on other days.",
        where=Where.LOGS,
        put_in=_not_done_today("/production/steps/{step_id}/assign", 3),
        just_below=items("focus.unused-features"),
    ),
)
STRUGGLE = (
    Fault(
        id="sale-edited-over-and-over",
        happens="Somebody changes one sale fifteen times within half an hour.",
        where=Where.USERS,
        put_in=_edits(15),
        noticed_by={"focus.users-in-trouble": Level.L1},
    ),
    Fault(
        id="drafts-thrown-away",
        happens="Somebody begins six sales and throws each of them away.",
        where=Where.USERS,
        put_in=_throws_away(6),
        noticed_by={"focus.users-in-trouble": Level.L1},
    ),
    Fault(
        id="one-person-refused",
        happens="One person tries to void sales without a reason, ten times.",
        where=Where.LOGS,
        put_in=_refused(1, 10),
        noticed_by={"focus.users-in-trouble": Level.L1},
    ),
    Fault(
        id="sale-edited-some-times",
        happens="Somebody changes one sale six times: the customer could not decide.",
        where=Where.USERS,
        put_in=_edits(6),
        just_below=items("focus.users-in-trouble"),
    ),
    Fault(
        id="voids-refused-to-several",
        happens="Five people are refused fifteen voids: nobody showed them that each needs a reason.",
        where=Where.LOGS,
        put_in=_refused(5, 15),
        noticed_by={"focus.training": Level.L1},
    ),
    Fault(
        id="new-form-refused-to-all",
        happens="A new form refuses what everybody fills in.",
        where=Where.LOGS,
        put_in=_refused(8, 24, "/returns/new"),
        noticed_by={"focus.training": Level.L1},
    ),
    Fault(
        id="voids-refused-to-two",
        happens="Two people are refused eight voids in all.",
        where=Where.LOGS,
        put_in=_refused(2, 8),
        just_below=items("focus.training"),
    ),
    Fault(
        id="issue-answered-late",
        happens="Somebody who reported an issue waited forty minutes for a first answer.",
        where=Where.ISSUES,
        put_in=_answered_after(40),
        noticed_by={"focus.quick-response": Level.L1},
        may_notice=_NOT_IN_BACKUP,
    ),
    Fault(
        id="issues-answered-late",
        happens="Two issues had their first answer after half an hour.",
        where=Where.ISSUES,
        put_in=_answered_after(30, all_of_today=True),
        noticed_by={"focus.quick-response": Level.L1},
        may_notice=_NOT_IN_BACKUP,
    ),
    Fault(
        id="issue-answered-just-in-time",
        happens="Somebody who reported an issue had a first answer after fourteen minutes.",
        where=Where.ISSUES,
        put_in=_answered_after(14),
        just_below=items("focus.quick-response"),
        may_notice=_NOT_IN_BACKUP,
    ),
)
BREAK_OFF = (
    Fault(
        id="orders-stop-at-quality",
        happens="Nothing gets beyond the last fitting any more: nobody knows how to enter that quality was checked.",
        where=Where.DATABASE,
        put_in=_stops_at("quality", 70),
        noticed_by={"focus.workflow-gaps": Level.L2},
        may_notice=_STEPS_SET_BACK,
    ),
    Fault(
        id="orders-stop-at-embroidery",
        happens="Orders are cut and stitched, and then nothing is entered any more.",
        where=Where.DATABASE,
        put_in=_stops_at("embroider", 85),
        noticed_by={"focus.workflow-gaps": Level.L2},
        may_notice=_STEPS_SET_BACK,
    ),
    Fault(
        id="some-orders-wait-for-quality",
        happens="A dozen orders wait for somebody to check their quality, while others are checked.",
        where=Where.DATABASE,
        put_in=_stops_at("quality", 12),
        just_below=items("focus.workflow-gaps"),
        may_notice=_STEPS_SET_BACK,
    ),
)
FAULTS = (*STAY_AWAY, *OUT_OF_USE, *STRUGGLE, *BREAK_OFF)
