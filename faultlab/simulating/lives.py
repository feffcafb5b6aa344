"""Several lives at a time, each in a process of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from faultlab.problem import LabProblem
from faultlab.simulating.differences import Difference
from faultlab.simulating.forked_rounds import RoundsEnded
from faultlab.simulating.script import Trouble
from faultlab.simulating.week_results import Weeks
from faultlab.simulating.weeks import live
from hypercare.outcome.signals import Signal


@dataclass(frozen=True)
class LifePlan:
    """A life to be lived."""

    seed: int
    go_live: date
    days: int
    script: tuple[Trouble, ...] = ()
    browser_days: tuple[int, ...] = ()


def live_all(plans: Sequence[LifePlan], at_once: int) -> Iterator[Weeks]:
    """Each life as it is over; one that broke off says so among its differences."""
    with ProcessPoolExecutor(min(at_once, len(plans)), get_context("spawn")) as workers:
        jobs = [workers.submit(_simulated, one) for one in plans]
        for job in as_completed(jobs):
            yield job.result()


def _simulated(plan: LifePlan) -> Weeks:
    began = time.monotonic()
    weeks = Weeks(plan.seed, plan.go_live, plan.days, plan.script)
    try:
        with tempfile.TemporaryDirectory(prefix="hypercare-weeks-") as folder:
            live(Path(folder), weeks, browser_days=plan.browser_days, report=_tell)
    except (LabProblem, RoundsEnded, Signal, OSError) as error:
        weeks.differences.append(Difference("the end", f"this life broke off: {error}"))
    weeks.took_s = round(time.monotonic() - began)
    return weeks


def _tell(line: str) -> None:
    print(line, flush=True)
