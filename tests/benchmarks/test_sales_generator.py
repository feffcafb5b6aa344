"""What the generator of many sales fills in is always the same, whichever way it came about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from benchmarks.sales_generator.business import SALES_A_DAY, TODAY, Business
from benchmarks.sales_generator.filling import all_lines
from benchmarks.sales_generator.living_on import live_on
from benchmarks.sales_generator.loading import TABLES
from demo_erp.schema import Base
from tests.benchmarks.conftest import Filled


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables in the order of their keys."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in TABLES.items()
        }
    engine.dispose()
    return found


def test_the_same_business_has_the_same_rows() -> None:
    once, again = ([dict(part) for part in all_lines(Business(2, sales_a_day=200))] for _ in range(2))
    assert once == again


def test_a_day_that_is_over_is_the_same_in_a_longer_business() -> None:
    shorter, longer = Business(2, sales_a_day=200), Business(3, today=TODAY + timedelta(days=1), sales_a_day=200)
    first, same = (list(islice(all_lines(business), 2))[1]["sale_lines"] for business in (shorter, longer))
    assert first == same


def test_a_week_has_seven_thousand_sales_a_day() -> None:
    week = Business(7)
    assert sum(one.sales for days in week.volumes for one in days[:7]) == pytest.approx(7 * SALES_A_DAY, rel=0.03)


def test_every_reference_leads_to_a_row(few_days: Filled) -> None:
    engine = create_engine(few_days.url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        for table in Base.metadata.sorted_tables:
            assert connection.scalar(select(func.count()).select_from(table)), table.name
    engine.dispose()


@pytest.mark.long
def test_living_on_makes_what_a_longer_business_has(few_days: Filled, tmp_path: Path) -> None:
    begun = few_days.business
    lived = few_days.copy(tmp_path)
    longer = live_on(lived.url, begun)
    assert longer == replace(begun, days=begun.days + 1, today=begun.today + timedelta(days=1))
    assert rows_of(lived.url) == rows_of(Filled.make(tmp_path / "longer", longer).url)
