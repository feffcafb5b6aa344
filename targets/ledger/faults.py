"""What goes wrong in books kept in django-ledger, put in past the application: into PostgreSQL and its backups."""

# ruff: noqa: E501 - one of a kind on a line

from __future__ import annotations

from hypercare.outcome.level import Level
from targets.foreign.faults import BACKUPS, record, sql

L2, L3 = Level.L2, Level.L3
TOTALS, BRANCHES, CREATED = "verify.sales-totals", "verify.branches", "summary.sales-created"
_PAID = (
    "(SELECT uuid FROM django_ledger_invoicemodel WHERE invoice_status = 'paid' AND created < {days_ago:0.5}"
    " ORDER BY created DESC LIMIT 1)"
)
_OF_IT = f"WHERE uuid = {_PAID}"
_LINE = f"WHERE uuid = (SELECT MIN(uuid::text) FROM django_ledger_itemtransactionmodel WHERE invoice_model_id = {_PAID})::uuid"
_BOOKED = (
    "WHERE journal_entry_id IN (SELECT uuid FROM django_ledger_journalentrymodel WHERE ledger_id ="
    f" (SELECT ledger_id FROM django_ledger_invoicemodel {_OF_IT}))"
)
_OTHER = "(SELECT uuid FROM django_ledger_entitymodel WHERE name LIKE 'South%%')"
_UNCHECKED = "SET session_replication_role = replica"
_ALL_OF_TODAY = "(SELECT uuid FROM django_ledger_invoicemodel WHERE created > {hours_ago:9})"

RECORDS = (
    record(
        "a total is five short",
        sql(f"UPDATE django_ledger_invoicemodel SET amount_due = amount_due - 5 {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "a total is tenfold",
        sql(f"UPDATE django_ledger_invoicemodel SET amount_due = amount_due * 10 {_OF_IT}"),
        {TOTALS: L3},
    ),
    record("a line is gone", sql(f"DELETE FROM django_ledger_itemtransactionmodel {_LINE}"), {TOTALS: L3}),
    record(
        "a line's amount was changed",
        sql(f"UPDATE django_ledger_itemtransactionmodel SET total_amount = total_amount + 10 {_LINE}"),
        {TOTALS: L3},
    ),
    record(
        "a line's quantity was doubled",
        sql(f"UPDATE django_ledger_itemtransactionmodel SET quantity = quantity * 2 {_LINE}"),
        {TOTALS: L3},
    ),
    record(
        "what was paid is not in the ledger", sql(f"DELETE FROM django_ledger_transactionmodel {_BOOKED}"), {TOTALS: L3}
    ),
    record(
        "one side of a posting is gone",
        sql(f"DELETE FROM django_ledger_transactionmodel {_BOOKED} AND tx_type = 'credit'"),
        {TOTALS: L3},
    ),
    record(
        "a posting has another amount",
        sql(f"UPDATE django_ledger_transactionmodel SET amount = amount + 100 {_BOOKED} AND tx_type = 'debit'"),
        {TOTALS: L3},
    ),
    record(
        "a posting is of another day's sale",
        sql(
            f"UPDATE django_ledger_journalentrymodel SET posted = false WHERE ledger_id = (SELECT ledger_id FROM django_ledger_invoicemodel {_OF_IT})"
        ),
        {TOTALS: L3},
    ),
    record(
        "a paid invoice is a draft again",
        sql(f"UPDATE django_ledger_invoicemodel SET invoice_status = 'draft' {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "a paid invoice is void, its money is kept",
        sql(f"UPDATE django_ledger_invoicemodel SET invoice_status = 'void', date_void = date_paid {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "an invoice is in a state that nobody knows",
        sql(f"UPDATE django_ledger_invoicemodel SET invoice_status = 'limbo' {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "a paid invoice has no day on which it was approved",
        sql(f"UPDATE django_ledger_invoicemodel SET date_approved = NULL {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "an invoice is of the day after tomorrow",
        sql(f"UPDATE django_ledger_invoicemodel SET created = {{days_ago:-2}} {_OF_IT}"),
        {TOTALS: L3},
    ),
    # It shows in another month's figures.
    record(
        "an invoice was approved forty days before it was written",
        sql(f"UPDATE django_ledger_invoicemodel SET date_approved = created::date - 40 {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "an invoice's date alone is of two years ago",
        sql(f"UPDATE django_ledger_invoicemodel SET created = {{days_ago:900}} {_OF_IT}"),
        {TOTALS: L2},
        CREATED,
    ),
    record(
        "an invoice has no number",
        sql(f"UPDATE django_ledger_invoicemodel SET invoice_number = '' {_OF_IT}"),
        {TOTALS: L3},
    ),
    record(
        "a number was given twice in a company",
        sql(
            f"UPDATE django_ledger_invoicemodel i SET invoice_number = o.invoice_number FROM django_ledger_invoicemodel o JOIN django_ledger_ledgermodel l ON l.uuid = o.ledger_id WHERE i.uuid = {_PAID} AND o.uuid <> i.uuid AND o.invoice_status = 'paid' AND l.entity_id = (SELECT l2.entity_id FROM django_ledger_ledgermodel l2 WHERE l2.uuid = i.ledger_id)"
        ),
        {TOTALS: L2},
    ),
    record(
        "an invoice is in the other company's books",
        sql(
            f"UPDATE django_ledger_ledgermodel SET entity_id = {_OTHER} WHERE uuid = (SELECT i.ledger_id FROM django_ledger_invoicemodel i JOIN django_ledger_ledgermodel l ON l.uuid = i.ledger_id WHERE l.entity_id <> {_OTHER} AND invoice_status = 'paid' ORDER BY i.created DESC LIMIT 1)"
        ),
        {BRANCHES: L3},
        TOTALS,
    ),
    record(
        "a line is of an invoice that is not there",
        sql(_UNCHECKED, f"UPDATE django_ledger_itemtransactionmodel SET invoice_model_id = gen_random_uuid() {_LINE}"),
        {"data.foreign-keys": L3, TOTALS: L3},
    ),
    record(
        "an invoice is of a customer who is not there",
        sql(_UNCHECKED, f"UPDATE django_ledger_invoicemodel SET customer_id = gen_random_uuid() {_OF_IT}"),
        {"data.foreign-keys": L3},
        BRANCHES,
    ),
    record(
        "a draft was forgotten",
        sql(
            "UPDATE django_ledger_invoicemodel SET invoice_status = 'draft', date_approved = NULL, created = {days_ago:9} WHERE uuid = (SELECT uuid FROM django_ledger_invoicemodel WHERE invoice_status = 'canceled' ORDER BY created DESC LIMIT 1)"
        ),
        {"ops.workflows": L2},
        TOTALS,
    ),
    record(
        "nobody wrote an invoice today",
        sql(
            _UNCHECKED,
            f"DELETE FROM django_ledger_itemtransactionmodel WHERE invoice_model_id IN {_ALL_OF_TODAY}",
            f"DELETE FROM django_ledger_invoicemodel WHERE uuid IN {_ALL_OF_TODAY}",
        ),
        {CREATED: L2, "ops.sales": L2},
        TOTALS,
        "data.foreign-keys",
    ),
)
FAULTS = (*RECORDS, *BACKUPS)
