"""Chance that can be repeated: one stream of numbers for each named thing, all from the business's seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def stream(seed: int, *names: object) -> Random:
    """A stream of its own for what is named, so that planning one thing never shifts another."""
    return Random("/".join(["rosewood", str(seed), *map(str, names)]))


def weighted(chance: Random, weights: dict[Item, float]) -> Item:
    """One key, by weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def spread(chance: Random, low: float, high: float) -> float:
    """Between low and high, the middle likelier than the ends."""
    return low + (high - low) * (chance.random() + chance.random()) / 2


def pick(chance: Random, items: Sequence[Item]) -> Item:
    """One of the items, each as likely as another."""
    return items[int(chance.random() * len(items))]
