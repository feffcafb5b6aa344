"""What a target file says by an old name is told where a round or a command begins, and changes no exit status."""

import sys

import pytest

from hypercare.cli import main
from hypercare.target_file.loading import load_target

pytest_plugins = ["pytester"]

CHECK = '@pytest.mark.item("health.web")\ndef test_it(target):\n    pass\n'
OLD = '[canary]\nproducts = { retail = "A" }\n'


@pytest.fixture
def project_of_before(project):
    project.checks(CHECK)
    project.target.write_text(project.target.read_text() + OLD)
    return project


@pytest.mark.server
def test_a_round_tells_them_before_it_begins(project_of_before):
    result = project_of_before.run("--round", "morning", "--reports", str(project_of_before.reports))
    (line,) = load_target(project_of_before.target).origin.old_names
    assert result.ret == 0
    assert result.stderr.lines.count(f"hypercare: {line}") == 1


@pytest.mark.server
def test_a_round_of_a_file_of_today_tells_nothing(project):
    project.checks(CHECK)
    result = project.run("--round", "morning", "--reports", str(project.reports))
    assert result.ret == 0
    assert "hypercare: " not in result.stderr.str()


def test_a_command_tells_them_on_standard_error(project_of_before, capsys, monkeypatch):
    arguments = ["--target", str(project_of_before.target), "--reports", str(project_of_before.reports)]
    monkeypatch.setattr(sys, "argv", ["hypercare", "incidents", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    (line,) = load_target(project_of_before.target).origin.old_names
    assert ended.value.code == 0
    assert printed.err.splitlines() == [f"hypercare: {line}"]
    assert printed.out == "No incident is open.\n"
