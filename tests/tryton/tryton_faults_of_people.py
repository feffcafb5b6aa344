"""What is to be noticed of the people of a Tryton: who comes in, who does not work, who struggles, who goes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypercare.outcome.level import Level
from targets.tryton.system import TrytonSystem
from tests.tryton.tryton_faults import BOTH, L1, L2, L3, SQLITE, TrytonFault, sql

SELLER, MAKER = "north.third.sales", "north.third.workshop"


def user(login: str) -> str:
    return f"(SELECT id FROM res_user WHERE login = '{login}')"


def _session(login: str, address: str, when: str) -> str:
    return (
        "INSERT INTO ir_session (create_date, create_uid, key, ip_address)"
        f" VALUES ({when}, {user(login)}, '{login} from {address}', '{address}')"
    )


def _attempts(login: str, many: int) -> tuple[str, ...]:
    return (
        "INSERT INTO res_user_login_attempt (create_date, create_uid, login, ip_address)"
        f" VALUES ({{hours_ago:1}}, 0, '{login}', '10.0.1.7')",
    ) * many


def _logged(login: str, event: str, resource: str, when: str) -> str:
    return (
        'INSERT INTO ir_model_log (create_date, create_uid, "user", resource, event, target)'
        f" VALUES ({when}, {user(login)}, {user(login)}, '{resource}', '{event}', '')"
    )


def _deletes(many: int) -> tuple[str, ...]:
    return tuple(
        _logged(SELLER, "delete", f"sale.sale,{90_000 + n}", f"{{hours_ago:{2 + n / 10}}}") for n in range(many)
    )


def _writes(many: int) -> tuple[str, ...]:
    return tuple(_logged(MAKER, "write", "production,90000", f"{{hours_ago:{2 + n / 10}}}") for n in range(many))


def _entered_by_another(but: str = "") -> tuple[str, ...]:
    """Whatever one seller entered stands under the name of another."""
    return tuple(
        f"UPDATE {table} SET create_uid = {user('north.sales')} WHERE create_uid = {user(SELLER)}{but}"
        for table in ("sale_point_sale", "sale_sale", "sale_point_payment")
    )


def _of_yesterday(number: int) -> tuple[str, ...]:
    """One sale of yesterday in the first company, moved with all that belongs to it to the end of the day."""
    sale = (
        "(SELECT id FROM sale_point_sale WHERE company = 1 AND create_date > {hours_ago:34}"
        f" AND create_date < {{hours_ago:24.1}} ORDER BY id LIMIT 1 OFFSET {number})"
    )
    when = f"{{hours_ago:{24.75 - number / 40}}}"
    return (
        f"UPDATE sale_point_payment SET create_date = {when} WHERE sale = {sale}",
        f"UPDATE ir_model_log SET create_date = {when} WHERE resource = 'sale.point.sale,' || {sale}"
        " AND target = 'state:done'",
        f"UPDATE sale_point_sale SET create_date = {when} WHERE id = {sale}",
    )


def _orders_of_yesterday() -> tuple[str, ...]:
    """They are few, and would be what was entered by day."""
    return (
        "UPDATE sale_sale SET create_date = {hours_ago:36} WHERE company = 1 AND create_date > {hours_ago:35}"
        " AND create_date < {hours_ago:24.1}",
    )


def _fault(
    id_: str,
    noticed_by: Mapping[str, Level],
    *statements: str,
    may: tuple[str, ...] = (),
    engines: tuple[str, ...] = SQLITE,
    before: Callable[[TrytonSystem], None] | None = None,
) -> TrytonFault:
    return TrytonFault(
        id=id_,
        put_in=sql(*statements),
        noticed_by=noticed_by,
        may_notice=frozenset(may),
        engines=engines,
        before=before,
    )


PEOPLE_AT_WORK = (
    _fault(
        "logged-in-from-the-internet",
        {"activity.unauthorised": L3},
        _session(SELLER, "203.0.113.7", "{hours_ago:2}"),
        engines=BOTH,
    ),
    _fault(
        "switched-off-and-in-all-the-same",
        {"activity.unauthorised": L3, "users.active": L2},
        _session(MAKER, "10.0.1.9", "{hours_ago:0.2}"),
        before=sql(f"UPDATE res_user SET active = (1 = 0) WHERE login = '{MAKER}'"),
    ),
    _fault("gave-up-logging-in", {"activity.login-issues": L1}, *_attempts(MAKER, 3), engines=BOTH),
    _fault(
        "logged-in-and-did-nothing",
        {"activity.using": L1, "resistance.not-using": L1, "resistance.causes": L1},
        f'UPDATE ir_model_log SET "user" = {user("north.sales")}'
        f' WHERE "user" = {user(SELLER)} AND create_date > {{hours_ago:10}}',
        engines=BOTH,
    ),
    _fault("never-enters-a-sale", {"focus.workflows-used": L1}, *_entered_by_another(), engines=BOTH),
    _fault("drafts-given-up", {"focus.users-in-trouble": L1}, *_deletes(5), engines=BOTH),
    _fault("one-record-again-and-again", {"focus.users-in-trouble": L1}, *_writes(14)),
    _fault(
        "day-entered-in-one-go",
        {"resistance.old-methods": L1, "resistance.causes": L1},
        *(one for number in range(11) for one in _of_yesterday(number)),
        *_orders_of_yesterday(),
        may=("sales.no-duplicates", "data.constraints", "ops.sales", "ops.workflows"),
    ),
)

PEOPLE_JUST_BELOW: Mapping[str, tuple[str, ...]] = {
    "logged in from another place of the house": (_session(SELLER, "10.0.1.99", "{hours_ago:2}"),),
    "failed twice": _attempts(MAKER, 2),
    "three drafts given up": _deletes(3),
    "eleven edits of one record": _writes(11),
    "half a day entered in one go": tuple(one for number in range(5) for one in _of_yesterday(number)),
}
