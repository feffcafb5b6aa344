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
from faultlab.looking import Sight, look, sight_of
from faultlab.mutating.model.grounds import HEALTHY, Grounds
from faultlab.mutating.model.hook import put_in
from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.tracing import traced
from faultlab.verdict import judge
from hypercare.outcome.result import CheckResult

_MOST_CPU_S = 60


@dataclass(frozen=True)
class Step:
    """Look at the system with this fault (or the healthy one) with the checks of these items."""

    fault: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """How the checks of a step ended when nothing was changed: what each said, by its id, and the lines it took."""

    said: Mapping[str, str]
    lines: Mapping[str, Sequence[int]]


def trace(connection: Connection, grounds: Grounds, step: Step) -> None:
    """Tell what is said and run through in a step."""
    with traced() as lines:
        results = _look_if_anything(grounds, step)
    said = {result.nodeid: _said(result) for result in results}
    connection.send(Seen(said, {file: sorted(numbers) for file, numbers in lines.items()}))


def try_mutant(
    connection: Connection,
    grounds: Grounds,
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
        noticed = _trouble(grounds, step, healthy)
        if noticed:
            connection.send(noticed)
            return
    connection.send("")


def _trouble(grounds: Grounds, step: Step, healthy: Mapping[str, str]) -> str:
    try:
        results = _look(grounds, step)
    except RuntimeError as error:
        return f"the suite breaks: {error}"
    if step.fault == HEALTHY:
        return next((_differing(one, healthy) for one in results if _said(one) != healthy.get(one.nodeid)), "")
    verdict = judge(fault_named(step.fault), _of_items(results, step.items))
    return "" if verdict.right else str(verdict)[:300]


def _look_if_anything(grounds: Grounds, step: Step) -> list[CheckResult]:
    with suppress(RuntimeError):
        return _look(grounds, step)
    return []


def _of_items(results: Sequence[CheckResult], items: Sequence[str]) -> list[CheckResult]:
    return [one for one in results if set(one.items) & set(items)]


def _differing(result: CheckResult, healthy: Mapping[str, str]) -> str:
    return f"{result.nodeid}: {_said(result)} {result.sentence or result.detail}"[:300].strip()


def _said(result: CheckResult) -> str:
    """How it ended, and the figures that it gave; a healthy business has but one truth."""
    figures = ", ".join(f"{name} {value}" for name, value in sorted(result.figures.items()))
    return f"{result.outcome.value} {figures}".strip()


def _look(grounds: Grounds, step: Step) -> list[CheckResult]:
    sight = sight_of(fault_named(step.fault)) if step.fault else Sight.STORED
    reports = Path(tempfile.mkdtemp(prefix="hypercare-mutant-"))
    os.environ["PYTEST_ADDOPTS"] = "--assert=plain"
    try:
        return look(grounds.target_file(step.fault), reports, sight=sight, items=step.items)
    finally:
        shutil.rmtree(reports, ignore_errors=True)


def _allow(seconds: int) -> None:
    """So much more time of the processor; whoever never ends is ended by the system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def step_of(said: Sequence[Any]) -> Step | None:
    """The step that was begun last."""
    return next((one for one in reversed(said) if isinstance(one, Step)), None)
