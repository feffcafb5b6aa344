"""hypercare.testing: a small target, a clock that stands, and one check run in a plain test."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from hypercare.database.database import Database
from hypercare.operations.sales import Sales
from hypercare.outcome.expect import expect
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import AwaitingPerson, ChannelDown, MonitorFault, NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.loading import TargetFileProblem
from hypercare.target_file.target import Target
from hypercare.testing import Resources, load_small_target, run_check, small_target

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
TABLES = "CREATE TABLE invoices (id INTEGER PRIMARY KEY, cents INTEGER); INSERT INTO invoices VALUES (1, 500), (2, -7);"


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return small_target(tmp_path, tables=TABLES, as_of=NOON)


def no_invoice_is_negative(database: Database, figure: object) -> None:
    with database.snapshot() as connection:
        many = connection.execute(text("SELECT COUNT(*) FROM invoices WHERE cents < 0")).scalar_one()
    figure("invoices_negative", many)  # type: ignore[operator]
    expect(many == 0, f"{many} invoice is negative.")


def test_a_finding_and_the_figures_come_back(target: Target) -> None:
    ended = run_check(no_invoice_is_negative, target)
    assert (ended.outcome, ended.sentence) == ("failed", "1 invoice is negative.")
    assert ended.figures == {"invoices_negative": 1}


def test_a_check_that_holds_passes(tmp_path: Path) -> None:
    target = small_target(tmp_path, tables=TABLES.replace("-7", "7"), as_of=NOON)
    assert run_check(no_invoice_is_negative, target).outcome == "passed"


def down() -> None:
    raise ChannelDown("web", Finding(sentence="It is down."))


def fault() -> None:
    raise MonitorFault("Our disk is full.", remedy="Make room.")


def question() -> None:
    raise AwaitingPerson("Was it tidy?")


def gap() -> None:
    raise NotCovered("Nothing is mapped.", remedy="Map it.")


def left_out() -> None:
    pytest.skip("not today")


@pytest.mark.parametrize(
    ("check", "outcome", "says"),
    [
        (down, "down", "It is down."),
        (fault, "fault", "Our disk is full."),
        (question, "awaiting", "Was it tidy?"),
        (gap, "not covered", "Nothing is mapped."),
        (left_out, "not covered", "not today"),
    ],
)
def test_every_end_of_a_check_has_its_outcome(target: Target, check: object, outcome: str, says: str) -> None:
    ended = run_check(check, target)  # type: ignore[arg-type]
    assert (ended.outcome, ended.reason or ended.sentence) == (outcome, says)


def test_what_is_not_mapped_is_not_covered_with_its_reason_and_remedy(target: Target) -> None:
    def check(sales: Sales) -> None:
        sales.model.records("sale").amount("total")

    ended = run_check(check, target)
    assert ended.outcome == "not covered"
    assert "sale" in ended.reason
    assert ended.remedy


def test_a_mistake_of_the_check_is_raised(target: Target) -> None:
    with pytest.raises(ZeroDivisionError):
        run_check(lambda: 1 // 0, target)


def test_the_clock_stands_at_the_instant_and_the_day_goes_by_it(target: Target) -> None:
    def check(as_of: datetime, today: Period, target: Target) -> None:
        assert as_of == target.now() == today.end == NOON
        assert not target.is_replay
        assert target.calendar.number_of(target.calendar.date_of(as_of)) == 8

    assert run_check(check, target).outcome == "passed"


def test_nouns_of_ones_own_are_given_by_name_and_go_before(target: Target) -> None:
    def check(tips: Decimal, today: str) -> None:
        expect(tips == 0, f"{tips} of tips {today}.")

    assert run_check(check, target, tips=Decimal(3), today="then").sentence == "3 of tips then."


def test_a_resource_that_is_not_made_here_is_said(target: Target) -> None:
    with pytest.raises(LookupError, match=r"asks for 'incidents'.*run_check\(\.\.\., incidents=\.\.\.\)"):
        run_check(lambda incidents: None, target)


@pytest.mark.parametrize(
    "name", ["accounts", "api", "backups", "branch_isolation", "habits", "logs", "phone", "records", "synthetic", "web"]
)
def test_resources_that_need_more_than_the_database_are_made_too(name: str, target: Target) -> None:
    resources = Resources(target)
    assert resources[name] is resources[name]
    resources.close()


def test_checks_that_share_their_nouns_share_the_database(target: Target) -> None:
    resources, seen = Resources(target), []
    for _ in range(2):
        run_check(lambda database: seen.append(database), resources)
    resources.close()
    assert seen[0] is seen[1]


def test_a_target_is_read_from_the_text_of_a_target_file(tmp_path: Path) -> None:
    text_of_file = '[target]\nname = "Shop"\n[business]\ntimezone = "Europe/Paris"\ngo_live = 2026-01-08\n'
    target = load_small_target(tmp_path, text_of_file, as_of=NOON)
    assert (target.config.target.name, target.now()) == ("Shop", NOON)
    with pytest.raises(TargetFileProblem, match="line 2: unknown key"):
        load_small_target(tmp_path, text_of_file.replace("name", "nmae"))


def test_the_example_of_the_page_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "own-checks.md").read_text(encoding="utf-8")
    example = next(code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "small_target" in code)
    check = ROOT / "tests" / "upgrade" / "project_of_0_1_0" / "tests_own" / "test_presents.py.txt"
    own = ModuleType("tests_own.test_presents")
    exec(compile(check.read_text(encoding="utf-8"), str(check), "exec"), own.__dict__)
    monkeypatch.setitem(sys.modules, "tests_own", ModuleType("tests_own"))
    monkeypatch.setitem(sys.modules, "tests_own.test_presents", own)
    names: dict[str, Any] = {}
    exec(compile(example, "the example", "exec"), names)
    names["test_a_sale_for_nothing_is_noticed"](tmp_path)


def test_it_exports_what_its_documentation_names() -> None:
    from hypercare import testing

    page = (ROOT / "docs" / "own-checks.md").read_text(encoding="utf-8")
    assert [name for name in testing.__all__ if f"`{name}" not in page and f"import {name}" not in page] == []
