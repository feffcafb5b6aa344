"""Which part of a fleet is ours: one of so many, as the command line or whatever spreads the work says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from hypercare.fleet.problem import FleetProblem

SHARD_VARIABLE = "HYPERCARE_SHARD"
SHARDS_VARIABLE = "HYPERCARE_SHARDS"
# Kubernetes counts from 0 and does not say how many there are; GitLab counts from 1.
KUBERNETES_INDEX = "JOB_COMPLETION_INDEX"
GITLAB_INDEX, GITLAB_TOTAL = "CI_NODE_INDEX", "CI_NODE_TOTAL"
_SHARD = re.compile(r"\s*(\d{1,6})\s*/\s*(\d{1,6})\s*")
T = TypeVar("T")


@dataclass(frozen=True)
class Shard:
    """The part `number` of `total`, counted from 1."""

    number: int
    total: int

    @classmethod
    def of(cls, text: str, said_by: str) -> Self:
        """Raises FleetProblem for what is no part of a whole."""
        found = _SHARD.fullmatch(text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise FleetProblem(f"{said_by} {text!r} is no part of a whole; the second of four parts is 2/4")
        return cls(int(found[1]), int(found[2]))

    def part_of(self, all_of_them: Sequence[T]) -> list[T]:
        """Ours of a list that is the same for everybody; the parts differ in size by one at most."""
        return list(all_of_them[self.number - 1 :: self.total])

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"


def shard_meant(option: str | None, environment: Mapping[str, str]) -> Shard | None:
    """What --shard says, else HYPERCARE_SHARD, else Kubernetes (with HYPERCARE_SHARDS), else GitLab; None for all.

    Raises:
        FleetProblem: it cannot be understood, or says only which part and not of how many.
    """
    if option is not None:
        return Shard.of(option, "--shard")
    if text := environment.get(SHARD_VARIABLE):
        return Shard.of(text, SHARD_VARIABLE)
    if index := environment.get(KUBERNETES_INDEX):
        total = environment.get(SHARDS_VARIABLE)
        if not total:
            raise FleetProblem(
                f"{KUBERNETES_INDEX} says which part of the fleet is meant but not of how many; set {SHARDS_VARIABLE} "
                "to the completions of the job, or give --shard"
            )
        said_by = f"{KUBERNETES_INDEX} and {SHARDS_VARIABLE}"
        return Shard.of(f"{int(index) + 1 if index.isdecimal() else index}/{total}", said_by)
    if index := environment.get(GITLAB_INDEX):
        return Shard.of(f"{index}/{environment.get(GITLAB_TOTAL, '')}", f"{GITLAB_INDEX} and {GITLAB_TOTAL}")
    return None
