"""Amounts: decimals with two places, rounded half up as on an invoice."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
BUDGET_SHARE = Decimal("0.60")


def cents(value: Decimal) -> Decimal:
    """Rounded half up to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal) -> Decimal:
    """Quantity times unit price, less the discount."""
    return cents(quantity * unit_price * (100 - discount_percent) / 100)


def budget_of(total: Decimal) -> Decimal:
    """What a production order may cost: 60 % of the sale's total."""
    return cents(total * BUDGET_SHARE)
