"""Money, numbers and times as the business writes them; instants are shown in its own time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True)
class Formats:
    """How one business writes things."""

    timezone: ZoneInfo
    currency: str

    def amount(self, value: Decimal) -> str:
        """ "€1,234.50"; a currency without a known sign is written by its code."""
        sign = "−" if value < 0 else ""
        symbol = SYMBOLS.get(self.currency, f"{self.currency} ")
        return f"{sign}{symbol}{abs(value):,.2f}"

    def money(self, value: Decimal) -> Markup:
        """The amount for people, with the plain number beside it for programs."""
        return Markup('<data class="nowrap" value="{}">{}</data>').format(f"{value:.2f}", self.amount(value))

    def instant(self, moment: datetime) -> Markup:
        """ "15 Jan 2026, 16:59" in a time element."""
        local = moment.astimezone(self.timezone)
        shown = f"{local.day} {local:%b %Y, %H:%M}"
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), shown)

    def local_day(self, moment: datetime) -> str:
        return long_date(moment.astimezone(self.timezone).date())

    def local_clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.timezone):%H:%M}"


def long_date(day: date) -> str:
    """ "Thursday, 15 January 2026"."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def short_date(day: date) -> Markup:
    """ "Thu 15 Jan" in a time element."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), f"{day:%a} {day.day} {day:%b}")


def plain_number(value: Decimal) -> str:
    """Without the zeros that say nothing: "2", "1.5"."""
    return f"{value.normalize():f}" if value else "0"


def query(filters: Mapping[str, Any], **more: Any) -> str:
    """Filters as the query of a link, the empty ones left out."""
    return urlencode({name: value for name, value in {**filters, **more}.items() if value not in ("", None, 0)})
