"""Runs inside pretix's own Python: two venues sell tickets for some weeks, through pretix's own API.

python fill.py FACTS_FILE      makes everything at the first call, and lives on from where it stopped at any other
"""

# ruff: noqa: E402 - Django is set up before its models are imported

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")
django.setup()
sys.path.append(str(Path(__file__).parents[2] / "foreign" / "inside"))

from agenda import SALE, Life, Task
from django.test import Client
from django_scopes import scopes_disabled
from pretix.base.models import Event, Item, Organizer, Team, User

LIFE = Life(Path(sys.argv[1]))
FACTS, ZONE, FIRST, CHANCE = LIFE.facts, LIFE.zone, LIFE.first, LIFE.chance
VENUES = {"north": "North Hall", "south": "South Theatre", "training": "Training Stage"}
SALES_A_DAY = {"north": 20, "south": 13}
PLUGINS = "pretix.plugins.banktransfer,pretix.plugins.manualpayment,pretix.plugins.sendmail,pretix.plugins.checkinlists"


def main() -> None:
    if LIFE.is_new:
        opening = datetime.combine(FIRST - timedelta(days=10), time(12), ZONE)
        with time_machine.travel(opening, tick=False), scopes_disabled():
            _masters()
    with scopes_disabled():
        clients = {user.email.partition("@")[0]: Till(user) for user in User.objects.all()}
        events = {event.slug: event for event in Event.objects.all()}
        LIFE.live(SALES_A_DAY, 5, lambda task: _do(task, clients, events))


def _do(task: Task, clients: dict[str, Till], events: dict[str, Any]) -> None:
    if task.what == SALE:
        _sell(task.branch, clients, events[task.branch])
    else:
        _follow(task.branch, task.of, task.what, clients)


class Till:
    """Somebody at work: pretix ends a session that was idle for some hours."""

    def __init__(self, user: Any) -> None:
        self._user = user
        self._client = Client()
        self._last: datetime | None = None

    def call(self, path: str, body: object | None) -> Any:
        now = datetime.now(ZONE)
        if self._last is None or now - self._last > timedelta(hours=1):
            self._client = Client(SERVER_NAME="localhost", headers={"user-agent": "till"})
            self._client.force_login(self._user)
        self._last = now
        address = f"/api/v1/organizers/kultur/events/{path}"
        send = {"content_type": "application/json"}
        answer = self._client.get(address) if body is None else self._client.post(address, json.dumps(body), **send)
        if answer.status_code >= 300:
            raise SystemExit(f"{address}: {answer.status_code} {answer.content[:500]!r} for {body}")
        return answer.json()


def _masters() -> None:
    organizer = Organizer.objects.create(name="Kultur", slug="kultur", plugins=PLUGINS)
    people = {
        login: User.objects.create_user(
            f"{login}@example.com", FACTS["passwords"][login], fullname=login.title(), timezone=FACTS["zone"]
        )
        for login in FACTS["passwords"]
    }
    for slug, name in VENUES.items():
        event = Event.objects.create(
            organizer=organizer,
            name=name,
            slug=slug,
            currency="EUR",
            live=True,
            plugins=PLUGINS,
            date_from=datetime.combine(FIRST + timedelta(days=200), time(20), ZONE),
        )
        event.settings.timezone = FACTS["zone"]
        event.settings.payment_banktransfer__enabled = True
        event.settings.payment_manual__enabled = True
        event.settings.invoice_generate = "True"
        event.settings.invoice_address_from = f"{name}\nMain street 1"
        event.settings.payment_term_days = 4
        tax = event.tax_rules.create(name="VAT", rate=Decimal("7.00"))
        goods = [
            ("Adult", "24.00"),
            ("Reduced", "14.00"),
            ("Programme", "6.50"),
            ("Box seat", "69.90"),
            ("Child", "0.00"),
        ]
        items = [
            Item.objects.create(
                event=event, name=name, default_price=Decimal(price), tax_rule=tax, admission=True, active=True
            )
            for name, price in goods
        ]
        quota = event.quotas.create(name="House", size=None)
        quota.items.set(items)
        event.vouchers.create(
            code=f"FRIEND{slug.upper()}", max_usages=100000, price_mode="percent", value=Decimal("10.00")
        )
        event.checkin_lists.create(name="Door", all_products=True)
        for role, permissions in {
            "sales": [
                "event.orders:read",
                "event.orders:write",
                "event.orders:checkin",
                "event:cancel",
                "event.vouchers:read",
            ],
            "lead": [
                "event.orders:read",
                "event.orders:write",
                "event.settings.general:write",
                "event.items:write",
                "event.vouchers:read",
            ],
        }.items():
            team = Team.objects.create(
                organizer=organizer, name=f"{name} {role}", limit_event_permissions=dict.fromkeys(permissions, True)
            )
            team.limit_events.add(event)
            team.members.add(*(user for login, user in people.items() if slug in login and role in login))


