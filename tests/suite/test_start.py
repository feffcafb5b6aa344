"""What a start loads: libraries for reports, certificates or new files are no weight on a check at the desk."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

WRITES_MODULES = """
import pathlib, sys

def pytest_unconfigure():
    pathlib.Path("modules.txt").write_text("\\n".join(sys.modules))
"""
CHECK = """
@pytest.mark.item("health.web")
def test_it(target):
    raise CheckFailed(Finding("Nobody can log in.", Level.L3))
"""
ONLY_WHEN_NEEDED = {"cryptography", "holidays", "prometheus_client", "tomlkit"}


@pytest.mark.parametrize("arguments", [["--collect-only"], [], ["--round", "midday"]])
def test_nothing_is_loaded_that_only_some_commands_need(project, arguments):
    project.checks(CHECK)
    conftest = project.path / "conftest.py"
    conftest.write_text(conftest.read_text() + WRITES_MODULES)
    command = [sys.executable, "-m", "pytest", "--target", str(project.target), *arguments]
    subprocess.run(command, cwd=project.path, capture_output=True, check=False)
    loaded = {name.partition(".")[0] for name in (project.path / "modules.txt").read_text().splitlines()}
    assert "pytest" in loaded and "hypercare" in loaded
    assert loaded & ONLY_WHEN_NEEDED == ({"prometheus_client"} if arguments[:1] == ["--round"] else set())
