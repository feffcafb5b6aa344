"""What becomes of the mutants of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from faultlab.mutating.model.explained import why_it_survives
from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.own_line_coverage import OwnLineCoverage
from faultlab.mutating.model.own_tests import NotRun, try_own_tests
from faultlab.mutating.model.plan import Plan, through
from faultlab.mutating.model.prepared_systems import HEALTHY, PreparedSystems
from faultlab.mutating.model.process_pool import ProcessResult, run_in_processes
from faultlab.mutating.model.steps import Step, step_of, try_mutant

HEALTHY_SYSTEM, NO_END = "the healthy system", "it does not end"


@dataclass(frozen=True)
class Fate:
    """`killed_by` is the fault, the healthy system, or that a look did not end; `how` what was said then.

    It may also be one of the project's own tests. `tried` are the looks that ended as ever; `reached` is false for
    what the embedded system never runs through. `own_tests` is how many of the project's own tests run through it,
    None when they were not asked.
    """

    mutant: Mutant
    killed_by: str = ""
    how: str = ""
    tried: tuple[str, ...] = ()
    reached: bool = True
    own_tests: int | None = None

    @property
    def explained(self) -> str:
        if self.killed_by or not self.run_through:
            return ""
        return why_it_survives(self.mutant, tests_asked=self.own_tests is not None)

    @property
    def run_through(self) -> bool:
        """Whether anything that was asked runs through it: the embedded system, or one of the tests."""
        return self.reached or bool(self.own_tests)

    @property
    def survives(self) -> bool:
        """Looked at, noticed by nobody, and no reason known why that could not be."""
        return self.run_through and not self.killed_by and not self.explained

    def as_dict(self) -> dict[str, Any]:
        own = {
            "killed_by": self.killed_by,
            "how": self.how,
            "tried": list(self.tried),
            "reached": self.reached,
            "own_tests": self.own_tests,
        }
        return {**self.mutant.as_dict(), **own, "explained": self.explained, "survives": self.survives}


def fates_of(
    plans: Sequence[Plan],
    systems: PreparedSystems,
    healthy: dict[str, str],
    *,
    at_once: int,
    report: Callable[[Fate, int, int], None],
) -> Iterator[Fate]:
    """A fate for each mutant, in the order in which they are known; those that nothing runs through first."""
    done = 0
    for plan in plans:
        if not plan.steps:
            done += 1
            fate = Fate(plan.mutant, reached=False)
            report(fate, done, len(plans))
            yield fate
    tried = [plan for plan in plans if plan.steps]
    arguments = [(systems, plan.mutant, plan.steps, healthy) for plan in tried]
    for result in run_in_processes(try_mutant, arguments, at_once=at_once):
        done += 1
        fate = fate_of(tried[result.number].mutant, result)
        report(fate, done, len(plans))
        yield fate


def by_own_tests(
    fates: Sequence[Fate], coverage: OwnLineCoverage, *, at_once: int, report: Callable[[Fate, int, int], None]
) -> Iterator[Fate]:
    """The fates again, of those that no look told by the first of the project's own tests that fails."""
    yield from (fate for fate in fates if fate.killed_by)
    left = [fate for fate in fates if not fate.killed_by]
    arguments = [
        (fate.mutant, through(fate.mutant, coverage.checks), through(fate.mutant, coverage.tests)) for fate in left
    ]
    for done, result in enumerate(run_in_processes(try_own_tests, arguments, at_once=at_once), start=1):
        _, checks, tests = arguments[result.number]
        fate = of_own_tests(left[result.number], result, len(checks) + len(tests))
        report(fate, done, len(left))
        yield fate


def of_own_tests(fate: Fate, result: ProcessResult, many: int) -> Fate:
    """What so many tests and checks of the small business made of a mutant that nothing else had noticed."""
    last = result.messages[-1] if result.messages else None
    if isinstance(last, NotRun):
        return replace(fate, how=last.why)
    if not result.ended:
        return replace(fate, killed_by=NO_END, how="in the project's own tests", own_tests=many)
    failed = str(last)
    return replace(fate, killed_by=failed, how="the project's own test fails" if failed else "", own_tests=many)


def fate_of(mutant: Mutant, result: ProcessResult) -> Fate:
    """What a process said of its mutant; one that was cut off by the system had no end."""
    steps = [_name(one) for one in result.messages if isinstance(one, Step)]
    last = step_of(result.messages)
    where = _name(last) if last else ""
    if not result.ended:
        how = f"looking at {where}" if last else "the model cannot be loaded"
        return Fate(mutant, NO_END, how, tuple(steps[:-1]))
    how = str(result.messages[-1]) if result.messages else ""
    return Fate(mutant, where if how else "", how, tuple(steps[:-1] if how else steps))


def _name(step: Step) -> str:
    return HEALTHY_SYSTEM if step.fault == HEALTHY else step.fault
