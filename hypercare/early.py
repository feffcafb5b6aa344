"""Keeps `pytest --target FILE` in the right project, and says so where there is none.

Before pytest knows any option of ours it takes every word of the command line that is an existing path for a place
to look for tests, and chooses its root folder by it. A target file that lies outside of the project would so take
pytest out of the project. Written as `--target=FILE` it does not, so the command is started again in that form.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

_WITH_PATH = ("--target", "--reports", "--checklist-file", "--hypercare-log")
_OF_ROUNDS = ("--round", "--checklist")
_PLUGIN = "hypercare.pytest_plugin"


def joined(words: Sequence[str]) -> list[str]:
    """The same command line with each of our paths joined to its option: `--target=FILE`."""
    result: list[str] = []
    for word in words:
        if result and result[-1] in _WITH_PATH and not word.startswith("-"):
            result[-1] += f"={word}"
        else:
            result.append(word)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    # A wrapper, so that it comes before pytest's own begins to capture the output.
    _stay_in_the_project(early_config)
    result = yield
    _require_checks(early_config)
    return result


def _stay_in_the_project(early_config: pytest.Config) -> None:
    words = [str(word) for word in early_config.invocation_params.args]
    better = joined(words)
    from_command_line = words == sys.argv[1:]
    if better == words or not from_command_line or _is_in_project(early_config):
        return
    if any((folder / "checklist.toml").is_file() for folder in _here_and_above()):
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *better])


def _require_checks(config: pytest.Config) -> None:
    """A folder without the checks does not know our options: that is said before pytest wonders at them."""
    words = (str(word).partition("=")[0] for word in config.invocation_params.args)
    if any(word in _OF_ROUNDS for word in words) and not config.pluginmanager.has_plugin(_PLUGIN):
        raise pytest.UsageError(f"the checks are not in {Path.cwd()}: go to the folder that checklist.toml lies in")


def _is_in_project(config: pytest.Config) -> bool:
    return config.inipath is not None and config.rootpath in _here_and_above()


def _here_and_above() -> tuple[Path, ...]:
    here = Path.cwd()
    return (here, *here.parents)
