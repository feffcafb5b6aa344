"""What can go wrong in a Tryton, put in past the application: into its database, its log, its backups.

Each fault names the items that must fail with their levels, and those that may. SQL runs on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faultlab.looking import Sight
from hypercare.outcome.level import Level
from targets.tryton.system import TrytonSystem

L1, L2, L3 = Level.L1, Level.L2, Level.L3


@dataclass(frozen=True, kw_only=True)
class TrytonFault:
    id: str
    put_in: Callable[[TrytonSystem], None]
    noticed_by: Mapping[str, Level]
    may_notice: frozenset[str] = field(default_factory=frozenset)
    sight: Sight = Sight.RECORDS
    only_on: str = ""


def sql(*statements: str) -> Callable[[TrytonSystem], None]:
    def put_in(system: TrytonSystem) -> None:
        system.engine.execute(system.name, [_filled(one) for one in statements])

    return put_in


def _filled(statement: str) -> str:
    """{now}, {hours_ago:3}, {days_ago:2}, {days_ahead:2}: instants as Tryton keeps them; the rest are records."""
    now = datetime.now(UTC).replace(tzinfo=None)

    class Ago:
        def __init__(self, unit: str, sign: int) -> None:
            self.unit, self.sign = unit, sign

        def __format__(self, number: str) -> str:
            return f"'{now + self.sign * timedelta(**{self.unit: float(number)}):%Y-%m-%d %H:%M:%S}'"

    return statement.format(
        now=f"'{now:%Y-%m-%d %H:%M:%S}'",
        hours_ago=Ago("hours", -1),
        days_ago=Ago("days", -1),
        days_ahead=Ago("days", 1),
        **_RECORDS,
    )


_OLD_ORDER = "SELECT MIN(id) FROM production WHERE state = 'done'"
_OPEN_ORDER = (
    "SELECT MIN(p.id) FROM production p WHERE p.state IN ('assigned', 'running')"
    " AND NOT EXISTS (SELECT 1 FROM production_work w JOIN production_work_cycle c ON c.work = w.id"
    " WHERE w.production = p.id)"
)
_OLD_LAST_WORK = f"SELECT id FROM production_work WHERE production = ({_OLD_ORDER}) ORDER BY sequence DESC LIMIT 1"
_OLD_FIRST_WORK = f"SELECT id FROM production_work WHERE production = ({_OLD_ORDER}) ORDER BY sequence LIMIT 1"
_RECORDS = {
    "counter_sale": "(SELECT MIN(id) FROM sale_point_sale WHERE state = 'posted' AND company = 1)",
    "late_counter_sale": "(SELECT MAX(id) FROM sale_point_sale WHERE state = 'posted')",
    "order": "(SELECT MIN(id) FROM sale_sale WHERE state = 'processing' AND company = 1)",
    "draft": "(SELECT MIN(id) FROM sale_sale WHERE state = 'draft')",
    "old_production": f"({_OLD_ORDER})",
    "open_production": f"({_OPEN_ORDER})",
    "first_work": f"({_OLD_FIRST_WORK})",
    "last_work": f"({_OLD_LAST_WORK})",
}

TOTALS = {"verify.sales-totals": L3}
PROGRESS = {"verify.production-progress": L2}
COSTS = {"verify.costs": L2}
STUCK = {"ops.workflows": L2}
BRANCHES = {"verify.branches": L3}
KEYS = {"data.foreign-keys": L3}
RULES = {"data.constraints": L3}


def _fault(
    id_: str, noticed_by: Mapping[str, Level], *statements: str, may: tuple[str, ...] = (), only_on: str = ""
) -> TrytonFault:
    return TrytonFault(
        id=id_, put_in=sql(*statements), noticed_by=noticed_by, may_notice=frozenset(may), only_on=only_on
    )


RECORDS = (
    _fault(
        "payment-a-cent-short",
        TOTALS,
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
        TOTALS,
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
    _fault("final-without-number", TOTALS, "UPDATE sale_point_sale SET number = NULL WHERE id = {counter_sale}"),
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
        only_on="sqlite",
    ),
    _fault("done-with-a-step-open", PROGRESS, "UPDATE production_work SET state = 'waiting' WHERE id = {last_work}"),
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
        {**PROGRESS, **RULES},
        "UPDATE production SET state = 'done' WHERE id = {open_production}",
    ),
    _fault(
        "step-never-finished",
        STUCK,
        "UPDATE production_work_cycle SET state = 'running' WHERE work = {last_work}",
        "UPDATE production_work SET state = 'running' WHERE id = {last_work}",
        "UPDATE production SET state = 'running' WHERE id = {old_production}",
    ),
    _fault(
        "production-without-steps",
        STUCK,
        "UPDATE production SET create_date = {hours_ago:5} WHERE id = {open_production}",
        "DELETE FROM production_work WHERE production = {open_production}",
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
    ),
    _fault("sale-in-another-branch", BRANCHES, "UPDATE sale_point_sale SET company = 2 WHERE id = {counter_sale}"),
    _fault(
        "production-in-another-branch",
        BRANCHES,
        "UPDATE production SET company = 3 - company WHERE id = {old_production}",
    ),
    _fault(
        "sale-in-no-branch-that-is-there",
        BRANCHES,
        "UPDATE sale_point_sale SET company = 99 WHERE id = {counter_sale}",
        only_on="sqlite",
    ),
    _fault(
        "line-of-a-sale-that-is-not-there",
        {**KEYS, **TOTALS},
        "UPDATE sale_point_sale_line SET sale = 99999 WHERE sale = {counter_sale}",
        only_on="sqlite",
    ),
    _fault(
        "production-of-a-line-that-is-not-there",
        {**KEYS, **STUCK},
        "UPDATE production SET origin = 'sale.line,99999' WHERE id = {old_production}",
    ),
    _fault(
        "cycle-of-a-work-that-is-not-there",
        {**KEYS, **PROGRESS},
        "UPDATE production_work_cycle SET work = 99999 WHERE work = {last_work}",
        only_on="sqlite",
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
        "UPDATE ir_queue SET dequeued_at = {hours_ago:3}, finished_at = NULL WHERE id = (SELECT MAX(id) FROM ir_queue)",
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


def lines(*texts: str) -> Callable[[TrytonSystem], None]:
    """Append to the server's log, dated two minutes ago."""

    def put_in(system: TrytonSystem) -> None:
        stamp = (datetime.now(UTC) - timedelta(minutes=2)).strftime("%Y-%m-%d %H:%M:%S,123")
        with system.log.open("a", encoding="utf-8") as log:
            log.writelines(f"{stamp} {text}\n" for text in texts)

    return put_in


