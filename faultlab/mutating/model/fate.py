"""What becomes of the mutants of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from faultlab.mutating.model.explained import why_it_survives
from faultlab.mutating.model.grounds import HEALTHY, Grounds
from faultlab.mutating.model.looks import Step, step_of, try_mutant
from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.nursery import Born, bring_up
from faultlab.mutating.model.own_footprints import OwnFootprints
from faultlab.mutating.model.own_tests import NotRun, try_own_tests
from faultlab.mutating.model.plan import Plan, through

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
    grounds: Grounds,
    healthy: dict[str, str],
    *,
    at_once: int,
    told: Callable[[Fate, int, int], None],
) -> Iterator[Fate]:
    """A fate for each mutant, in the order in which they are known; those that nothing runs through first."""
    known = 0
    for plan in plans:
        if not plan.steps:
            known += 1
            fate = Fate(plan.mutant, reached=False)
            told(fate, known, len(plans))
            yield fate
    tried = [plan for plan in plans if plan.steps]
    lives = [(grounds, plan.mutant, plan.steps, healthy) for plan in tried]
    for born in bring_up(try_mutant, lives, at_once=at_once):
        known += 1
        fate = fate_of(tried[born.number].mutant, born)
        told(fate, known, len(plans))
        yield fate


def by_own_tests(
    fates: Sequence[Fate], known: OwnFootprints, *, at_once: int, told: Callable[[Fate, int, int], None]
) -> Iterator[Fate]:
    """The fates again, of those that no look told by the first of the project's own tests that fails."""
    yield from (fate for fate in fates if fate.killed_by)
    left = [fate for fate in fates if not fate.killed_by]
    lives = [(fate.mutant, through(fate.mutant, known.checks), through(fate.mutant, known.tests)) for fate in left]
    for done, born in enumerate(bring_up(try_own_tests, lives, at_once=at_once), start=1):
        _, checks, tests = lives[born.number]
        fate = of_own_tests(left[born.number], born, len(checks) + len(tests))
        told(fate, done, len(left))
        yield fate


def of_own_tests(fate: Fate, born: Born, many: int) -> Fate:
    """What so many tests and checks of the small business made of a mutant that nothing else had noticed."""
    last = born.said[-1] if born.said else None
    if isinstance(last, NotRun):
        return replace(fate, how=last.why)
    if not born.ended:
        return replace(fate, killed_by=NO_END, how="in the project's own tests", own_tests=many)
    failed = str(last)
    return replace(fate, killed_by=failed, how="the project's own test fails" if failed else "", own_tests=many)


def fate_of(mutant: Mutant, born: Born) -> Fate:
    """What a process said of its mutant; one that was cut off by the system had no end."""
    steps = [_name(one) for one in born.said if isinstance(one, Step)]
    last = step_of(born.said)
    where = _name(last) if last else ""
    if not born.ended:
        how = f"looking at {where}" if last else "the model cannot be loaded"
        return Fate(mutant, NO_END, how, tuple(steps[:-1]))
    how = str(born.said[-1]) if born.said else ""
    return Fate(mutant, where if how else "", how, tuple(steps[:-1] if how else steps))


def _name(step: Step) -> str:
    return HEALTHY_SYSTEM if step.fault == HEALTHY else step.fault
