"""Runs the checks of the suite directly on a database, without plugin or rounds: who fails, and with what finding."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from hypercare.database.database import Database
from hypercare.target_file.target import Target
from hypercare.testing import Ended, Resources, make_target, run_check

__all__ = ["Asked", "Ended", "checks", "failed", "make_target", "run"]

ROOT = Path(__file__).parents[2]
FILES = (
    "tests_data/test_sales.py",
    "tests_data/test_unusual_sales.py",
    "tests_data/test_plain_sense.py",
    "tests_data/test_production.py",
    "tests_data/test_costs.py",
    "tests_data/test_branches.py",
    "tests_data/test_dates.py",
    "tests_data/test_figures.py",
    "tests_data/test_users.py",
    "tests_workflows/test_pace.py",
    "tests_workflows/test_stuck.py",
    "tests_health/test_issues.py",
)
OF_REPORTS = (
    "tests_data/test_sales_report.py",
    "tests_data/test_production_report.py",
    "tests_data/test_handed_in_sheets.py",
)


# What a check of the operations model may ask for; others come in by other ways, or learn from round to round, and are
# not tried here.
_ASKED = {
    "sales",
    "production",
    "costs",
    "branches",
    "dates",
    "users",
    "activity",
    "issues",
    "jobs",
    "target",
    "today",
    "limits",
    "figure",
    "series",
    "hourly",
}


# How one check of the small business ends: asked(name, *statements, mapping=..., go_live=...).
Asked = Callable[..., Ended]


@cache
def _all(files: tuple[str, ...]) -> dict[str, Any]:
    return {
        f"{module.__name__.removeprefix('test_')}.{name.removeprefix('test_')}": function
        for module in (_module(ROOT / file) for file in files)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_") and set(inspect.signature(function).parameters) <= _ASKED
    }


def checks(only: str = "", files: tuple[str, ...] = FILES) -> Iterator[tuple[str, Any]]:
    """The check functions of the operations model by name, "sales.totals_were_paid"."""
    return ((name, function) for name, function in _all(files).items() if only in name)


def run(
    target: Target, only: str = "", database: Database | None = None, files: tuple[str, ...] = FILES
) -> dict[str, Ended]:
    """Run each check once and say how it ended. A database that is given keeps what it has compiled; the checks share
    their resources, as those of a session do."""
    resources = Resources(target, database or Database(target))
    return {name: run_check(function, resources) for name, function in checks(only, files)}


def failed(ended: Mapping[str, Ended]) -> set[str]:
    return {name for name, one in ended.items() if one.outcome not in {"passed", "not covered"}}


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
