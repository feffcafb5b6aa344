"""Tests of the fast tier start nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiers

pytest_plugins = ["pytester"]
PROJECT = Path(__file__).parents[1]
REFUSED = {
    "a process": "import subprocess; subprocess.run(['true'])",
    "a fork": "import os; os.fork() or os._exit(0)",
    "a server": "import socket; socket.socket().bind(('127.0.0.1', 0))",
    "what nobody hears of": """
    import subprocess
    try:
        subprocess.run(['true'])
    except BaseException:
        pass""",
}


def outcomes(pytester: pytest.Pytester, source: str, marks: str = tiers.FAST) -> dict[str, int]:
    pytester.makepyfile(source)
    words = ["-p", "tests.tiers", "-p", "no:cacheprovider", "-W", "ignore", "-m", marks]
    ran = pytester.runpytest_subprocess(*words)
    return ran.parseoutcomes()


@pytest.mark.long
@pytest.mark.server
@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_the_fast_tier_refuses(pytester: pytest.Pytester, body: str) -> None:
    assert outcomes(pytester, f"def test_it():\n    {body}\n") == {"failed": 1}


@pytest.mark.server
def test_what_a_fixture_of_a_whole_file_starts_is_refused_too(pytester: pytest.Pytester) -> None:
    source = "import pytest, subprocess\n@pytest.fixture(scope='module')\ndef made():\n    subprocess.run(['true'])\n"
    assert outcomes(pytester, f"{source}def test_it(made):\n    pass\n") == {"errors": 1}


@pytest.mark.server
def test_outside_the_fast_tier_nothing_is_refused(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, f"def test_it():\n    {REFUSED['a process']}\n", "") == {"passed": 1}


@pytest.mark.long
@pytest.mark.server
def test_a_fixture_marks_the_tests_that_use_it_and_a_parameter_of_its_name_does_not(pytester: pytest.Pytester) -> None:
    source = (
        "import pytest\n@pytest.fixture\ndef standin():\n    pass\n"
        "def test_served(standin):\n    pass\n"
        "@pytest.mark.parametrize('day', [1])\ndef test_told(day):\n    pass\n"
    )
    assert outcomes(pytester, source) == {"passed": 1, "deselected": 1}


def test_the_makefile_asks_for_the_tier_that_is_guarded() -> None:
    assert f'-m "{tiers.FAST}"' in (PROJECT / "Makefile").read_text(encoding="utf-8")
