"""A target file outside of the project does not take pytest out of the project."""

import os
import subprocess
import sys

import pytest

from hypercare.early import joined

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("words", "better"),
    [
        (["--target", "/x/t.toml", "-q"], ["--target=/x/t.toml", "-q"]),
        (["--round", "morning", "--reports", "r"], ["--round", "morning", "--reports=r"]),
        (["--target=/x/t.toml"], ["--target=/x/t.toml"]),
        (["--target", "-q"], ["--target", "-q"]),
        ([], []),
    ],
)
def test_paths_are_joined_to_their_option(words, better):
    assert joined(words) == better


def test_the_checks_of_the_project_are_found_with_a_target_from_elsewhere(project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "target.toml"
    elsewhere.write_text(project.target.read_text())
    project.checks('@pytest.mark.item("health.web")\ndef test_it():\n    pass\n')
    command = [sys.executable, "-m", "pytest", "-q", "--item", "health.web", "--target", str(elsewhere)]
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True, env=dict(os.environ))
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.parametrize(
    "command",
    [
        ["-m", "pytest", "-p", "no:cacheprovider", "-p", "hypercare.early", "--round", "morning"],
        ["-c", "from hypercare.cli import main; main()", "round", "morning"],
    ],
    ids=["pytest --round", "hypercare round"],
)
def test_a_folder_that_names_no_target_is_said_in_one_line_and_is_bad_usage(tmp_path, command):
    done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 4, done.stdout + done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert f"no target file is named: there is no target.toml in {tmp_path}" in line


@pytest.mark.long
def test_the_plan_is_shown_in_any_folder(tmp_path):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "hypercare.early", "--checklist"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "health.web" in done.stdout


def test_pytest_goes_on_as_ever_where_nobody_asks_for_a_round(tmp_path):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "hypercare.early"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 5
