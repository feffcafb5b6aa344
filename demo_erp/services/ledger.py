"""The double-entry side of sales: what is owed, what was received, what was earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.schema import LedgerAccount, LedgerEntry, LedgerPosting, Payment, Sale

RECEIVABLES = "1200"
MONEY_ACCOUNT = {"cash": "1000", "card": "1010", "transfer": "1020"}
REVENUE_ACCOUNT = {"retail": "4000", "studio": "4010"}
ACCOUNTS = (  # code, name, kind
    ("1000", "Cash", "asset"),
    ("1010", "Card takings", "asset"),
    ("1020", "Bank", "asset"),
    (RECEIVABLES, "Receivables", "receivable"),
    ("4000", "Retail revenue", "revenue"),
    ("4010", "Studio revenue", "revenue"),
)
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Entry:
    """One side of a posting; the account by its code."""

    account: str
    debit: Decimal
    credit: Decimal


def sale_entries(kind: str, total: Decimal) -> tuple[Entry, Entry]:
    """A sale finalised: the customer owes, revenue is earned."""
    return Entry(RECEIVABLES, total, ZERO), Entry(REVENUE_ACCOUNT[kind], ZERO, total)


def void_entries(kind: str, total: Decimal) -> tuple[Entry, Entry]:
    """A sale voided: the revenue and the claim are taken back."""
    return Entry(REVENUE_ACCOUNT[kind], total, ZERO), Entry(RECEIVABLES, ZERO, total)


def payment_entries(method: str, amount: Decimal) -> tuple[Entry, Entry]:
    """Money received, or given back when the amount is negative."""
    if amount > 0:
        return Entry(MONEY_ACCOUNT[method], amount, ZERO), Entry(RECEIVABLES, ZERO, amount)
    return Entry(RECEIVABLES, -amount, ZERO), Entry(MONEY_ACCOUNT[method], ZERO, -amount)


def sale_description(number: str) -> str:
    return f"Sale {number}"


def void_description(number: str) -> str:
    return f"Void of {number}"


def payment_description(number: str, method: str, amount: Decimal) -> str:
    return f"{'Payment' if amount > 0 else 'Refund'} {number} ({method})"


def post_sale(session: Session, sale: Sale, at: datetime) -> None:
    _post(session, sale, None, sale_description(_number(sale)), sale_entries(sale.kind, sale.total), at)


def post_void(session: Session, sale: Sale, at: datetime) -> None:
    _post(session, sale, None, void_description(_number(sale)), void_entries(sale.kind, sale.total), at)


def post_payment(session: Session, sale: Sale, payment: Payment, at: datetime) -> None:
    """The payment must have its id already."""
    description = payment_description(_number(sale), payment.method, payment.amount)
    _post(session, sale, payment.id, description, payment_entries(payment.method, payment.amount), at)


def _number(sale: Sale) -> str:
    if sale.number is None:
        raise ValueError("a sale without a number is not in the ledger")
    return sale.number


def _post(
    session: Session,
    sale: Sale,
    payment_id: int | None,
    description: str,
    entries: tuple[Entry, ...],
    at: datetime,
) -> None:
    posting = LedgerPosting(
        sale_id=sale.id,
        payment_id=payment_id,
        branch_id=sale.branch_id,
        description=description,
        posted_at=at,
    )
    session.add(posting)
    session.flush()
    accounts = {account.code: account.id for account in session.scalars(select(LedgerAccount))}
    session.add_all(
        LedgerEntry(posting_id=posting.id, account_id=accounts[entry.account], debit=entry.debit, credit=entry.credit)
        for entry in entries
    )
