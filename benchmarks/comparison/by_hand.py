"""Fifteen checks as somebody who knows the tables writes them: each finds the rows that are wrong since an instant.

SQL of PostgreSQL, bounded by half-open ranges on raw indexed columns; `{since}` is put in as a literal, since some
tools take no parameters.
"""

from __future__ import annotations

from datetime import datetime

RECENT = "s.finalised_at >= '{since}'"
FAILING: dict[str, str] = {
    "header is lines": f"""
SELECT s.id FROM sales s LEFT JOIN LATERAL (SELECT sum(l.amount) AS amount FROM sale_lines l WHERE l.sale_id = s.id) l
ON true WHERE {RECENT} AND s.total <> coalesce(l.amount, 0)""",
    "line is quantity times price": f"""
SELECT l.id FROM sales s JOIN sale_lines l ON l.sale_id = s.id WHERE {RECENT}
AND l.amount <> round(l.quantity * l.unit_price * (100 - l.discount_percent) / 100, 2)""",
    "paid in full": f"""
SELECT s.id FROM sales s LEFT JOIN LATERAL (SELECT sum(p.amount) AS amount FROM payments p WHERE p.sale_id = s.id) p
ON true WHERE {RECENT} AND coalesce(p.amount, 0) <> CASE s.state WHEN 'void' THEN 0 ELSE s.total END""",
    "posting is balanced": """
SELECT p.id FROM ledger_postings p JOIN LATERAL (SELECT sum(e.debit) AS debit, sum(e.credit) AS credit
FROM ledger_entries e WHERE e.posting_id = p.id) e ON true WHERE p.posted_at >= '{since}' AND e.debit <> e.credit""",
    "order for each studio sale": f"""
SELECT s.id FROM sales s WHERE {RECENT} AND s.kind = 'studio' AND s.state = 'final'
AND NOT EXISTS (SELECT 1 FROM production_orders o WHERE o.sale_id = s.id)""",
    "order in the branch of its sale": """
SELECT o.id FROM production_orders o JOIN sales s ON s.id = o.sale_id
WHERE o.created_at >= '{since}' AND o.branch_id <> s.branch_id""",
    "no sale twice within two minutes": f"""
SELECT s.id FROM sales s JOIN sales t ON t.customer_id = s.customer_id AND t.id > s.id AND t.total = s.total
AND t.branch_id = s.branch_id AND t.state = 'final' AND t.finalised_at BETWEEN s.finalised_at - interval '2 minutes'
AND s.finalised_at + interval '2 minutes' WHERE {RECENT} AND s.state = 'final'""",
    "no number twice": """
SELECT number FROM sales s WHERE s.finalised_at >= '{since}' GROUP BY number HAVING count(*) > 1""",
    "final sale is complete": """
SELECT s.id FROM sales s WHERE s.created_at >= '{since}' AND s.state = 'final'
AND (s.number IS NULL OR s.finalised_at IS NULL OR s.customer_id IS NULL)""",
    "state is known": """
SELECT s.id FROM sales s WHERE s.created_at >= '{since}' AND s.state NOT IN ('draft', 'final', 'void')""",
    "cost is more than nothing": """
SELECT c.id FROM costs c WHERE c.entered_at >= '{since}' AND c.amount <= 0""",
    "total is plausible": f"""
SELECT s.id FROM sales s WHERE {RECENT} AND (s.total <= 0 OR s.total > 20000)""",
    "line has a sale": """
SELECT l.id FROM sale_lines l WHERE l.sale_id >= (SELECT min(id) FROM sales WHERE created_at >= '{since}')
AND NOT EXISTS (SELECT 1 FROM sales s WHERE s.id = l.sale_id)""",
    "ledger has the total": f"""
SELECT s.id FROM sales s LEFT JOIN LATERAL (SELECT sum(e.debit) AS debit FROM ledger_postings p
JOIN ledger_entries e ON e.posting_id = p.id WHERE p.sale_id = s.id AND p.payment_id IS NULL AND e.account_id = 4) e
ON true WHERE {RECENT} AND s.state = 'final' AND coalesce(e.debit, 0) <> s.total""",
    "sums by branch": """
SELECT b.id FROM branches b JOIN LATERAL (SELECT count(*) AS sales, sum(s.total) AS total FROM sales s
WHERE s.branch_id = b.id AND s.created_at >= '{since}') s ON true WHERE s.sales > 0 AND s.total IS NULL""",
}
TWELVE = tuple(FAILING)[:12]
NOTICES = {
    "line-lost": "header is lines",
    "line-mispriced": "line is quantity times price",
    "paid-twice": "paid in full",
    "payment-lost": "paid in full",
    "ledger-off": "posting is balanced",
    "total-changed": "header is lines",
    "order-lost": "order for each studio sale",
    "order-elsewhere": "order in the branch of its sale",
    "sold-twice": "no sale twice within two minutes",
    "cost-negative": "cost is more than nothing",
    "filled-in-late": "header is lines",
    "edited-late": "header is lines",
}
"""Which check notices which planted defect of the generator."""


def failing(name: str, since: datetime) -> str:
    """The statement of a check, bounded."""
    return FAILING[name].format(since=since.isoformat(sep=" ")).strip()
