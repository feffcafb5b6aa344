"""What a process that is born with a mutant does: look at one system after the other until something is noticed."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from faultlab.catalogue import fault_named
from faultlab.mutating.model.hook import put_in
from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.prepared_systems import HEALTHY, PreparedSystems
from faultlab.mutating.model.tracing import traced
from faultlab.suite_run import Scope, run_checks, scope_of
from faultlab.verdict import judge
from hypercare.outcome.result import CheckResult

_MOST_CPU_S = 60


@dataclass(frozen=True)
class Step:
    """Look at the system with this fault (or the healthy one) with the checks of these items."""

    fault: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class StepResult:
    """How the checks of a step ended when nothing was changed: what each said, by its id, and the lines it took."""

    outcomes: Mapping[str, str]
    lines: Mapping[str, Sequence[int]]


def trace(connection: Connection, systems: PreparedSystems, step: Step) -> None:
    """Tell what is said and run through in a step."""
    with traced() as lines:
        results = _checks_if_any(systems, step)
    outcomes = {result.nodeid: _outcome(result) for result in results}
    connection.send(StepResult(outcomes, {file: sorted(numbers) for file, numbers in lines.items()}))


def try_mutant(
    connection: Connection,
    systems: PreparedSystems,
    mutant: Mutant,
    steps: Sequence[Step],
    healthy: Mapping[str, str],
) -> None:
    """Tell of each step that begins, and at last why the mutant was noticed, or "" when nobody did.

    `healthy` is what each check says of the healthy system without the mutant.
    """
    put_in(mutant)
    for step in steps:
        connection.send(step)
        _allow(_MOST_CPU_S)
        noticed = _trouble(systems, step, healthy)
        if noticed:
            connection.send(noticed)
            return
    connection.send("")


def _trouble(systems: PreparedSystems, step: Step, healthy: Mapping[str, str]) -> str:
    try:
        results = _run_checks(systems, step)
    except RuntimeError as error:
        return f"the suite breaks: {error}"
    if step.fault == HEALTHY:
        return next((_differing(one, healthy) for one in results if _outcome(one) != healthy.get(one.nodeid)), "")
    verdict = judge(fault_named(step.fault), _of_items(results, step.items))
    return "" if verdict.right else str(verdict)[:300]


def _checks_if_any(systems: PreparedSystems, step: Step) -> list[CheckResult]:
    with suppress(RuntimeError):
        return _run_checks(systems, step)
    return []


def _of_items(results: Sequence[CheckResult], items: Sequence[str]) -> list[CheckResult]:
    return [one for one in results if set(one.items) & set(items)]


def _differing(result: CheckResult, healthy: Mapping[str, str]) -> str:
    return f"{result.nodeid}: {_outcome(result)} {result.sentence or result.detail}"[:300].strip()


def _outcome(result: CheckResult) -> str:
    """How it ended, and the figures that it gave; a healthy business has but one truth."""
    figures = ", ".join(f"{name} {value}" for name, value in sorted(result.figures.items()))
    return f"{result.outcome.value} {figures}".strip()


def _run_checks(systems: PreparedSystems, step: Step) -> list[CheckResult]:
    scope = scope_of(fault_named(step.fault)) if step.fault else Scope.STORED
    reports = Path(tempfile.mkdtemp(prefix="hypercare-mutant-"))
    os.environ["PYTEST_ADDOPTS"] = "--assert=plain"
    try:
        return run_checks(systems.target_file(step.fault), reports, scope=scope, items=step.items)
    finally:
        shutil.rmtree(reports, ignore_errors=True)


def _allow(seconds: int) -> None:
    """So much more time of the processor; whoever never ends is ended by the system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def step_of(messages: Sequence[Any]) -> Step | None:
    """The step that was begun last."""
    return next((one for one in reversed(messages) if isinstance(one, Step)), None)
