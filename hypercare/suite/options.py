"""The options that the suite adds to pytest."""

from __future__ import annotations

from pathlib import Path

import pytest


class OptionProblem(Exception):
    """The options cannot be followed; the message is one line."""


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("hypercare", "hypercare: rounds of the monitoring plan")
    group.addoption(
        "--round", metavar="NAME", help="run the checks of this round of the checklist and write its report"
    )
    group.addoption(
        "--item",
        action="extend",
        nargs="+",
        default=[],
        metavar="ID",
        help="only the checks that answer for these items",
    )
    group.addoption(
        "--target", type=Path, metavar="FILE", help="the target file; without one the embedded system is started"
    )
    group.addoption("--as-of", metavar="ISO", help="judge as of this instant; business time when it names no zone")
    group.addoption(
        "--rehearse",
        action="store_true",
        help="a round on trial: reports into rehearsal/, remembers nothing, opens no incident, tells nobody",
    )
    group.addoption("--checklist", action="store_true", help="print the items, their checks, and what is not covered")
    group.addoption("--checklist-file", type=Path, metavar="FILE", help="another checklist than checklist.toml")
    group.addoption("--reports", type=Path, metavar="DIR", help="where reports go (default: reports/)")
    group.addoption(
        "--no-later-pages",
        action="store_true",
        help="leave the Allure report and the printed page to the report of the day",
    )
    group.addoption("--no-retry", action="store_true", help="do not look again before a finding counts")
    group.addoption(
        "--hypercare-log",
        type=Path,
        metavar="FILE",
        help="append all that the suite does to this file, without secrets",
    )


# With these pytest only tells something of the checks, or of itself.
_ONLY_TELLING = (
    "collectonly",
    "setuponly",
    "setupplan",
    "showfixtures",
    "show_fixtures_per_test",
    "markers",
    "version",
    "help",
    "cacheshow",
    "checklist",
)


def only_tells(config: pytest.Config) -> bool:
    """Whether no check is going to run, so that a round must leave no trace: no report, no history, no message."""
    return any(getattr(config.option, name, None) for name in _ONLY_TELLING)


def require_sound_options(config: pytest.Config) -> None:
    """Raise OptionProblem where options do not go together, or one has swallowed what is none of its own."""
    if config.option.rehearse and config.option.round is None:
        raise OptionProblem("--rehearse goes with --round; a check at the desk leaves nothing behind anyway")
    # `--item` takes every word up to the next option.
    swallowed = next((word for word in config.option.item if "/" in word or word.endswith(".py")), None)
    if swallowed is not None:
        raise OptionProblem(f"--item {swallowed}: put paths before --item")
