"""An environment of its own with the wheel of this very checkout, as a stranger has it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

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


def built_wheel(folder: Path) -> Path:
    ran([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (built,) = folder.glob("*.whl")
    return built


def environment_with(wheel: Path, folder: Path, *, installer: str = "pip", extra: str = "") -> Path:
    """The folder of the programs of an environment into which the wheel was installed."""
    environment = folder / "environment"
    ran([sys.executable, "-m", "venv", str(environment)], folder)
    python = str(environment / "bin" / "python")
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    if installer == "pip":
        ran([python, "-m", "pip", "install", "-q", wanted], folder)
    else:
        ran([str(uv_in(folder)), "pip", "install", "-q", "--python", python, wanted], folder, words_for_uv())
    return environment / "bin"


def uv_in(folder: Path) -> Path:
    ran([sys.executable, "-m", "venv", str(folder / "tools")], folder)
    tools = folder / "tools" / "bin"
    if subprocess.run([tools / "python", "-m", "pip", "install", "-q", "uv"], capture_output=True).returncode:
        pytest.skip("uv cannot be had from the registries")
    return tools / "uv"


def words_for_uv() -> dict[str, str]:
    return {ours: os.environ[theirs] for theirs, ours in UV_WORDS.items() if theirs in os.environ}


def ran(command: list[str], folder: Path, more: Mapping[str, str] | None = None, *, status: int = 0) -> str:
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(command, cwd=folder, env={**env, **(more or {})}, capture_output=True, text=True)
    assert done.returncode == status, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout
