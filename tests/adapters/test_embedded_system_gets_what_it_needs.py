"""What the embedded system stands on is got once, into a folder of the user's, where it is not installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hypercare.adapters.demo import installed
from hypercare.adapters.demo.installed import EmbeddedProblem, require_installed, search_path

# Stand-ins of an installer: what it is told after --target is where it lays packages.
LAYS = "import pathlib, sys; (pathlib.Path(sys.argv[sys.argv.index('--target') + 1]) / 'one').mkdir(parents=True)"
REFUSES = "import sys; sys.exit('no such package in the index')"


@pytest.fixture
def wanting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which the package `one` is wanted and not installed."""
    path: list[str] = []
    monkeypatch.setattr("sys.path", path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(
        installed, "missing", lambda _: [] if any((Path(place) / "one").is_dir() for place in path) else ["one"]
    )


def installing(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(installed, "_installer", lambda: [sys.executable, "-c", program])


@pytest.mark.slow
def test_it_is_got_into_a_folder_of_the_users_and_found_there_by_processes_too(
    wanting: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert search_path() is None
    installing(monkeypatch, LAYS)
    require_installed()
    (folder,) = (tmp_path / "hypercare").iterdir()
    assert search_path() == str(folder)


@pytest.mark.slow
def test_what_was_got_once_is_not_got_again(wanting: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installing(monkeypatch, LAYS)
    require_installed()
    installing(monkeypatch, REFUSES)
    answers: Iterator[list[str]] = iter([["one"], []])
    monkeypatch.setattr(installed, "missing", lambda _: next(answers))
    require_installed()


@pytest.mark.slow
def test_what_cannot_be_got_is_one_line_with_the_reason_and_leaves_nothing(
    wanting: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installing(monkeypatch, REFUSES)
    with pytest.raises(
        EmbeddedProblem, match="needs one, not installed here, and it could not be got: no such"
    ) as told:
        require_installed()
    assert "\n" not in f"{told.value.reason} {told.value.remedy}" and "hypercare[demo]" in told.value.remedy
    assert not list((tmp_path / "hypercare").iterdir())


def test_a_folder_that_cannot_be_written_is_one_line(
    wanting: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hypercare").write_text("a file", encoding="utf-8")
    installing(monkeypatch, LAYS)
    with pytest.raises(EmbeddedProblem, match="cannot be written"):
        require_installed()


def test_what_is_asked_for_is_what_the_extra_declares() -> None:
    names = {one.partition(">")[0] for one in installed._requirements()}
    assert {"fastapi", "uvicorn", "python-multipart"} <= names
    assert not names & {"pytest", "sqlalchemy", "holidays"}