def _log(id_: str, noticed_by: Mapping[str, Level], put_in: Callable[[TrytonSystem], None], *may: str) -> TrytonFault:
    return TrytonFault(id=id_, put_in=put_in, noticed_by=noticed_by, may_notice=frozenset(may), sight=Sight.LOGS)


_TRACEBACK = (
    "ERROR trytond.protocols.dispatcher model.sale.sale.search_read@north from 10.0.0.5\n"
    "Traceback (most recent call last):\n"
    '  File "trytond/protocols/dispatcher.py", line 246, in _dispatch\n'
    "KeyError: 'price_list'"
)
NEWS = {"issues.error-logs": L2, "errors.review": L2}
CRITICAL = {"health.logs": L3, "issues.error-logs": L3, "errors.review": L3}


def _without_log(system: TrytonSystem) -> None:
    system.log.unlink()


def _log_of_tomorrow(system: TrytonSystem) -> None:
    stamp = (datetime.now(UTC) + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S,123")
    with system.log.open("a", encoding="utf-8") as log:
        log.write(f"{stamp} INFO trytond.server still running\n")


LOGS = (
    _log("traceback-in-log", NEWS, lines(_TRACEBACK)),
    _log("same-error-again-and-again", {**NEWS, "errors.recurring": L2}, lines(*[_TRACEBACK] * 5)),
    _log("critical-line", CRITICAL, lines("CRITICAL trytond.backend cannot reach the database")),
    _log(
        "disk-full-in-log",
        CRITICAL,
        lines("ERROR trytond.backend sqlite3.OperationalError: database or disk is full"),
        "errors.recurring",
    ),
    _log(
        "statement-timeout-in-log",
        {**NEWS, "perf.timeouts": L2},
        lines("ERROR trytond.backend psycopg.errors.QueryCanceled: canceling statement due to statement timeout"),
    ),
    _log("log-gone", {"health.logs": L3}, _without_log),
    _log("log-of-tomorrow", {"health.logs": L2}, _log_of_tomorrow),
)


def _newest(system: TrytonSystem) -> Path:
    return max(system.backups.iterdir())


def _backup(
    id_: str, noticed_by: Mapping[str, Level], put_in: Callable[[TrytonSystem], None], *may: str
) -> TrytonFault:
    return TrytonFault(id=id_, put_in=put_in, noticed_by=noticed_by, may_notice=frozenset(may), sight=Sight.BACKUPS)


def _none(system: TrytonSystem) -> None:
    for path in system.backups.iterdir():
        path.unlink()


def _cut(system: TrytonSystem) -> None:
    content = _newest(system).read_bytes()
    _newest(system).write_bytes(content[: len(content) * 2 // 3])


def _of_another_database(system: TrytonSystem) -> None:
    """A whole database, but not the right one: it lacks what was sold."""
    import sqlite3

    connection = sqlite3.connect(_newest(system))
    connection.execute("DELETE FROM sale_point_payment WHERE id % 2 = 0")
    connection.commit()
    connection.close()


COMPLETED, ACCESSIBLE = {"backup.completed": L3}, {"backup.accessible": L3}
BACKUPS = (
    _backup("no-backup", {**COMPLETED, **ACCESSIBLE}, _none),
    _backup("backup-of-yesterday", COMPLETED, lambda system: _newest(system).unlink()),
    _backup("backup-cut-off", ACCESSIBLE, _cut, "backup.completed"),
    _backup("backup-unreadable", ACCESSIBLE, lambda system: _newest(system).write_bytes(b"\x00\x91" * 3_000_000)),
    _backup("backup-empty", {**COMPLETED, **ACCESSIBLE}, lambda system: _newest(system).write_bytes(b"")),
    TrytonFault(
        id="backup-lacks-rows",
        put_in=_of_another_database,
        noticed_by=ACCESSIBLE,
        sight=Sight.BACKUPS,
        only_on="sqlite",
    ),
)


def _damage(system: TrytonSystem) -> None:
    """A page in the middle of the file becomes rubbish."""
    path = Path(system.engine.url(system.name).removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    page = len(content) // 4096 // 2
    for number in range(page, page + 40):
        content[number * 4096 : number * 4096 + 200] = b"\xa5" * 200
    path.write_bytes(bytes(content))


ANY = frozenset(
    {*TOTALS, *PROGRESS, *COSTS, *STUCK, *BRANCHES, *KEYS, *RULES, "health.database", "users.login-failures"}
    | {"backup.accessible", "backup.completed", "ops.sales", "ops.production-steps", "summary.sales-created"}
    | {"summary.steps-updated", "summary.orders-completed", "summary.costs-entered", "users.active"}
)
DAMAGE = (
    TrytonFault(
        id="page-of-rubbish",
        put_in=_damage,
        noticed_by={"data.corruption": L3},
        may_notice=ANY,
        sight=Sight.RECORDS,
        only_on="sqlite",
    ),
)

STORED = (*RECORDS, *LOGS, *BACKUPS, *DAMAGE)
