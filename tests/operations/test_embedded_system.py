"""On the embedded system's own healthy history nobody is alarmed, and every figure is its own ground truth."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from hypercare.database.database import Database
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.reports.figures import KNOWN
from hypercare.target_file.target import Target
from tests.operations.checking import make_target, run

pytestmark = pytest.mark.server

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = 8
COUNTED = (
    "sales_created", "sales_finalised", "sales_voided", "steps_updated", "steps_completed", "orders_created",
    "orders_completed", "costs_entered", "users_logged_in", "users_active", "login_failures", "issues_reported",
)  # fmt: skip


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded") / "state"
    made = [sys.executable, "-m", "demo_erp", "create", "--state", str(folder), "--days", str(DAYS), "--at", "17:00"]
    subprocess.run(made, check=True, capture_output=True)
    return folder


def target_in(state: Path, as_of: datetime) -> Target:
    folder = resources.files("hypercare.adapters").joinpath("demo")
    settings = {
        name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("mapping", "defaults")
    }
    return make_target(
        f"sqlite:///{state / 'erp.sqlite'}",
        settings["mapping"],
        as_of,
        canary=settings["defaults"]["canary"],
        business={"clock": state / "clock.json"},
    )


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("day", [1, 4, 8])
def test_nobody_is_alarmed(state: Path, day: int) -> None:
    for hour in (9, 12, 17):
        as_of = datetime.combine(date(2026, 1, 7 + day), time(hour), BERLIN).astimezone(UTC)
        ended = run(target_in(state, as_of))
        assert {name: one for name, one in ended.items() if one.outcome not in {"passed", "not covered"}} == {}, hour


def test_figures_are_the_ground_truth(state: Path) -> None:
    target = target_in(state, datetime(2026, 1, 15, 17, 0, tzinfo=BERLIN).astimezone(UTC))
    ended = run(target)
    figures = {name: value for one in ended.values() for name, value in (one.figures or {}).items()}
    day: dict[str, Any] = json.loads((state / "truth.json").read_text())["days"]["2026-01-15"]
    truth = day["total"]
    for name in COUNTED:
        assert figures[name] == truth[name], name
    assert figures["costs_amount"] == Decimal(truth["costs_amount"])
    assert figures["sales_amount"] == Decimal(truth["amount_finalised"])
    amounts = {code: Decimal(one["amount_finalised"]) for code, one in day["branches"].items()}
    assert figures["sales_amount_by_branch"] == {code: amount for code, amount in amounts.items() if amount}
    assert set(figures) <= set(KNOWN)
    assert {name for name, one in ended.items() if one.outcome == "not covered"} == set()


def test_sales_by_branch_are_the_ground_truth(state: Path) -> None:
    target = target_in(state, datetime(2026, 1, 15, 17, 0, tzinfo=BERLIN).astimezone(UTC))
    sales = Sales(target, Database(target))
    truth: dict[str, Any] = json.loads((state / "truth.json").read_text())["days"]
    for day, told in truth.items():
        found = sales.finalised(target.calendar.day(date.fromisoformat(day))).by_branch()
        by_code = {sales.model.branch_word(branch): figures for branch, figures in found.items()}
        expected = {
            code: (one["sales_finalised"], Decimal(one["amount_finalised"])) for code, one in told["branches"].items()
        }
        assert by_code == {code: figures for code, figures in expected.items() if figures[0]}, day


def test_one_sale_and_one_step_as_the_database_has_them(state: Path) -> None:
    target = target_in(state, datetime(2026, 1, 15, 17, 0, tzinfo=BERLIN).astimezone(UTC))
    database = Database(target)
    sales = Sales(target, database)
    seen = sales.by_number("HAR-2026-000001")
    assert seen is not None and sales.by_id(seen.id) == seen
    assert (seen.state, seen.branch, seen.lines_total) == ("final", "HAR", seen.total)
    assert sum(seen.payments.values()) == seen.total == seen.revenue
    assert sales.by_number("no such") is None
    production = Production(target, database)
    assert production.step_state(1) == "done"
    assert production.step_state(10**9) is None
    of_the_order = "SELECT o.number, s.name FROM production_orders o JOIN production_steps s ON s.order_id = o.id"
    order = database.row(text(f"{of_the_order} WHERE s.id = 1"))
    assert production.step_state(10**9, order["number"], order["name"]) == "done"
    assert production.step_state(10**9, order["number"], "no such step") is None
