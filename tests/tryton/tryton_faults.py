"""What can go wrong in a Tryton, put in past the application: into its database, its log, its backups.

Each fault names the items that must fail with their levels, and those that may. SQL runs on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from faultlab.suite_run import Scope
from hypercare.outcome.level import Level
from targets.tryton.prepared import LAST_HOUR, zone_in_which_it_is
from targets.tryton.system import TrytonSystem

L1, L2, L3 = Level.L1, Level.L2, Level.L3
BOTH, SQLITE = ("sqlite", "postgresql"), ("sqlite",)


@dataclass(frozen=True, kw_only=True)
class TrytonFault:
    """What is put in `before` was not there at a look two hours ago, and was at one an hour ago, which remember."""

    id: str
    put_in: Callable[[TrytonSystem], None]
    noticed_by: Mapping[str, Level]
    may_notice: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = Scope.RECORDS
    engines: tuple[str, ...] = BOTH
    before: Callable[[TrytonSystem], None] | None = None


def sql(*statements: str) -> Callable[[TrytonSystem], None]:
    def put_in(system: TrytonSystem) -> None:
        system.engine.execute(system.name, [_filled(one) for one in statements])

    return put_in


def _filled(statement: str) -> str:
    """{now}, {hours_ago:3}, {days_ago:2}, {days_ahead:2}: instants as Tryton keeps them; {day_before:2}: a day of the
    business; the rest are records."""
    now = datetime.now(UTC).replace(tzinfo=None)

    class Ago:
        def __init__(self, unit: str, sign: int) -> None:
            self.unit, self.sign = unit, sign

        def __format__(self, number: str) -> str:
            return f"'{now + self.sign * timedelta(**{self.unit: float(number)}):%Y-%m-%d %H:%M:%S}'"

    class DayBefore:
        def __format__(self, number: str) -> str:
            local = now + zone_in_which_it_is(LAST_HOUR, datetime.now(UTC)).east
            return f"'{local.date() - timedelta(days=int(number))}'"

    return statement.format(
        now=f"'{now:%Y-%m-%d %H:%M:%S}'",
        hours_ago=Ago("hours", -1),
        days_ago=Ago("days", -1),
        days_ahead=Ago("days", 1),
        day_before=DayBefore(),
        **_RECORDS,
    )


_OLD_ORDER = "SELECT MIN(id) FROM production WHERE state = 'done'"
_OLD_LAST_WORK = f"SELECT id FROM production_work WHERE production = ({_OLD_ORDER}) ORDER BY sequence DESC LIMIT 1"
_OLD_FIRST_WORK = f"SELECT id FROM production_work WHERE production = ({_OLD_ORDER}) ORDER BY sequence LIMIT 1"
_RECORDS = {
    "counter_sale": "(SELECT MIN(id) FROM sale_point_sale WHERE state = 'posted' AND company = 1)",
    "late_counter_sale": "(SELECT MAX(id) FROM sale_point_sale WHERE state = 'posted')",
    "order": "(SELECT MIN(id) FROM sale_sale WHERE state = 'processing' AND company = 1)",
    "draft": "(SELECT MIN(id) FROM sale_sale WHERE state = 'draft')",
    "old_production": f"({_OLD_ORDER})",
    "first_work": f"({_OLD_FIRST_WORK})",
    "last_work": f"({_OLD_LAST_WORK})",
}

TOTALS = {"verify.sales-totals": L3}
# Beside the average sale, a cent or a euro is minor: every one is told, and nothing has to stop for it.
MINOR_TOTALS = {"verify.sales-totals": Level.L2}
PROGRESS = {"verify.production-progress": L2}
COSTS = {"verify.costs": L2}
STUCK = {"ops.workflows": L2}
TIMELY = {"production.timely": L2}
BRANCHES = {"verify.branches": L3}
KEYS = {"data.foreign-keys": L3}
RULES = {"data.constraints": L3}


def _fault(
    id_: str,
    noticed_by: Mapping[str, Level],
    *statements: str,
    may: tuple[str, ...] = (),
    engines: tuple[str, ...] = BOTH,
) -> TrytonFault:
    return TrytonFault(
        id=id_, put_in=sql(*statements), noticed_by=noticed_by, may_notice=frozenset(may), engines=engines
    )


RECORDS = (
    _fault(
        "payment-a-cent-short",
        MINOR_TOTALS,
        "UPDATE sale_point_payment SET amount = amount + 0 - 0.01 WHERE sale = {counter_sale}",
    ),
    _fault("payment-gone", TOTALS, "DELETE FROM sale_point_payment WHERE sale = {counter_sale}"),
    _fault(
        "price-changed-afterwards",
        TOTALS,
        "UPDATE sale_point_sale_line SET unit_gross_price = unit_gross_price + 10 WHERE sale = {counter_sale}",
    ),
    _fault(
        "order-total-off",
        MINOR_TOTALS,
        "UPDATE sale_sale SET untaxed_amount_cache = untaxed_amount_cache + 1 WHERE id = {order}",
    ),
    _fault(
        "ledger-line-gone",
        TOTALS,
        "DELETE FROM account_move_line WHERE id = (SELECT MIN(id) FROM account_move_line WHERE credit + 0 > 0)",
    ),
    _fault(
        "ledger-revenue-off",
        TOTALS,
        "UPDATE account_move_line SET credit = credit + 5"
        " WHERE id = (SELECT MIN(l.id) FROM account_move_line l WHERE l.credit + 0 > 0"
        " AND l.move = (SELECT move FROM sale_point_sale WHERE id = {counter_sale}))",
    ),
    _fault("sale-in-unknown-state", TOTALS, "UPDATE sale_sale SET state = 'approved' WHERE id = {order}"),
    _fault(
        "final-without-number",
        {**TOTALS, "focus.first-sales": L2},
        "UPDATE sale_point_sale SET number = NULL WHERE id = {counter_sale}",
    ),
    _fault(
        "sale-of-the-future",
        TOTALS,
        "UPDATE sale_point_sale SET create_date = {days_ahead:2} WHERE id = {counter_sale}",
    ),
    _fault(
        "paid-sale-opened-again",
        TOTALS,
        "UPDATE sale_point_sale SET state = 'open' WHERE id = {late_counter_sale}",
        may=("ops.workflows",),
    ),
    _fault("draft-forgotten", STUCK, "UPDATE sale_sale SET create_date = {days_ago:2} WHERE id = {draft}"),
    _fault(
        "production-of-a-sale-gone",
        STUCK,
        "DELETE FROM production_work_cycle WHERE work IN"
        " (SELECT id FROM production_work WHERE production = {old_production})",
        "DELETE FROM production_work WHERE production = {old_production}",
        "DELETE FROM production WHERE id = {old_production}",
        engines=SQLITE,
    ),
    _fault(
        "done-with-a-step-open",
        PROGRESS,
        "UPDATE production_work SET state = 'waiting' WHERE id = {last_work}",
        may=("verify.costs",),
    ),
    _fault(
        "step-finished-before-it-began",
        PROGRESS,
        "UPDATE production_work_cycle SET write_date = {days_ago:20} WHERE work = {first_work}",
        may=("verify.costs",),
    ),
    _fault(
        "step-out-of-order",
        PROGRESS,
        "UPDATE production_work_cycle SET create_date = {hours_ago:1}, write_date = {hours_ago:0.5}"
        " WHERE work = {first_work}",
        may=("summary.steps-updated", "summary.orders-completed"),
    ),
    _fault(
        "step-of-the-future",
        {**PROGRESS, **COSTS},
        "UPDATE production_work_cycle SET write_date = {days_ahead:3} WHERE work = {last_work}",
    ),
    _fault(
        "production-in-unknown-state", PROGRESS, "UPDATE production SET state = 'paused' WHERE id = {old_production}"
    ),
    _fault(
        "production-done-without-a-day",
        RULES,
        "UPDATE production SET effective_date = NULL WHERE id = {old_production}",
    ),
    _fault(
        "step-never-finished",
        {**STUCK, **TIMELY},
        "UPDATE production_work_cycle SET state = 'running' WHERE work = {last_work}",
        "UPDATE production_work SET state = 'running' WHERE id = {last_work}",
        "UPDATE production SET state = 'running' WHERE id = {old_production}",
    ),
    _fault(
        "production-without-steps",
        STUCK,
        "DELETE FROM production_work_cycle WHERE work IN"
        " (SELECT id FROM production_work WHERE production = {old_production})",
        "DELETE FROM production_work WHERE production = {old_production}",
        "UPDATE production SET state = 'running' WHERE id = {old_production}",
        may=("verify.costs", "production.timely"),
    ),
    _fault(
        "cost-below-nothing",
        COSTS,
        "UPDATE production_work_cycle SET cost = -5 WHERE work = {first_work}",
    ),
    _fault(
        "cost-a-thousandfold",
        COSTS,
        "UPDATE production_work_cycle SET cost = cost * 1000 WHERE work = {first_work}",
        may=("focus.cross-module",),
    ),
    _fault("sale-in-another-branch", BRANCHES, "UPDATE sale_point_sale SET company = 2 WHERE id = {counter_sale}"),
    _fault(
        "production-in-another-branch",
        {**BRANCHES, **COSTS},
        "UPDATE production SET company = 3 - company WHERE id = {old_production}",
    ),
    _fault(
        "sale-in-no-branch-that-is-there",
        BRANCHES,
        "UPDATE sale_point_sale SET company = 99 WHERE id = {counter_sale}",
        engines=SQLITE,
    ),
    _fault(
        "line-of-a-sale-that-is-not-there",
        {**KEYS, **TOTALS, "focus.first-sales": L2},
        "UPDATE sale_point_sale_line SET sale = 99999 WHERE sale = {counter_sale}",
        engines=SQLITE,
    ),
    _fault(
        "production-of-a-line-that-is-not-there",
        {**KEYS, **STUCK, "production.match-sales": L2},
        "UPDATE production SET origin = 'sale.line,99999' WHERE id = {old_production}",
    ),
    _fault(
        "cycle-of-a-work-that-is-not-there",
        {**KEYS, **PROGRESS},
        "UPDATE production_work_cycle SET work = 99999 WHERE work = {last_work}",
        engines=SQLITE,
    ),
    _fault(
        "posted-move-without-number",
        RULES,
        "UPDATE account_move SET number = NULL WHERE id = (SELECT MIN(id) FROM account_move WHERE state = 'posted')",
    ),
    _fault(
        "done-stock-move-of-nothing",
        RULES,
        "UPDATE stock_move SET quantity = 0 WHERE id = (SELECT MIN(id) FROM stock_move WHERE state = 'done')",
    ),
    _fault(
        "task-left-waiting",
        STUCK,
        "UPDATE ir_queue SET enqueued_at = {hours_ago:3}, dequeued_at = NULL, finished_at = NULL"
        " WHERE id = (SELECT MAX(id) FROM ir_queue)",
    ),
    _fault(
        "task-hangs",
        STUCK,
        "UPDATE ir_queue SET enqueued_at = {hours_ago:4}, dequeued_at = {hours_ago:3}, finished_at = NULL"
        " WHERE id = (SELECT MAX(id) FROM ir_queue)",
    ),
    _fault(
        "task-in-error",
        STUCK,
        "INSERT INTO ir_error (create_date, create_uid, message, state)"
        " VALUES ({now}, 0, 'The journal is closed', 'open')",
    ),
    _fault(
        "six-failed-log-ins",
        {"users.login-failures": L1},
        *[
            "INSERT INTO res_user_login_attempt (create_date, create_uid, login, ip_address)"
            " VALUES ({hours_ago:1}, 0, 'north.sales', '10.1.1.5')"
        ]
        * 6,
    ),
    _fault(
        "password-guessed-again-and-again",
        {"users.login-failures": L2},
        *[
            "INSERT INTO res_user_login_attempt (create_date, create_uid, login, ip_address)"
            " VALUES ({hours_ago:1}, 0, 'south.sales', '10.9.9.9')"
        ]
        * 20,
    ),
    _fault(
        "one-name-after-another",
        {"users.login-failures": L2},
        *[
            f"INSERT INTO res_user_login_attempt (create_date, create_uid, login, ip_address)"
            f" VALUES ({{hours_ago:1}}, 0, 'guess{number}', '10.9.9.{number}')"
            for number in range(12)
        ],
    ),
)
