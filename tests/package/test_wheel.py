"""What is in the package that gets installed, and what is not."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from hypercare.shipped.commit import commit_of_clone

pytestmark = [pytest.mark.slow, pytest.mark.server]

ROOT = Path(__file__).parents[2]
LARGEST = 3_000_000  # bytes
TOP = {"hypercare", "demo_erp", "faultlab", "hypercare_early.py", "hypercare-0.1.0.dist-info"}
CHECKS = {"tests_health", "tests_data", "tests_workflows", "tests_mobile"}


def built(source: Path, kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (package,) = folder.iterdir()
    return package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    return ZipFile(built(ROOT, "wheel", tmp_path_factory.mktemp("wheel")))


def test_it_holds_the_programs_and_the_checks_and_no_test_of_the_project(wheel: ZipFile) -> None:
    names = [Path(name).parts for name in wheel.namelist()]
    assert {parts[0] for parts in names} == TOP
    shipped = {parts[2] for parts in names if parts[:2] == ("hypercare", "shipped")}
    assert shipped >= CHECKS | {"checklist.toml", "docs", "commit.txt"}
    tests = ["/".join(parts) for parts in names if parts[-1].startswith(("test_", "conftest")) or "tests" in parts]
    assert [name for name in tests if not name.startswith(tuple(f"hypercare/shipped/{one}/" for one in CHECKS))] == []


def test_it_says_that_it_is_typed_and_is_small(wheel: ZipFile) -> None:
    assert "hypercare/py.typed" in wheel.namelist()
    assert Path(str(wheel.filename)).stat().st_size < LARGEST


def test_it_notes_the_commit(wheel: ZipFile) -> None:
    assert wheel.read("hypercare/shipped/commit.txt").decode().strip() == commit_of_clone(ROOT)


@pytest.mark.long
def test_a_package_from_the_archive_of_the_sources_notes_the_same(wheel: ZipFile, tmp_path: Path) -> None:
    archive = built(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(archive) as sources:
        sources.extractall(tmp_path / "sources", filter="data")
    (source,) = (tmp_path / "sources").iterdir()
    again = ZipFile(built(source, "wheel", tmp_path / "again"))
    assert set(again.namelist()) == set(wheel.namelist())
    note = "hypercare/shipped/commit.txt"
    assert again.read(note) == wheel.read(note)
