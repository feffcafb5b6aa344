"""Rows as lines of text, a table each: what COPY and LOAD DATA read, and what is split again for SQLite."""

from __future__ import annotations

from datetime import date, datetime

from benchmarks.sales_generator.business import TIMEZONE

NULL = r"\N"
CLOCK = tuple(f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}.000000" for s in range(86_400))
COLUMNS = {
    "branches": "id code name city active training",
    "opening_hours": "branch_id weekday opens closes",
    "users": "id username full_name role branch_id password_hash active failed_logins locked_until created_at",
    "products": "id sku name category kind unit_price active",
    "ledger_accounts": "id code name kind",
    "traffic_position": "id day events_done",
    "customers": "id branch_id name phone created_at",
    "sales": "id number branch_id customer_id kind state total note client_reference created_at created_by updated_at"
    " finalised_at finalised_by voided_at voided_by void_reason",
    "sale_lines": "id sale_id position product_id description quantity unit_price discount_percent amount",
    "payments": "id sale_id method amount paid_at received_by",
    "ledger_postings": "id sale_id payment_id branch_id description posted_at",
    "ledger_entries": "id posting_id account_id debit credit",
    "production_orders": "id number sale_id branch_id garment state progress_percent budget due_on created_at"
    " updated_at completed_at",
    "production_steps": "id order_id sequence name state assigned_to started_at finished_at updated_at updated_by",
    "costs": "id order_id step_id kind description amount entered_at entered_by",
    "shifts": "id user_id branch_id starts_at ends_at",
    "day_sheets": "id branch_id day sales_counted amount_counted handed_in_at handed_in_by",
    "login_attempts": "id username user_id succeeded reason channel address at",
    "sessions": "id token_hash user_id channel address created_at expires_at revoked_at",
    "jobs": "id kind state payload due_at queued_at started_at finished_at attempts error",
    "issue_reports": "id branch_id reported_by title text category severity state reported_at respond_by resolve_by"
    " responded_at responded_by resolved_at resolution",
    "activity_log": "id user_id branch_id action entity entity_id channel trace_id at",
}
"""In an order in which every row's parents come before it."""

Lines = dict[str, list[str]]


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


class DayClock:
    """The instants of one local day: seconds since its midnight as text in UTC."""

    def __init__(self, day: date) -> None:
        self._prefix = f"{day:%Y-%m-%d} "
        offset = datetime(day.year, day.month, day.day, 12, tzinfo=TIMEZONE).utcoffset()
        assert offset is not None
        self._shift = int(offset.total_seconds())

    def __call__(self, second: int) -> str:
        """Not before the shift from UTC is over, and not past the day's end in UTC."""
        return self._prefix + CLOCK[second - self._shift]


def seconds(clock: str) -> int:
    """Since midnight, of "HH:MM"."""
    return int(clock[:2]) * 3600 + int(clock[3:]) * 60
