"""A filled database taken on to the evening of the next day, as the business would have gone on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from benchmarks.sales_generator.business import Business
from benchmarks.sales_generator.filling import lines_of_last_days
from benchmarks.sales_generator.loading import loader_for
from benchmarks.sales_generator.routine import A_DAY
from benchmarks.sales_generator.rows import COLUMNS, DayClock
from benchmarks.sales_generator.workshop import LONGEST_DAYS
from demo_erp.traffic.rota import ROTA_DAYS_AHEAD


def live_on(url: str, business: Business) -> Business:
    """The rest of the last day and the next one; orders in hand go on. The business as it then is."""
    longer = replace(business, days=business.days + 1, today=business.today + timedelta(days=1))
    loader_for(url).load(lines_of_last_days(longer, 2), new=False, instead_of=_unfinished(business))
    return longer


def _unfinished(business: Business) -> list[tuple[str, str]]:
    """What is written anew, children first: a table and which of its rows."""
    last = business.days - 1
    sale, order = business.first_sale(last), business.first_sale(max(0, last - LONGEST_DAYS))
    rows = {
        "customers": f"created_at >= '{DayClock(business.today)(8 * 3600)}'",
        "sales": f"id >= {sale}",
        "sale_lines": f"sale_id >= {sale}",
        "payments": f"sale_id >= {sale}",
        "ledger_postings": f"sale_id >= {sale}",
        "ledger_entries": f"posting_id >= {sale * 8}",
        "production_orders": f"id >= {order}",
        "production_steps": f"order_id >= {order}",
        "costs": f"order_id >= {order}",
        "shifts": f"id >= {(last + ROTA_DAYS_AHEAD + 1) * 1000}",
        "day_sheets": f"id > {last * 4}",
        "issue_reports": f"id > {last * 4}",
        **dict.fromkeys(("login_attempts", "sessions"), f"id >= {(last + 1) * 1000}"),
        **dict.fromkeys(("jobs", "activity_log"), f"id >= {(last + 1) * A_DAY}"),
    }
    return [(table, rows[table]) for table in reversed(COLUMNS) if table in rows]
