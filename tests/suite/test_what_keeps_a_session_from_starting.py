"""Whatever keeps a session from starting is one line and the status that docs/design.md gives it."""

from __future__ import annotations

import pytest

from hypercare.outcome.signals import MonitorFault
from hypercare.own_log import LogFileProblem
from hypercare.plan.problem import ChecklistProblem
from hypercare.suite.exit_status import OUR_FAULT, refused_in_one_line
from hypercare.suite.options import OptionProblem
from hypercare.target_file.loading import TargetFileProblem

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("problem", [OptionProblem, LogFileProblem, ChecklistProblem, TargetFileProblem])
def test_what_was_asked_for_wrongly_is_bad_usage(problem: type[Exception]) -> None:
    with pytest.raises(pytest.UsageError, match=r"^it is wrong$"), refused_in_one_line():
        raise problem("it is wrong")


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (MonitorFault("the disk is full"), "the disk is full."),
        (MonitorFault("the disk is full."), "the disk is full."),
        (MonitorFault("the disk is full", remedy="Make room."), "the disk is full. Make room."),
    ],
)
def test_our_own_fault_ends_the_session_with_its_remedy(fault: MonitorFault, line: str) -> None:
    with pytest.raises(pytest.exit.Exception) as raised, refused_in_one_line():
        raise fault
    assert (raised.value.msg, raised.value.returncode) == (line, OUR_FAULT)


def test_what_nobody_foresaw_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), refused_in_one_line():
        _ = 1 / 0


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--item", "tests_health/", "--round=morning"], "ERROR: --item tests_health/: put paths before --item"),
        (["--item", "nothing.known"], "ERROR: *nothing.known*"),
        (["--round=breakfast"], "ERROR: *breakfast*"),
        (["--checklist-file=none.toml"], "ERROR: *none.toml*"),
        (["--round=morning", "--as-of=noon"], "ERROR: --as-of 'noon' is not an instant*"),
    ],
)
def test_a_request_that_cannot_be_followed_leaves_nothing_behind(project, words: list[str], line: str) -> None:
    project.checks("def test_nothing():\n    pass\n")
    result = project.run(*words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([line])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()
    assert not list(project.reports.rglob("summary.json"))


def test_a_reports_folder_that_is_a_file_is_our_own_fault(project) -> None:
    project.checks("def test_nothing():\n    pass\n")
    (project.path / "taken").write_text("")
    result = project.run("--round=morning", f"--reports={project.path / 'taken'}")
    assert result.ret == OUR_FAULT
    (told,) = [text for text in result.errlines + result.outlines if "taken" in text and "cannot be written" in text]
    assert told.startswith("Exit: the reports folder")
