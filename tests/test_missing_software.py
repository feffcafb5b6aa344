"""A run says in one line what was missing, how many tests that left out, and how to get it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import missing_software

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("Skipped: restic is not installed on this machine: apt-get install restic borgbackup", "restic"),
        ("Skipped: zstd is not installed on this machine", "zstd"),
        ("Skipped: root may read everything", None),
    ],
)
def test_what_a_skipped_test_lacked_is_known_by_its_words(reason: str, what: str | None) -> None:
    assert missing_software.missing(reason) == what


@pytest.mark.parametrize(
    ("counted", "files", "said"),
    [
        ({"restic": 1}, 0, "1 test left out, for want of restic (1)"),
        ({"MariaDB": 90, "restic": 6}, 0, "96 tests left out, for want of MariaDB (90), restic (6)"),
        ({"MariaDB": 90, "pgserver": 2}, 2, "90 tests and 2 whole files left out, for want of MariaDB (90), pgserver"),
    ],
)
def test_what_was_left_out_is_one_line_with_what_is_missing_and_how_to_get_it(
    counted: dict[str, int], files: int, said: str
) -> None:
    line = missing_software.sentence(Counter(counted), files)
    assert line.startswith(said) and "`bash .ci/engines`" in line and "\n" not in line


@pytest.mark.long
@pytest.mark.server
def test_a_run_ends_with_that_line_only_when_something_was_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import pytest\n"
        "def test_one():\n    pytest.skip('restic is not installed on this machine')\n"
        "def test_two():\n    pytest.skip('root may read everything')\n"
    )
    ran = pytester.runpytest_subprocess("-p", "tests.missing_software", "-p", "no:cacheprovider")
    ran.stdout.fnmatch_lines(["1 test left out, for want of restic (1): `bash .ci/engines` *"])
    ran = pytester.runpytest_subprocess("-p", "tests.missing_software", "-p", "no:cacheprovider", "-k", "two")
    ran.stdout.no_fnmatch_line("*left out*")
