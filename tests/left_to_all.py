"""One line at the end of `make test`: how many tests it left to `make test-all` and `make prove`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.tiers import EVERYDAY

_LEFT = pytest.StashKey[int]()
_TOLD = "left to make test-all"


def sentence(left: int) -> str:
    much = "1 test" if left == 1 else f"{left} tests"
    return f"{much} left to `make test-all`, which are long, or to `make prove`, as they repeat what others show"


def pytest_deselected(items: Iterable[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("proof") or item.get_closest_marker("long"):
            item.config.stash[_LEFT] = item.config.stash.get(_LEFT, 0) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Only a worker of xdist has this; it is how it tells the process that writes the last lines.
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[_TOLD] = session.config.stash.get(_LEFT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker collects everything, so each of them has counted the same."""
    told = getattr(node, "workeroutput", {}).get(_TOLD, 0)
    node.config.stash[_LEFT] = max(told, node.config.stash.get(_LEFT, 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left = config.stash.get(_LEFT, 0)
    if left and config.option.markexpr == EVERYDAY:
        terminalreporter.write_line(sentence(left))
