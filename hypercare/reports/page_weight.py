"""How much of what was found stands on the page: on a day on which nearly everything fails, all of it would keep a
phone from opening the page that matters most.

The worst comes first and whole. Of an item that no longer fits a row of its sample stays, beside how many there are,
and the beginning of what engineers read; `summary.json`, the tables for spreadsheets and Allure's pages have it all.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import Check, FindingPart, ItemResult
from hypercare.safe_text import LONGEST_NAME, cut

_MOST = 390_000
# What a page weighs without its items, and each of them with what is left of it; learned from pages.
_WITHOUT_ITEMS, _OF_AN_ITEM, _OF_A_LIGHTENED, _OF_A_CHECK = 110_000, 1_300, 2_400, 1_000
_OF_A_CELL = 75
_ROWS_LEFT = 1
_WORST_FIRST = (Outcome.FAILED, Outcome.MONITOR_FAULT, Outcome.FLAKY, Outcome.BLOCKED)
_LEVELS = (Level.L3, Level.L2, Level.L1)


def light(items: Sequence[ItemResult]) -> list[ItemResult]:
    """The items in their order, each with so much of its rows and details as there is room for on the page."""
    made: dict[str, ItemResult] = {}
    weights = {item.id: _weight(item) + sum(_weight(check) for check in item.checks) for item in items}
    room = _MOST - _WITHOUT_ITEMS - sum(_least(item, weights[item.id]) for item in items)
    for item in sorted(items, key=_rank):
        weight = weights[item.id]
        room -= weight
        made[item.id] = item if room >= 0 or not weight else _lightened(item)
    return [made[item.id] for item in items]


def _rank(item: ItemResult) -> tuple[int, int]:
    outcomes = {outcome: rank for rank, outcome in enumerate(_WORST_FIRST)}
    return outcomes.get(item.outcome, len(outcomes)), _LEVELS.index(item.level)


def _least(item: ItemResult, weight: int) -> int:
    return (_OF_A_LIGHTENED if weight else _OF_AN_ITEM) + _OF_A_CHECK * max(len(item.checks) - 1, 0)


def _weight(found: FindingPart) -> int:
    cells = sum(len(name) + len(str(value)) + _OF_A_CELL for row in found.sample for name, value in row.items())
    return cells + (len(found.detail) if isinstance(found, Check) else 0)


def _lightened(item: ItemResult) -> ItemResult:
    checks = [
        check.model_copy(update={"sample": [], "detail": cut(check.detail, LONGEST_NAME)}) for check in item.checks
    ]
    return item.model_copy(update={"sample": item.sample[:_ROWS_LEFT], "checks": checks})
