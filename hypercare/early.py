"""What an installed hypercare does in every pytest session before it knows whether a round is asked for: nothing.

`--round` and `--checklist` load the suite, also where a project does not name it; without them a foreign project has no
option, no fixture and no hook of ours.

In a project of ours it also keeps `pytest --target FILE` there: before pytest knows any option of ours it takes every
word of the command line that is an existing path for a place to look for tests, and chooses its root folder by it.
Written as `--target=FILE` it does not, so pytest is called again in that form.
"""

from __future__ import annotations

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
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, object, object]:
    # A wrapper, so that it comes before pytest's own begins to capture the output.
    _stay_in_the_project(early_config, parser)
    result = yield
    # Only now are the options known that the conftest.py of a project adds: one of such a name is then theirs.
    if _asks_for_a_round(early_config, parser, args):
        _load_the_suite(early_config)
    return result


def _asks_for_a_round(config: pytest.Config, parser: pytest.Parser, args: Sequence[str]) -> bool:
    if config.pluginmanager.has_plugin(_PLUGIN) or not _names(args):
        return False
    return _names(_nobodys(parser, args))


def _load_the_suite(config: pytest.Config) -> None:
    try:
        config.pluginmanager.import_plugin(_PLUGIN)
    except ValueError as error:
        raise pytest.UsageError(f"a round cannot be run beside a plug-in with such an option too: {error}") from None


def _nobodys(parser: pytest.Parser, words: Sequence[str]) -> list[str]:
    """The options among these words that no plug-in has."""
    _, unknown = parser.parse_known_and_unknown_args(words)
    return unknown


def _names(words: Sequence[str], options: Sequence[str] = _OF_ROUNDS) -> bool:
    return any(word.partition("=")[0] in options for word in words)


def _stay_in_the_project(early_config: pytest.Config, parser: pytest.Parser) -> None:
    words = [str(word) for word in early_config.invocation_params.args]
    better = joined(words)
    from_command_line = words == sys.argv[1:]
    if better == words or not from_command_line or _is_in_project(early_config):
        return
    if _names(_nobodys(parser, words), _WITH_PATH) and any(
        (folder / "checklist.toml").is_file() for folder in _here_and_above()
    ):
        raise SystemExit(pytest.main(better))


def _is_in_project(config: pytest.Config) -> bool:
    return config.inipath is not None and config.rootpath in _here_and_above()


def _here_and_above() -> tuple[Path, ...]:
    here = Path.cwd()
    return (here, *here.parents)