def _sell(slug: str, clients: dict[str, Till], event: Any) -> None:
    clerk = clients[CHANCE.choice([f"{slug}.sales.anna", f"{slug}.sales.bert"])]
    items = {str(item.name): item for item in event.items.all()}
    kind = CHANCE.choices(
        ["counter", "cash", "transfer", "expires", "dropped", "returned", "free", "changed"],
        [45, 12, 22, 3, 4, 4, 3, 4],
    )[0]
    names = (
        ["Child"] * CHANCE.randint(1, 3)
        if kind == "free"
        else CHANCE.choices(
            ["Adult", "Reduced", "Programme", "Box seat", "Child"],
            [50, 20, 20, 8, 2],
            k=CHANCE.randint(2 if kind == "changed" else 1, 5),
        )
    )
    if kind != "free" and set(names) == {"Child"}:
        names.append("Adult")
    friend = CHANCE.random() < 0.1 and kind != "free"
    positions = []
    for name in names:
        price = items[name].default_price
        position = {
            "item": items[name].pk,
            "variation": None,
            "price": str(price),
            "attendee_name_parts": {"full_name": f"Guest {CHANCE.randint(1, 999)}"},
        }
        if friend:
            position |= {
                "voucher": f"FRIEND{slug.upper()}",
                "price": str((price * Decimal("0.9")).quantize(Decimal("0.01"))),
            }
        positions.append(position)
    counter = kind in {"counter", "cash", "returned"}
    order = {
        "email": f"guest{CHANCE.randint(1, 9999)}@example.com",
        "locale": "en",
        "sales_channel": "web",
        "send_email": False,
        "status": "p" if counter else "n",
        "payment_provider": None
        if kind == "free"
        else "manual"
        if counter and kind != "cash"
        else "boxoffice"
        if counter
        else "banktransfer",
        "positions": positions,
        "fees": []
        if counter or kind == "free"
        else [{"fee_type": "service", "value": "1.50", "tax_rule": None, "description": "booking"}],
    }
    made = clerk.call(f"{slug}/orders/", order)
    code = made["code"]
    if kind in {"transfer", "changed"}:
        LIFE.later(CHANCE.randint(1, 3), "paid" if kind == "transfer" else "marked", slug, code)
    if kind == "expires":
        LIFE.later(6, "expired", slug, code)
    if kind == "dropped":
        LIFE.later(1, "canceled", slug, code)
    if kind == "returned":
        LIFE.later(CHANCE.randint(1, 2), "returned", slug, code)
    if kind == "changed":
        clerk.call(
            f"{slug}/orders/{code}/change/",
            {"cancel_positions": [{"position": made["positions"][0]["id"]}], "recalculate_taxes": "keep_gross"},
        )


def _follow(slug: str, code: str, what: str, clients: dict[str, Till]) -> None:
    clerk = clients[CHANCE.choice([f"{slug}.sales.anna", f"{slug}.sales.bert"])]
    lead = clients[f"{slug}.lead"]
    if what == "paid":
        clerk.call(f"{slug}/orders/{code}/payments/1/confirm/", {"send_email": False})
    elif what == "marked":
        clerk.call(f"{slug}/orders/{code}/mark_paid/", {"send_email": False})
    elif what == "expired":
        clerk.call(f"{slug}/orders/{code}/mark_expired/", {})
    else:
        lead.call(f"{slug}/orders/{code}/mark_canceled/", {"send_email": False})
        if what == "returned":
            payment = lead.call(f"{slug}/orders/{code}/payments/1/", None)
            lead.call(
                f"{slug}/orders/{code}/refunds/",
                {
                    "state": "done",
                    "source": "admin",
                    "amount": payment["amount"],
                    "payment": 1,
                    "provider": "manual",
                    "mark_canceled": False,
                },
            )


if __name__ == "__main__":
    main()
