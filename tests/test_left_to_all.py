"""A run of the everyday tests says in one line how many it left to all of them, however many workers share it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiers import EVERYDAY

pytest_plugins = ["pytester"]
PROJECT = Path(__file__).parents[1]
SOURCE = """
import pytest
def test_one():
    pass
@pytest.mark.proof
@pytest.mark.parametrize("case", [1, 2])
def test_two(case):
    pass
@pytest.mark.long
def test_three():
    pass
"""


@pytest.mark.server
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_the_everyday_run_tells_what_it_left(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    pytester.makepyfile(SOURCE)
    words = ["-p", "tests.left_to_all", "-p", "no:cacheprovider", "-W", "ignore", *workers]
    ran = pytester.runpytest_subprocess(*words, "-m", EVERYDAY)
    assert ran.parseoutcomes()["passed"] == 1
    ran.stdout.fnmatch_lines(["3 tests left to `make test-all`, which are long, or to `make prove`, *"])
    ran = pytester.runpytest_subprocess(*words)
    assert ran.parseoutcomes()["passed"] == 4
    ran.stdout.no_fnmatch_line("*make test-all*")


def test_the_makefile_leaves_out_what_is_told() -> None:
    assert f'-m "{EVERYDAY}"' in (PROJECT / "Makefile").read_text(encoding="utf-8")
