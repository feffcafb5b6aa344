"""The mutants of the operations model, by the places in its files."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from typing import Any

from faultlab.mutating.model.places import Place, places_in
from faultlab.suite_run import PROJECT

MODEL = (
    "hypercare/operations_model",
    "hypercare/operations",
    "hypercare/costs",
    "hypercare/habits",
    "hypercare/integrity",
)


@dataclass(frozen=True)
class Mutant:
    """The model with the change of this `number` in one of its files.

    Of the lines from the first to the last of `lines` one has to run for it to matter; `words` say what was there and
    what is now.
    """

    file: str
    number: int
    line: int
    lines: tuple[int, int]
    function: str
    kind: str
    words: str

    @property
    def id(self) -> str:
        return f"{self.file}:{self.line}:{self.kind}:{self.number}"

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").replace("/", ".")

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "place": self.place, **vars(self), "lines": list(self.lines)}


def files_of_the_model() -> list[Path]:
    return sorted(path for folder in MODEL for path in (PROJECT / folder).rglob("*.py"))


def all_mutants(only: str = "") -> list[Mutant]:
    """Every mutant whose place or function holds the text."""
    found = (mutant for file in files_of_the_model() for mutant in mutants_in(file))
    return [mutant for mutant in found if only in f"{mutant.id} {mutant.function}"]


def mutants_in(path: Path) -> Iterator[Mutant]:
    file = str(path.relative_to(PROJECT))
    for number, place in enumerate(places_in(ast.parse(path.read_text(encoding="utf-8")))):
        words = place.words if place.function else f"{_bound_by(place.statement)}: {place.words}"
        yield Mutant(file, number, place.line, _has_to_run(place), place.function, place.kind, words)


def _bound_by(statement: ast.stmt) -> str:
    """The name that a statement of the module itself gives a value to."""
    return ast.unparse(statement).split("=")[0].split(":")[0].strip()


def _has_to_run(place: Place) -> tuple[int, int]:
    """The lines of which one has to run for the change to matter: of a branch never taken those inside of it."""
    statement = place.statement
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    if not isinstance(statement, ast.If):
        return first, last
    if place.kind == "branch" and place.parent is statement:
        return statement.body[0].lineno, statement.body[-1].end_lineno or last
    return first, statement.test.end_lineno or first


def sampled(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of them, the same for each seed; all of them for 0.

    Each has its own lot, so that a model that changes here and there keeps nearly all that were drawn before.
    """
    if not count or count >= len(mutants):
        return list(mutants)
    drawn = {mutant.id for mutant in nsmallest(count, mutants, key=lambda one: _lot(seed, one))}
    return [mutant for mutant in mutants if mutant.id in drawn]


def _lot(seed: int, mutant: Mutant) -> tuple[str, int]:
    text = f"{seed} {mutant.file} {mutant.function} {mutant.kind} {mutant.words}"
    return sha256(text.encode()).hexdigest(), mutant.number
