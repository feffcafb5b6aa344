"""How the own log is asked for: before a command, by an option of pytest, or by the environment."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'
LOGGING = (
    '@pytest.mark.item("health.web")\ndef test_it():\n    import logging\n'
    '    logging.getLogger("hypercare.of_a_check").info("seen")\n'
)
HYPERCARE, PYTEST = ["-m", "hypercare"], ["-m", "pytest", "-q", "-p", "no:cacheprovider"]


def ran(project, words, **environment):
    # No report is printed: that takes its time.
    everything = {**os.environ, "HYPERCARE_BROWSER": "no-browser", **environment}
    return subprocess.run(
        [sys.executable, *words], cwd=project.path, capture_output=True, text=True, env=everything, timeout=600
    )


def round_of(project, *before):
    named = [f"--target={project.target}", f"--reports={project.reports}", f"--project={project.path}"]
    return [*HYPERCARE, *before, "round", "morning", *named]


@pytest.mark.long
def test_a_command_says_nothing_on_standard_error_by_itself(project):
    project.checks(GREEN)
    done = ran(project, round_of(project))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
@pytest.mark.parametrize(("option", "details"), [("-v", False), ("-vv", True)])
def test_verbose_says_what_the_command_and_the_round_it_starts_do_while_pytest_captures(project, option, details):
    project.checks(LOGGING)
    done = ran(project, round_of(project, option))
    assert "hypercare.cli" in done.stderr
    assert "test_checks.py::test_it passed" in done.stderr
    assert "hypercare.of_a_check" in done.stderr
    assert (" DEBUG " in done.stderr) is details
    assert "hypercare.cli" not in done.stdout


@pytest.mark.parametrize(
    ("words", "variable", "bad"),
    [
        ([*HYPERCARE, "--log-file", "{file}", "round", "morning"], False, "."),
        ([*HYPERCARE, "round", "morning"], True, "no-such-folder/own.log"),
        ([*PYTEST, "--hypercare-log", "{file}"], False, "no-such-folder/own.log"),
        (PYTEST, True, "."),
    ],
    ids=[
        "hypercare --log-file",
        "hypercare, by the environment",
        "pytest --hypercare-log",
        "pytest, by the environment",
    ],
)
def test_a_file_that_cannot_be_written_is_bad_usage_and_said_in_one_line(project, words, variable, bad):
    project.checks(GREEN)
    file = project.path / bad
    words = [word.format(file=file) for word in words]
    done = ran(project, words, **({"HYPERCARE_LOG_FILE": str(file)} if variable else {}))
    assert done.returncode == 4
    (line,) = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert f"the log file {file} cannot be written: " in line


def test_a_log_file_that_lies_elsewhere_does_not_take_pytest_out_of_the_project(project, tmp_path_factory):
    project.checks(GREEN)
    file = tmp_path_factory.mktemp("elsewhere") / "own.log"
    file.write_text("")
    done = ran(project, [*PYTEST, "--target", str(project.target), "--hypercare-log", str(file)])
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert "test_checks.py::test_it passed" in file.read_text()


def test_pytest_s_own_log_options_work_and_are_given_no_secret(project, monkeypatch):
    project.checks(
        '@pytest.mark.item("health.web")\ndef test_it():\n    import logging\n'
        "    from hypercare.target_file.secrets import SecretReference\n"
        '    secret = SecretReference(env="A_SECRET").resolve()\n'
        '    logging.getLogger("hypercare.of_a_check").info("it is %s", secret)\n'
    )
    words = [*PYTEST, f"--target={project.target}", "--log-file=theirs.log", "--log-file-level=info"]
    done = ran(project, [*words, "--log-cli-level=info"], A_SECRET="correct-horse-battery")
    theirs = (project.path / "theirs.log").read_text()
    for told in (theirs, done.stdout):
        assert "it is [secret]" in told
        assert "test_checks.py::test_it passed" in told
        assert "correct-horse-battery" not in told


@pytest.mark.long
def test_what_failed_is_shown_as_ever_with_the_log_beside_it(project):
    project.checks('@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "It is down.")\n')
    silent = ran(project, [*PYTEST, f"--target={project.target}"])
    logged = ran(project, [*PYTEST, f"--target={project.target}", "--hypercare-log", "own.log"])
    assert "It is down." in logged.stdout
    assert "Captured log" not in logged.stdout
    assert len(logged.stdout.splitlines()) == len(silent.stdout.splitlines())
