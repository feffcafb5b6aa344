"""The tables of the embedded system, a bridal and tailoring business with several branches.

Money is NUMERIC(12, 2), instants are stored in UTC. The tables declare what a careful vendor would declare;
a few rules are only agreed (an activity's user, a session's address), as they are in real systems.
"""

from __future__ import annotations

from demo_erp.schema.base import Base, UtcDateTime
from demo_erp.schema.branches import Branch, OpeningHours
from demo_erp.schema.ledger import DaySheet, LedgerAccount, LedgerEntry, LedgerPosting
from demo_erp.schema.people import CHANNELS, ROLES, LoginAttempt, Session, Shift, User
from demo_erp.schema.production import (
    COST_KINDS,
    ORDER_STATES,
    STEP_NAMES,
    STEP_STATES,
    Cost,
    ProductionOrder,
    ProductionStep,
)
from demo_erp.schema.sales import PAYMENT_METHODS, SALE_KINDS, SALE_STATES, Customer, Payment, Product, Sale, SaleLine
from demo_erp.schema.work import (
    ISSUE_CATEGORIES,
    ISSUE_SEVERITIES,
    ISSUE_STATES,
    JOB_STATES,
    Activity,
    IssueReport,
    Job,
    TrafficPosition,
)

__all__ = [
    "CHANNELS",
    "COST_KINDS",
    "ISSUE_CATEGORIES",
    "ISSUE_SEVERITIES",
    "ISSUE_STATES",
    "JOB_STATES",
    "ORDER_STATES",
    "PAYMENT_METHODS",
    "ROLES",
    "SALE_KINDS",
    "SALE_STATES",
    "STEP_NAMES",
    "STEP_STATES",
    "Activity",
    "Base",
    "Branch",
    "Cost",
    "Customer",
    "DaySheet",
    "IssueReport",
    "Job",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerPosting",
    "LoginAttempt",
    "OpeningHours",
    "Payment",
    "Product",
    "ProductionOrder",
    "ProductionStep",
    "Sale",
    "SaleLine",
    "Session",
    "Shift",
    "TrafficPosition",
    "User",
    "UtcDateTime",
]
