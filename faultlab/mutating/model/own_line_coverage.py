"""Which lines of the model each of the project's own tests runs through: found out once, kept beside the matrix."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faultlab.mutating.model.line_coverage import Lines
from faultlab.mutating.model.mutant import MODEL
from faultlab.mutating.model.own_tests import TEST_FOLDERS, NotRun, Walked, files_of_tests, trace_small, trace_tests
from faultlab.mutating.model.process_pool import run_in_processes
from faultlab.mutating.model.tracing import Lines as Found
from faultlab.suite_run import FOLDERS, PROJECT


class OwnTestsNotRun(RuntimeError):
    """The project's own tests could not be run, so that nothing is known of what they would notice."""


@dataclass(frozen=True)
class OwnLineCoverage:
    """`checks` gives the lines of each check of the small business, `tests` those of each other test by its id."""

    checks: dict[str, Lines]
    tests: dict[str, Lines]


def own_line_coverage(file: Path, *, at_once: int, report: Callable[[int, int], None]) -> OwnLineCoverage:
    """Those in the file where it is of the code as it stands, or else found out and written there.

    Raises:
        OwnTestsNotRun: a test fails as it stands, or could not be run.
    """
    version = _version()
    if file.exists():
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["version"] == version:
            return OwnLineCoverage(stored["checks"], stored["tests"])
    checks, tests = _of_small(), _of_tests(at_once, report)
    file.parent.mkdir(parents=True, exist_ok=True)
    plain = {"version": version, "checks": checks, "tests": tests}
    file.write_text(json.dumps(plain) + "\n", encoding="utf-8")
    return OwnLineCoverage(checks, tests)


def _of_small() -> dict[str, Lines]:
    (result,) = run_in_processes(trace_small, [()], at_once=1)
    if not result.ended:
        raise OwnTestsNotRun("the small business of tests/operations could not be looked at")
    return {one.test: one.lines for one in result.messages if isinstance(one, Walked)}


def _of_tests(at_once: int, report: Callable[[int, int], None]) -> dict[str, Lines]:
    files = files_of_tests()
    tests: dict[str, Lines] = {}
    for done, result in enumerate(run_in_processes(trace_tests, [(file,) for file in files], at_once=at_once), start=1):
        wrong = next((one.why for one in result.messages if isinstance(one, NotRun)), "")
        if wrong or not result.ended:
            raise OwnTestsNotRun(wrong or f"the tests of {files[result.number]} have no end")
        tests |= _of_file([one for one in result.messages if isinstance(one, Walked)])
        report(done, len(files))
    return tests


def _of_file(walked: Sequence[Walked]) -> dict[str, Lines]:
    """Each test has its own lines, and those of all fixtures of its file."""
    shared: Found = defaultdict(set)
    for one in walked:
        if one.shared:
            _add(shared, one.lines)
    tests: dict[str, Lines] = {}
    for one in walked:
        if not one.shared:
            own: Found = defaultdict(set)
            _add(own, one.lines)
            _add(own, shared)
            tests[one.test] = {file: sorted(numbers) for file, numbers in own.items()}
    return tests


def _add(found: Found, lines: Lines) -> None:
    for file, numbers in lines.items():
        found[file].update(numbers)


def _version() -> str:
    code = hashlib.sha256()
    for folder in (*MODEL, *FOLDERS, *TEST_FOLDERS):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            code.update(path.read_bytes())
    return code.hexdigest()[:16]
