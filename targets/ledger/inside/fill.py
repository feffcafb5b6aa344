"""Runs inside django-ledger's own Python: two companies write invoices for some weeks, through its own models.

python fill.py FACTS_FILE      makes everything at the first call, and lives on from where it stopped at any other
"""

# ruff: noqa: E402 - Django is set up before its models are imported

from __future__ import annotations

import os
import sys
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "house")
django.setup()
sys.path.append(str(Path(__file__).parents[2] / "foreign" / "inside"))

from agenda import SALE, Life, Task
from django.contrib.auth import get_user_model
from django_ledger.io.roles import (
    ASSET_CA_CASH,
    ASSET_CA_RECEIVABLES,
    COGS_REGULAR,
    INCOME_OPERATIONAL,
    LIABILITY_CL_DEFERRED_REVENUE,
)
from django_ledger.models import EntityModel, InvoiceModel, ItemModel, ItemTransactionModel

LIFE = Life(Path(sys.argv[1]))
FACTS, ZONE, FIRST, CHANCE = LIFE.facts, LIFE.zone, LIFE.first, LIFE.chance
COMPANIES = {"north": "North Works", "south": "South Works", "training": "Training Works"}
INVOICES_A_DAY = {"north": 15, "south": 11}
GOODS = [
    ("Consulting hour", "120.00"),
    ("Repair hour", "85.50"),
    ("Inspection", "249.90"),
    ("Travel", "39.00"),
    ("Spare part", "17.35"),
]


def main() -> None:
    if LIFE.is_new:
        with time_machine.travel(datetime.combine(FIRST - timedelta(days=10), time(12), ZONE), tick=False):
            people = {
                login: get_user_model().objects.create_user(login, f"{login}@example.com", password)
                for login, password in FACTS["passwords"].items()
            }
            for code, name in COMPANIES.items():
                _company(name, code, people)
    companies = {code: EntityModel.objects.get(name=name) for code, name in COMPANIES.items()}
    LIFE.live(INVOICES_A_DAY, 4, lambda task: _do(task, companies[task.branch]))


def _do(task: Task, company: Any) -> None:
    user = get_user_model().objects.get(username=f"{task.branch}.lead")
    if task.what == SALE:
        _invoice(task.branch, company, user)
        return
    invoice = InvoiceModel.objects.get(pk=task.of)
    if task.what == "approve":
        _approve(invoice, company, user, pay=True)
    elif task.what == "pay":
        _pay(invoice, company, user)
    else:
        invoice.mark_as_void(entity_slug=company.slug, user_model=user, commit=True)


def _company(name: str, code: str, people: dict[str, Any]) -> None:
    admin = next(user for login, user in people.items() if login == f"{code}.lead" or login == f"check.{code}.lead")
    company = EntityModel.create_entity(name=name, admin=admin, use_accrual_method=False, fy_start_month=1)
    company.managers.set(user for login, user in people.items() if code in login and user != admin)
    chart = company.create_chart_of_accounts(assign_as_default=True, commit=True)
    company.populate_default_coa(coa_model=chart, activate_accounts=True)
    unit = company.create_uom("unit", "Unit", commit=True)
    for item, price in GOODS:
        # Not by its own create_item_service, which wants a chart with a single account of costs.
        ItemModel.objects.create(
            entity=company,
            name=item,
            uom=unit,
            item_role=ItemModel.ITEM_ROLE_SERVICE,
            is_product_or_service=True,
            for_inventory=False,
            default_amount=Decimal(price),
            additional_info={},
            earnings_account=company.get_coa_accounts().filter(role=INCOME_OPERATIONAL).first(),
            cogs_account=company.get_coa_accounts().filter(role=COGS_REGULAR).first(),
        )
    for number in range(2 if code == "training" else 9):
        trial = f"Trial client {number + 1}" if code == "training" else f"Client {code} {number + 1}"
        company.create_customer({"customer_name": trial, "active": True, "hidden": False}, commit=True)


def _invoice(code: str, company: Any, user: Any) -> None:
    accounts = {
        role: company.get_coa_accounts().filter(role=role).first()
        for role in (ASSET_CA_CASH, ASSET_CA_RECEIVABLES, LIABILITY_CL_DEFERRED_REVENUE, INCOME_OPERATIONAL)
    }
    customer = CHANCE.choice(list(company.get_customers().order_by("customer_name")))
    invoice = company.create_invoice(
        customer_model=customer,
        terms=InvoiceModel.TERMS_ON_RECEIPT,
        cash_account=accounts[ASSET_CA_CASH],
        prepaid_account=accounts[ASSET_CA_RECEIVABLES],
        payable_account=accounts[LIABILITY_CL_DEFERRED_REVENUE],
        commit=True,
    )
    rows = []
    for item in CHANCE.sample(list(company.get_items_services().order_by("name")), CHANCE.randint(1, 4)):
        row = ItemTransactionModel(
            invoice_model=invoice,
            item_model=item,
            quantity=CHANCE.choice([0.5, 1, 1, 1.5, 2, 3]),
            unit_cost=float(item.default_amount),
        )
        row.full_clean()
        rows.append(row)
    rows = invoice.itemtransactionmodel_set.bulk_create(rows)
    invoice.update_amount_due(itemtxs_qs=rows)
    invoice.full_clean()
    invoice.save()
    kind = CHANCE.choices(["paid", "paid later", "void", "canceled", "draft"], [60, 22, 6, 5, 7])[0]
    if kind == "canceled":
        invoice.mark_as_canceled(commit=True)
        return
    if kind == "draft":
        LIFE.later(1, "approve", code, str(invoice.pk))
        return
    _approve(invoice, company, user, pay=kind == "paid")
    if kind == "paid later":
        LIFE.later(CHANCE.randint(1, 2), "pay", code, str(invoice.pk))
    if kind == "void":
        LIFE.later(1, "void", code, str(invoice.pk))


def _approve(invoice: Any, company: Any, user: Any, *, pay: bool) -> None:
    invoice.mark_as_review(commit=True)
    invoice.mark_as_approved(entity_slug=company.slug, user_model=user, commit=True)
    if pay:
        _pay(invoice, company, user)


def _pay(invoice: Any, company: Any, user: Any) -> None:
    invoice.mark_as_paid(entity_slug=company.slug, user_model=user, date_paid=datetime.now(ZONE), commit=True)


if __name__ == "__main__":
    main()
