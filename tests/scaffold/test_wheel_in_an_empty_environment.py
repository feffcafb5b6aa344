"""What a stranger does: install the wheel into an empty environment, make a project, and run its first round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hypercare.plan.checklist import shipped
from hypercare.scaffold.project import OWN_ITEM

pytestmark = [pytest.mark.slow, pytest.mark.server]

ROOT = Path(__file__).parents[2]
# What pip was told of where packages come from, in the words of uv.
UV_WORDS = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}
# An environment of the project's own tests would be found in place of the empty one.
OURS = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "HYPERCARE_TARGET", "HYPERCARE_REPORTS", "PYTEST_ADDOPTS"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    ran([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(params=["pip", pytest.param("uv", marks=pytest.mark.proof)])
def programs(request: pytest.FixtureRequest, wheel: Path, tmp_path: Path) -> Path:
    """The folder of the programs of an environment into which the wheel was installed."""
    environment = tmp_path / "environment"
    ran([sys.executable, "-m", "venv", str(environment)], tmp_path)
    python = str(environment / "bin" / "python")
    wanted = f"{wheel}[demo]"
    if request.param == "pip":
        ran([python, "-m", "pip", "install", "-q", wanted], tmp_path)
    else:
        ran([str(uv_in(tmp_path)), "pip", "install", "-q", "--python", python, wanted], tmp_path, words_for_uv())
    return environment / "bin"


def uv_in(folder: Path) -> Path:
    ran([sys.executable, "-m", "venv", str(folder / "tools")], folder)
    tools = folder / "tools" / "bin"
    if subprocess.run([tools / "python", "-m", "pip", "install", "-q", "uv"], capture_output=True).returncode:
        pytest.skip("uv cannot be had from the registries")
    return tools / "uv"


def words_for_uv() -> dict[str, str]:
    return {ours: os.environ[theirs] for theirs, ours in UV_WORDS.items() if theirs in os.environ}


def ran(command: list[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(command, cwd=folder, env={**env, **(more or {})}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_the_first_round_of_a_new_project_is_green_with_nothing_edited(programs: Path, tmp_path: Path) -> None:
    hypercare = str(programs / "hypercare")
    assert "Next: cd shop && hypercare round morning" in ran([hypercare, "new", "shop"], tmp_path)
    shop = tmp_path / "shop"
    # What a browser and Node make of a round is the matter of other tests.
    said = ran([hypercare, "round", "morning"], shop, {"HYPERCARE_BROWSER": "none", "HYPERCARE_NODE": "none"})
    assert "tests_own/test_own.py" in said
    summary = json.loads((shop / "reports" / "latest" / "summary.json").read_text(encoding="utf-8"))
    outcomes = {item["id"]: item["outcome"] for item in summary["items"]}
    assert (summary["round"], summary["status"], summary["incidents"]) == ("morning", "healthy", [])
    assert outcomes[OWN_ITEM] == outcomes["health.api"] == outcomes["data.foreign-keys"] == "passed"
    assert set(outcomes.values()) <= {"passed", "not covered"}
    assert (shop / "reports" / "latest" / "runbook" / f"{OWN_ITEM}.html").is_file()
    listed = ran([str(programs / "python"), "-m", "pytest", "--checklist", "-q"], shop)
    assert "tests_own/test_own.py::test_no_final_sale_costs_nothing" in listed
    assert f"{len(shipped().items) + 1} items" in listed
    assert ran([hypercare, "runbook", "health.web"], shop).startswith("# health.web")
