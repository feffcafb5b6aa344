"""Running numbers of documents: one row of them a branch and year, without gaps."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from demo_erp.schema import Branch, ProductionOrder, Sale


def lock_branch(session: Session | Connection, branch_id: int) -> None:
    """Let only one transaction at a time give numbers in a branch (SQLite has a single writer anyway)."""
    session.execute(select(Branch.id).where(Branch.id == branch_id).with_for_update())


def next_sale_number(session: Session | Connection, branch: Branch, year: int) -> str:
    """ "HAR-2026-000123"; takes the branch's lock until the transaction ends."""
    return _next(session, branch, Sale.number, sale_prefix(branch.code, year))


def next_order_number(session: Session | Connection, branch: Branch, year: int) -> str:
    """ "HAR-P-2026-000045"; takes the branch's lock until the transaction ends."""
    return _next(session, branch, ProductionOrder.number, order_prefix(branch.code, year))


def sale_prefix(branch_code: str, year: int) -> str:
    return f"{branch_code}-{year}-"


def order_prefix(branch_code: str, year: int) -> str:
    return f"{branch_code}-P-{year}-"


def numbered(prefix: str, count: int) -> str:
    return f"{prefix}{count:06d}"


def last_count(
    session: Session | Connection,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    prefix: str,
) -> int:
    """The highest count given so far under a prefix; 0 when there is none."""
    # A range, not LIKE: the unique index answers it with one look.
    in_series = column.between(numbered(prefix, 0), f"{prefix}999999")
    latest = session.execute(select(column).where(in_series).order_by(column.desc()).limit(1)).scalar()
    return int(latest.removeprefix(prefix)) if latest else 0


def _next(
    session: Session | Connection,
    branch: Branch,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    prefix: str,
) -> str:
    lock_branch(session, branch.id)
    return numbered(prefix, last_count(session, column, prefix) + 1)
