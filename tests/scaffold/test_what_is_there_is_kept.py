"""`hypercare new` in a folder with somebody's work: it is kept under another name, and what fails leaves no trace."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from hypercare.commands.new import new

OWN_TARGET = """[target]
name = "shop"

[business]
timezone = "Asia/Kathmandu"

[database]
url = "postgresql://watch@db/erp"
password = { env = "ERP_PW" }
"""


def asked(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(new, [str(folder), *words])


def contents(folder: Path) -> dict[str, str | None]:
    """Everything below it; None stands for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    assert asked(folder).exit_code == 0
    (folder / "target.toml").write_text(OWN_TARGET, encoding="utf-8")
    (folder / "tests_own" / "test_own.py").write_text("# mine\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("taken", "kept_as"),
    [([], "test_own.py.before"), (["", ".2"], "test_own.py.before.3")],
    ids=["first time", "third time"],
)
def test_force_keeps_what_was_there_and_names_it(project: Path, taken: list[str], kept_as: str) -> None:
    for end in taken:
        (project / "tests_own" / f"test_own.py.before{end}").write_text("older", encoding="utf-8")
    (project / "notes.txt").write_text("mine", encoding="utf-8")
    before = contents(project)
    done = asked(project, "--force")
    assert done.exit_code == 0, done.output
    assert f"tests_own/test_own.py as tests_own/{kept_as}" in done.output
    assert "target.toml as target.toml.before" in done.output
    assert "2 files written" in done.output
    after = contents(project)
    assert after[f"tests_own/{kept_as}"] == "# mine\n"
    assert after["target.toml.before"] == OWN_TARGET
    assert "No final sale" in str(after["runbook/own.sales-for-nothing.md"])
    assert "for_nothing" in str(after["tests_own/test_own.py"])
    assert set(after) - set(before) == {f"tests_own/{kept_as}", "target.toml.before"}
    assert all(after[name] == text for name, text in before.items() if name.endswith((".2", ".before", ".txt")))


def test_force_keeps_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to("not there")
    assert "has README.md already" in asked(tmp_path).output
    assert asked(tmp_path, "--force").exit_code == 0
    assert (tmp_path / "README.md.before").readlink() == Path("not there")


@pytest.mark.parametrize(
    ("schedule", "adds"),
    [
        ("github", {".github", ".github/workflows", ".github/workflows/rounds.yml"}),
        ("cron", {"schedule", "schedule/crontab"}),
    ],
)
def test_a_schedule_is_added_to_a_project_that_is_there_and_nothing_else(
    project: Path, schedule: str, adds: set[str]
) -> None:
    before = contents(project)
    done = asked(project, "--schedule", schedule)
    assert done.exit_code == 0, done.output
    assert "1 file written; all else that the project has is left as it is." in done.output
    after = contents(project)
    assert set(after) - set(before) == adds
    assert {name: after[name] for name in before} == before
    (text,) = (str(after[name]) for name in adds if after[name] is not None)
    assert "Asia/Kathmandu" in text
    assert "ERP_PW" in text


def test_an_added_workflow_is_called_at_the_hours_of_the_projects_own_zone(project: Path) -> None:
    asked(project, "--schedule", "github")
    workflow = yaml.safe_load((project / ".github/workflows/rounds.yml").read_text(encoding="utf-8"))
    # To YAML of the old kind, a bare "on" is a yes.
    assert {"cron": "15 3 * * *"} in workflow[True]["schedule"]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (OWN_TARGET, "has schedule/crontab already; take that away first"),
        ("[target", "is no target file"),
        ('[business]\ntimezone = "Not/There"\n', "is no target file"),
    ],
    ids=["a schedule is there", "no TOML", "no such zone"],
)
def test_a_schedule_that_cannot_be_added_changes_nothing(project: Path, target: str, says: str) -> None:
    (project / "schedule").mkdir()
    (project / "schedule" / "crontab").write_text("mine", encoding="utf-8")
    (project / "target.toml").write_text(target, encoding="utf-8")
    before = contents(project)
    done = asked(project, "--schedule", "cron")
    assert done.exit_code == 1
    assert says in done.output
    assert contents(project) == before


def test_a_folder_that_is_no_project_yet_gets_all_its_files_with_the_schedule(tmp_path: Path) -> None:
    (tmp_path / "checklist.toml.txt").write_text("mine", encoding="utf-8")
    assert asked(tmp_path, "--schedule", "cron").exit_code == 0
    assert tomllib.loads((tmp_path / "target.toml").read_text(encoding="utf-8"))["target"]["embedded"] is True


@pytest.mark.parametrize("step", ["write_text", "rename"])
@pytest.mark.parametrize("good", [0, 3])
@pytest.mark.parametrize("is_there", [True, False], ids=["over a project", "in a new folder"])
def test_a_disk_error_leaves_all_as_it_was(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch, step: str, good: int, is_there: bool
) -> None:
    for name in ("README.md", "checklist.toml"):
        (project / name).write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    with monkeypatch.context() as patched:
        fails_once(patched, step, good)
        done = asked(project if is_there else tmp_path / "another" / "shop", "--schedule", "github", "--force")
    assert done.exit_code == 1
    assert "cannot be written, and is as it was: No space left on device" in done.output
    assert contents(tmp_path) == before


def fails_once(patched: pytest.MonkeyPatch, step: str, good: int) -> None:
    """The disk is full for one call, after so many that were good."""
    real, calls = getattr(Path, step), iter(range(1000))

    def failing(*args: Any, **more: Any) -> Any:
        if next(calls) == good:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **more)

    patched.setattr(Path, step, failing)
