"""Runs the checks of the suite directly on a database, without plugin or rounds: who fails, and with what finding."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from hypercare.database.database import Database
from hypercare.operations.activity import ActivityLog
from hypercare.operations.branches import Branches
from hypercare.operations.costs import Costs
from hypercare.operations.dates import Dates
from hypercare.operations.issues import Issues
from hypercare.operations.jobs import Jobs
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.operations.users import Users
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

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


# What a check of the operations model may ask for; others come in by other ways, or learn from round to round, and are
# not tried here.
_RESOURCES: dict[str, Any] = {
    "sales": Sales,
    "production": Production,
    "costs": Costs,
    "branches": Branches,
    "dates": Dates,
    "users": Users,
    "activity": ActivityLog,
    "issues": Issues,
    "jobs": Jobs,
}
_FACTS = {"target", "today", "limits", "figure"}


@dataclass(frozen=True)
class Ended:
    """How a check ended: passed, failed, not covered, down or fault; with its finding or reason."""

    outcome: str
    finding: Finding | None = None
    reason: str = ""
    figures: Mapping[str, object] | None = None


# How one check of the small business ends: asked(name, *statements, mapping=..., go_live=...).
Asked = Callable[..., Ended]


def make_target(
    url: str,
    mapping: Mapping[str, Any],
    as_of: datetime,
    *,
    go_live: date = date(2026, 1, 8),
    zone: str = "Europe/Berlin",
    **more: Any,
) -> Target:
    """A target that is nothing but a database. Its clock is the real one, so that an old `as_of` is a replay."""
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": zone, "go_live": go_live, **more.pop("business", {})},
            "database": {"url": url},
            "mapping": dict(mapping),
            **more,
        }
    )
    return Target(config, Path("unused"), as_of)


@cache
def _all() -> dict[str, Any]:
    return {
        f"{module.__name__.removeprefix('test_')}.{name.removeprefix('test_')}": function
        for module in (_module(ROOT / file) for file in FILES)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_") and _RESOURCES.keys() | _FACTS >= set(inspect.signature(function).parameters)
    }


def checks(only: str = "") -> Iterator[tuple[str, Any]]:
    """The check functions of the operations model by name, "sales.totals_were_paid"."""
    return ((name, function) for name, function in _all().items() if only in name)


def run(target: Target, only: str = "", database: Database | None = None) -> dict[str, Ended]:
    """Run each check once and say how it ended. A database that is given keeps what it has compiled; the checks share
    their resources, as those of a session do."""
    resources = _Resources(target, database or Database(target))
    return {name: _ended(function, resources) for name, function in checks(only)}


class _Resources(dict[str, Any]):
    def __init__(self, target: Target, database: Database) -> None:
        super().__init__({"target": target, "today": target.today, "limits": target.config.limits})
        self._system = target, database

    def __missing__(self, name: str) -> Any:
        self[name] = _RESOURCES[name](*self._system)
        return self[name]


def failed(ended: Mapping[str, Ended]) -> set[str]:
    return {name for name, one in ended.items() if one.outcome not in {"passed", "not covered"}}


def _ended(function: Any, resources: _Resources) -> Ended:
    figures: dict[str, object] = {}
    try:
        function(**_wanted(function, resources, figures))
    except CheckFailed as signal:
        return Ended("failed", signal.finding, figures=figures)
    except NotCovered as signal:
        return Ended("not covered", reason=signal.reason)
    except ChannelDown as signal:
        return Ended("down", signal.finding)
    except MonitorFault as signal:
        return Ended("fault", reason=signal.reason)
    return Ended("passed", figures=figures)


def _wanted(function: Any, resources: _Resources, figures: dict[str, object]) -> dict[str, Any]:
    given = {"figure": figures.__setitem__}
    return {name: given.get(name) or resources[name] for name in inspect.signature(function).parameters}


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
