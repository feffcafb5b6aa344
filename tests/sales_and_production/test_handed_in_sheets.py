"""Sheets that branches hand in as files beside what the system says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.sales_and_production.handed_in_sheets import HandedInSheets
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.conftest import CANARY
from tests.operations.facts import AS_OF, GO_LIVE, healthy

Asked = Callable[..., Found]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """How the sheets of branch N compare: `change` writes count and amount of each day as they stand in its file."""
    file = tmp_path / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())

    def asked(
        change: Callable[[str, int, float], str],
        *,
        heading: str = "day;count;amount",
        name: str = "N.csv",
        production: bool = False,
        **settings: Any,
    ) -> Found:
        with closing(sqlite3.connect(file)) as connection:
            rows = connection.execute(
                "SELECT day_, count_, amount_ FROM manual_record_rows WHERE branch_ = 1"
            ).fetchall()
        lines = [change(str(day), int(count), float(amount)) for day, count, amount in rows]
        (tmp_path / name).write_text("\n".join([heading, *filter(None, lines)]), encoding="utf-8")
        sheets = {"files": [str(tmp_path / "*.csv")], **settings}
        target = make_target(
            f"sqlite:///{file}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE, canary=CANARY, day_sheets=sheets
        )
        with closing(Database(target)) as database:
            handed_in = HandedInSheets(Model(target, database))
            return handed_in.unlike_the_production() if production else handed_in.unlike_the_sales()

    return asked


def as_it_is(day: str, count: int, amount: float) -> str:
    return f"{day};{count};{amount:.2f}"


def off_on_one_day(count_off: int, amount_off: float) -> Callable[[str, int, float], str]:
    def line(day: str, count: int, amount: float) -> str:
        off = day == "2026-03-25"
        return f"{day};{count + count_off * off};{amount + amount_off * off:.2f}"

    return line


def test_sheets_that_agree_hold(asked: Asked) -> None:
    found = asked(as_it_is)
    assert (found.count, found.of) == (0, 14)


@pytest.mark.parametrize(
    ("change", "what", "off"),
    [(off_on_one_day(1, 0), "sales", "1"), (off_on_one_day(0, -20), "amount", "-20.00")],
)
def test_a_sheet_that_differs_says_by_what(asked: Asked, change: Callable[..., str], what: str, off: str) -> None:
    found = asked(change)
    assert found.count == 1
    row = found.sample[0]
    assert (row["day"], row["branch"], row["what"], row["off by"]) == ("2026-03-25", "N", what, off)


@pytest.mark.parametrize(
    ("change", "settings"),
    [(off_on_one_day(1, 0), {"count_off": 1}), (off_on_one_day(0, 5), {"amount_off": "5"})],
)
def test_a_sheet_may_be_off_by_what_is_agreed(
    asked: Asked, change: Callable[..., str], settings: dict[str, Any]
) -> None:
    assert asked(change, **settings).count == 0


@pytest.mark.parametrize("name", ["North 2026.csv", "till_n_march.csv", "1.csv"])
def test_the_name_of_a_file_tells_whose_it_is(asked: Asked, name: str) -> None:
    assert asked(as_it_is, name=name).of == 14


@pytest.mark.parametrize("name", ["march.csv", "north and south.csv"])
def test_a_file_of_nobody_or_of_two_is_not_compared(asked: Asked, name: str) -> None:
    with pytest.raises(NotCovered, match="not known here"):
        asked(as_it_is, name=name)


@pytest.mark.parametrize(("off", "differ"), [(0, False), (3, True)])
def test_lines_that_come_to_the_day_are_its_ways_of_payment(asked: Asked, off: int, differ: bool) -> None:
    def by_cash_and_card(day: str, count: int, amount: float) -> str:
        return f"{day};cash;{amount - 20 + off:.2f}\n{day};card;20"

    assert bool(asked(by_cash_and_card, heading="day;method;amount").count) is differ


def test_a_sheet_of_today_is_not_looked_at(asked: Asked) -> None:
    with pytest.raises(NotCovered, match="none tells of sales of a past day"):
        asked(lambda day, count, amount: "2026-04-01;1;1.00" if day == "2026-03-25" else "")


def test_where_most_sheets_differ_they_are_kept_otherwise(asked: Asked) -> None:
    found = asked(lambda day, count, amount: f"{day};{count};{amount * 1.19:.2f}")
    assert found.doubt is not None


def test_a_file_that_cannot_be_read_is_not_passed_over(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "S.csv").write_text("no;heading\n")
    with pytest.raises(NotCovered, match=r"S\.csv"):
        asked(as_it_is)


def test_without_any_file_there_is_nothing_to_compare(asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match="No day sheet lies at"):
        asked(as_it_is, files=[str(tmp_path / "*.xlsx")])


def test_steps_that_the_floor_counted_are_compared(asked: Asked) -> None:
    found = asked(
        lambda day, count, amount: f"{day};500" if day == "2026-03-25" else "", heading="day;steps", production=True
    )
    assert found.count == 1
    assert found.sample[0]["by hand"] == "500"
