"""The whole run: which mutants, what they are looked at with, and the list that comes of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faultlab.fault import END_OF_DAY
from faultlab.mutating.model.fate import Fate, by_own_tests, fates_of
from faultlab.mutating.model.line_coverage import line_coverage
from faultlab.mutating.model.listing import noticed_in, write_mutants
from faultlab.mutating.model.mutant import Mutant, all_mutants, sampled
from faultlab.mutating.model.own_line_coverage import own_line_coverage
from faultlab.mutating.model.plan import plan_for
from faultlab.mutating.model.prepared_systems import PreparedSystems
from faultlab.proving.prepared_day import PreparedDay


@dataclass(frozen=True)
class Choice:
    """`only` is a text that the place or function holds; `sample` and `most` are 0 for all mutants and all faults.

    With `own_tests` the project's own tests look at those that no fault shows; that takes up to a minute or two each.
    With `again` those count that were noticed the last time.
    """

    only: str = ""
    sample: int = 0
    seed: int = 1
    most: int = 0
    own_tests: bool = False
    again: bool = False
    at_once: int = 2


class NothingToChange(ValueError):
    """No mutant is of the kind that was asked for."""


def mutate(
    choice: Choice,
    day: PreparedDay,
    proof: Path,
    tracing: Callable[[int, int], None],
    report: Callable[[Fate, int, int], None],
) -> list[Fate]:
    """Try the chosen mutants; where they run is kept in `proof`/trace.json for the next time.

    What the faults say is written before the tests are asked, so that it is not lost if these are broken off.

    Raises:
        NothingToChange: no place and no function holds the text of the choice.
        OwnTestsNotRun: with own tests, one of them fails as it stands.
    """
    mutants = sampled(all_mutants(choice.only), choice.sample, choice.seed)
    if not mutants:
        raise NothingToChange(f"no place or function of the operations model holds {choice.only!r}")
    noticed = noticed_in(proof, mutants) if choice.again else []
    return [*noticed, *_tried(_without(noticed, mutants), noticed, choice, day, proof, tracing, report)]


def _without(noticed: Sequence[Fate], mutants: Sequence[Mutant]) -> list[Mutant]:
    noticed_ids = {fate.mutant.id for fate in noticed}
    return [mutant for mutant in mutants if mutant.id not in noticed_ids]


def _tried(
    mutants: Sequence[Mutant],
    noticed: Sequence[Fate],
    choice: Choice,
    day: PreparedDay,
    proof: Path,
    tracing: Callable[[int, int], None],
    report: Callable[[Fate, int, int], None],
) -> list[Fate]:
    day.prepare(END_OF_DAY)
    with tempfile.TemporaryDirectory(prefix="hypercare-mutants-") as folder:
        systems = PreparedSystems(day, Path(folder))
        coverage = line_coverage(systems, proof / "trace.json", at_once=choice.at_once, report=tracing)
        plans = [plan_for(mutant, coverage, choice.most) for mutant in mutants]
        fates = list(fates_of(plans, systems, dict(coverage.healthy), at_once=choice.at_once, report=report))
    write_mutants([*noticed, *fates], proof)
    if not choice.own_tests:
        return fates
    own_coverage = own_line_coverage(proof / "trace-of-tests.json", at_once=choice.at_once, report=tracing)
    return list(by_own_tests(fates, own_coverage, at_once=choice.at_once, report=report))
