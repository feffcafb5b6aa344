"""Trying promises on the small shop, as `hypercare adapter test` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hypercare.api.api import Api
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Promise, Result
from hypercare.conformance.runner import PROMISES, tried_in_turn
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import Target, clock_of


def target_of(path: Path) -> Target:
    config = load_target(path)
    return Target(config, path.parent, clock_of(config))


@contextmanager
def ground_of(path: Path) -> Iterator[Ground]:
    target = target_of(path)
    api = Api(target)
    ground = Ground(target, api)
    try:
        yield ground
    finally:
        ground.close()
        api.close()


def tried(path: Path, promises: Sequence[Promise] = PROMISES) -> dict[str, Result]:
    with ground_of(path) as ground:
        return {result.words: result for result in tried_in_turn(ground, promises)}


def broken(results: dict[str, Result]) -> dict[str, str]:
    return {words: result.why for words, result in results.items() if result.ending.value == "broken"}
