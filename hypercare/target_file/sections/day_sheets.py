"""[day_sheets]: what branches count by hand and hand in as files."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from hypercare.target_file.section import Section, one_or_more

SheetField = Literal["day", "branch", "count", "amount", "steps", "orders"]


class DaySheetsSection(Section):
    """Day sheets that branches hand in as files, CSV or XLSX, to be compared with sales and production.

    A line is a day of a branch, or a single sale where nothing counts them. Headings are known in several languages;
    `columns` names those that are not: `day`, `branch` (without it the name of the file says whose it is), `count` and
    `amount` of the sales, `steps` of production done, `orders` completed. A sheet may be `amount_off` and `count_off`
    before it differs. `day_first` is how 03/04/2026 is meant.
    """

    files: Annotated[tuple[str, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description='paths, `"day-sheets/*.xlsx"`'
    )
    columns: dict[SheetField, str] = Field(default_factory=dict)
    amount_off: Decimal = Field(default=Decimal(0), ge=0, description="in the business's currency")
    count_off: int = Field(default=0, ge=0)
    day_first: bool = True
    encoding: str | None = Field(default=None, description="of CSV; without it UTF-8 or 16, else that of Windows")
