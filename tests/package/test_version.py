"""`hypercare --version` says which commit it is: noted by the build, asked of git in a clone, and never guessed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hypercare import __version__
from hypercare.shipped import commit as commit_module
from hypercare.shipped.commit import UNKNOWN, commit, commit_of_clone

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]


def git(folder: Path, *arguments: str) -> str:
    names = ("-c", "user.name=Anna", "-c", "user.email=anna@shop.test")
    done = subprocess.run(["git", "-C", folder, *names, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("one", encoding="utf-8")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "First")
    return tmp_path


def test_a_clone_is_asked_for_its_commit(clone: Path) -> None:
    assert commit_of_clone(clone) == git(clone, "rev-parse", "HEAD")[:12]


def test_files_that_are_not_as_the_commit_has_them_are_mentioned(clone: Path) -> None:
    (clone / "file").write_text("two", encoding="utf-8")
    assert commit_of_clone(clone) == git(clone, "rev-parse", "HEAD")[:12] + "+changes"


def test_another_repository_around_it_says_nothing(clone: Path) -> None:
    inside = clone / "vendored"
    inside.mkdir()
    assert commit_of_clone(inside) == UNKNOWN


def test_a_clone_without_a_commit_or_without_git_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    assert commit_of_clone(tmp_path) == UNKNOWN
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of_clone(tmp_path) == UNKNOWN


def test_what_the_build_noted_is_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_module, "NOTED", tmp_path / "commit.txt")
    (tmp_path / "commit.txt").write_text("0123456789ab\n", encoding="utf-8")
    assert commit() == "0123456789ab"


def test_a_package_without_a_note_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_module, "NOTED", tmp_path / "commit.txt")
    monkeypatch.setattr(commit_module, "IS_PACKAGED", True)
    assert commit() == UNKNOWN


def test_the_command_line_says_version_and_commit() -> None:
    done = subprocess.run([sys.executable, "-m", "hypercare", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(rf"hypercare, version {re.escape(__version__)} \(commit \S+\)\n", done.stdout)


def test_the_version_is_the_same_wherever_it_stands() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
