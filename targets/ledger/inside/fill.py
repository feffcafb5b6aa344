"""Runs inside django-ledger's own Python: two companies write invoices for some weeks, through its own models.

python fill.py FACTS_FILE      FACTS: {"passwords": {...}, "zone": "UTC", "first": "2026-01-08", "last": instant}
"""

# ruff: noqa: E402 - Django is set up before its models are imported

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "house")
django.setup()

from django.contrib.auth import get_user_model
from django_ledger.io.roles import (
    ASSET_CA_CASH,
    ASSET_CA_RECEIVABLES,
    COGS_REGULAR,
    INCOME_OPERATIONAL,
    LIABILITY_CL_DEFERRED_REVENUE,
)
from django_ledger.models import EntityModel, InvoiceModel, ItemModel, ItemTransactionModel

FACTS = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
ZONE = ZoneInfo(FACTS["zone"])
LAST = datetime.fromisoformat(FACTS["last"])
FIRST = date.fromisoformat(FACTS["first"])
COMPANIES = {"north": "North Works", "south": "South Works", "training": "Training Works"}
GOODS = [
    ("Consulting hour", "120.00"),
    ("Repair hour", "85.50"),
    ("Inspection", "249.90"),
    ("Travel", "39.00"),
    ("Spare part", "17.35"),
]
CHANCE = random.Random(4711)


def main() -> None:
    with _at(datetime.combine(FIRST - timedelta(days=10), time(12), ZONE)):
        people = {
            login: get_user_model().objects.create_user(login, f"{login}@example.com", password)
            for login, password in FACTS["passwords"].items()
        }
        companies = {code: _company(name, code, people) for code, name in COMPANIES.items()}
    days = (LAST.astimezone(ZONE).date() - FIRST).days
    for number in range(days + 1):
        _live(FIRST + timedelta(days=number), companies, people)


def _at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def _company(name: str, code: str, people: dict[str, Any]) -> Any:
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
    return company


def _live(day: date, companies: dict[str, Any], people: dict[str, Any]) -> None:
    happenings = sorted(_happenings(day, companies, people), key=lambda one: one[0])
    for at, what in happenings:
        if at > LAST:
            break
        with _at(at):
            what()


Later = tuple[datetime, Callable[[], None]]
LATER: list[Later] = []


def _happenings(day: date, companies: dict[str, Any], people: dict[str, Any]) -> Iterator[Later]:
    due = [one for one in LATER if one[0].date() <= day]
    LATER[:] = [one for one in LATER if one[0].date() > day]
    yield from due
    for code in ("north", "south"):
        usual = {"north": 15, "south": 11}[code]
        for _ in range(usual - (4 if day.weekday() >= 5 else 0) + CHANCE.randint(-2, 2)):
            yield _moment(day), lambda code=code: _invoice(companies[code], people[f"{code}.lead"])


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), ZONE) + timedelta(seconds=CHANCE.randint(300, 32100))


def _invoice(company: Any, user: Any) -> None:
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
    today = datetime.now(ZONE).date()
    if kind == "canceled":
        invoice.mark_as_canceled(commit=True)
        return
    if kind == "draft":
        LATER.append((_moment(today + timedelta(days=1)), lambda: _approve(invoice, company, user, pay=True)))
        return
    _approve(invoice, company, user, pay=kind == "paid")
    if kind == "paid later":
        LATER.append((_moment(today + timedelta(days=CHANCE.randint(1, 2))), lambda: _pay(invoice, company, user)))
    if kind == "void":
        LATER.append(
            (
                _moment(today + timedelta(days=1)),
                lambda: invoice.mark_as_void(entity_slug=company.slug, user_model=user, commit=True),
            )
        )


def _approve(invoice: Any, company: Any, user: Any, *, pay: bool) -> None:
    invoice.mark_as_review(commit=True)
    invoice.mark_as_approved(entity_slug=company.slug, user_model=user, commit=True)
    if pay:
        _pay(invoice, company, user)


def _pay(invoice: Any, company: Any, user: Any) -> None:
    invoice.mark_as_paid(entity_slug=company.slug, user_model=user, date_paid=datetime.now(ZONE), commit=True)


if __name__ == "__main__":
    main()
