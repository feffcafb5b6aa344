"""Who is asking, what each role may do, and which branches it sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from demo_erp.business_time import DEFAULT_TIMEZONE, business_day
from demo_erp.errors import NotAllowed, NotFound
from demo_erp.schema import ROLES, User

EVERYBODY = frozenset(ROLES)
LEADERS = frozenset({"owner", "administrator", "manager"})
COUNTER = LEADERS | {"sales"}
WORKSHOP = LEADERS | {"production"}

PERMISSIONS: dict[str, frozenset[str]] = {
    "branches.read": EVERYBODY,
    "products.read": EVERYBODY,
    "search": EVERYBODY,
    "issues.read": EVERYBODY,
    "issues.report": EVERYBODY,
    "issues.answer": frozenset({"administrator", "manager"}),
    "sales.read": COUNTER,
    "sales.write": COUNTER - {"owner"},
    "sales.void": COUNTER,  # sales people only their own sale, on the day it was finalised
    "sales.export": COUNTER,
    "customers.read": COUNTER,
    "customers.write": COUNTER - {"owner"},
    "production.read": WORKSHOP,
    "production.write": WORKSHOP - {"owner"},
    "costs.read": WORKSHOP,
    "costs.write": WORKSHOP - {"owner"},
    "reports.sales": COUNTER,
    "reports.production": WORKSHOP,
    "activity.read": LEADERS,
    "users.read": LEADERS,
    "users.write": frozenset({"administrator"}),
    "jobs.read": frozenset({"owner", "administrator"}),
}


@dataclass(frozen=True)
class Caller:
    """Somebody who is signed in, asking for something now. ``now`` is the business clock's, aware, in UTC."""

    user: User
    channel: str  # "web", "api" or "mobile"
    trace_id: str
    now: datetime
    address: str
    timezone: ZoneInfo = field(default=DEFAULT_TIMEZONE)

    @property
    def today(self) -> date:
        """The business day that ``now`` falls on."""
        return business_day(self.now, self.timezone)

    def may(self, permission: str) -> bool:
        """Whether the role allows it; the branch is another question."""
        return allows(self.user, permission)


def allows(user: User, permission: str) -> bool:
    """Whether the user's role has the permission (a key of PERMISSIONS)."""
    return user.role in PERMISSIONS[permission]


def require(caller: Caller, permission: str) -> None:
    """Raises NotAllowed when the caller's role does not have the permission."""
    if not allows(caller.user, permission):
        raise NotAllowed(f"the role {caller.user.role} may not do this ({permission})")


def sees_all_branches(user: User) -> bool:
    return user.role in ("owner", "administrator")


def visible(
    caller: Caller, branch_column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """A condition that keeps only rows of the branches that the caller sees."""
    if sees_all_branches(caller.user):
        return true()
    return branch_column == caller.user.branch_id


def require_branch(caller: Caller, branch_id: int | None, what: str) -> None:
    """Raises NotFound for another branch's record: that it exists is not told either."""
    if not sees_all_branches(caller.user) and branch_id != caller.user.branch_id:
        raise NotFound(f"there is no such {what}")
