"""A pytest plug-in that notes what making the reports of a round takes: pytest -p benchmarks.accounting.report_time.

Into the file that the environment names, as JSON: seconds by the clock and of processor time (user and system, with
those of processes that were waited for) of each step, and those of Allure's own by themselves.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "HYPERCARE_REPORT_TIME"
ALLURE = "write_allure"
_STEPS = ("put_together", "publish_report", "publish_day_so_far", "index_days", "add_pages")


class _Spent:
    def __init__(self) -> None:
        self.wall_s: dict[str, float] = defaultdict(float)
        self.cpu_s: dict[str, float] = defaultdict(float)

    def of(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*words: Any, **named: Any) -> Any:
            begun, spent = time.monotonic(), _processor_s()
            try:
                return step(*words, **named)
            finally:
                self.wall_s[name] += time.monotonic() - begun
                self.cpu_s[name] += _processor_s() - spent

        return timed


def _processor_s() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from hypercare.reports import later_pages
    from hypercare.suite import finishing

    spent = _Spent()
    for name in _STEPS:
        setattr(finishing, name, spent.of(name, getattr(finishing, name)))
    setattr(later_pages, ALLURE, spent.of(ALLURE, getattr(later_pages, ALLURE)))

    def tell() -> None:
        found = {"wall_s": spent.wall_s, "cpu_s": spent.cpu_s}
        Path(os.environ[VARIABLE]).write_text(json.dumps(found), encoding="utf-8")

    config.add_cleanup(tell)
