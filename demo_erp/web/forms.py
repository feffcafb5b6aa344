"""What people type, made into values; a mistake is told in words that name the field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from demo_erp.errors import Invalid

_NUMBER = re.compile(r"\d{1,12}([.,]\d{1,4})?")


async def read_form(request: Request) -> FormData:
    """The form that was sent; files are not accepted anywhere."""
    return await request.form(max_files=0, max_fields=300)


FormDependency = Annotated[FormData, Depends(read_form)]


def text(form: FormData, name: str) -> str:
    """A field as text without the space around it; "" when it was not sent."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """All values of a field that can be there more than once, in order."""
    return [value.strip() for value in form.getlist(name) if isinstance(value, str)]


def decimal(value: str, label: str) -> Decimal:
    """A number with a point or a comma; raises Invalid for anything else."""
    entered = value.strip()
    if not _NUMBER.fullmatch(entered):
        raise Invalid(f"{label} must be a number such as 12.50")
    return Decimal(entered.replace(",", "."))


def chosen(value: str, label: str) -> int:
    """The id of a record that was chosen from a list; raises Invalid when none was."""
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise Invalid(f"please choose {label}")
    return int(value)


def maybe_chosen(value: str) -> int | None:
    """The same where nothing may be chosen."""
    return chosen(value, "from the list") if value else None


def day(value: str | None) -> date | None:
    """A day of a date field; None for an empty or impossible one, so that a filter never fails."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def position(value: str | None) -> int:
    """An offset into a listing, never negative; 0 when it makes no sense."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 8 else 0
