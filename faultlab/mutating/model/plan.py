"""What to look at with a mutant: only what runs through the changed lines can end differently."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from faultlab.catalogue import fault_named
from faultlab.mutating.model.line_coverage import LineCoverage, Lines, stored_faults
from faultlab.mutating.model.mutant import Mutant, files_of_the_model
from faultlab.mutating.model.prepared_systems import HEALTHY
from faultlab.mutating.model.steps import Step
from faultlab.suite_run import PROJECT

_FEW = 8
_FAULTS_BEFORE_MANY = 4
_WORD = re.compile(r"[a-z]{3,}")
_SAY_LITTLE = {"the", "and", "was", "where", "with", "that", "has", "its", "for", "not", "who", "are", "orders", "one"}


@dataclass(frozen=True)
class Plan:
    """Steps in the order in which they promise something; none when nothing runs through the mutant."""

    mutant: Mutant
    steps: Sequence[Step]


def plan_for(mutant: Mutant, coverage: LineCoverage, most: int = 0) -> Plan:
    """At most so many faults that somebody must notice, and as many that nobody may; all of them for 0."""
    items = through(mutant, coverage.items)
    faults = sorted(through(mutant, coverage.faults), key=lambda name: _far(mutant, name))
    steps = [Step(name, tuple(fault_named(name).noticed_by)) for name in (faults[:most] if most else faults)]
    if items:
        place = 0 if len(items) <= _FEW else _FAULTS_BEFORE_MANY
        steps.insert(place, Step(HEALTHY, items))
    quiet = sorted(_just_below(items), key=lambda step: _far(mutant, step.fault))
    return Plan(mutant, [*steps, *(quiet[:most] if most else quiet)])


def _just_below(items: Sequence[str]) -> Iterator[Step]:
    """Systems in which nobody may stir, with the items that come near to it; with all where few run through it."""
    for fault in stored_faults():
        if not fault.noticed_by:
            near = tuple(item for item in items if item in fault.just_below or len(items) <= _FEW)
            if near:
                yield Step(fault.id, near)


def through(mutant: Mutant, lines_by_name: Mapping[str, Lines]) -> tuple[str, ...]:
    """The names of those that run through the mutant; `lines_by_name` gives their lines by file."""
    places = _places(mutant)
    return tuple(name for name, lines in lines_by_name.items() if _reached(places, lines))


def _reached(places: Mapping[str, Sequence[tuple[int, int]]], lines: Lines) -> bool:
    return any(
        first <= line <= last
        for file, ranges in places.items()
        for first, last in ranges
        for line in lines.get(file, ())
    )


def _far(mutant: Mutant, fault: str) -> tuple[int, str]:
    """Faults that speak of the same things as the function come first."""
    speaks_of = _words(mutant.function) | _words(mutant.words)
    return -len(speaks_of & _words(f"{fault} {fault_named(fault).happens}")), fault


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.lower())} - _SAY_LITTLE


def _places(mutant: Mutant) -> dict[str, list[tuple[int, int]]]:
    """The lines that have to run: of the statement, or of those that use the name that it binds."""
    if mutant.function:
        return {mutant.file: [mutant.lines]}
    name = mutant.words.split(":")[0]
    return {file: found for file, tree in _trees().items() if (found := _uses(tree, name))}


def _uses(tree: ast.Module, name: str) -> list[tuple[int, int]]:
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    return [
        (part.lineno, part.lineno)
        for function in functions
        for statement in function.body
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and part.id == name
    ]


@cache
def _trees() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(PROJECT)): ast.parse(path.read_text(encoding="utf-8")) for path in files_of_the_model()
    }
