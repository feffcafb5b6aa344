"""The reports folder: what is published is whole, and `latest` always leads to it."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import date
from pathlib import Path

import pytest

from hypercare.reports import folder
from hypercare.reports.folder import ReportsFolderProblem, check_writable, publish, remove_old, work_folder

DAY = date(2026, 1, 15)


def finished(root: Path, words: str) -> Path:
    place = work_folder(root)
    (place / "index.html").write_text(words, encoding="utf-8")
    return place


def latest(root: Path) -> str:
    return (root / "latest" / "index.html").read_text(encoding="utf-8")


def test_a_report_is_published_and_latest_leads_to_it(tmp_path: Path) -> None:
    place = publish(finished(tmp_path, "one"), tmp_path, DAY, "morning")
    assert place == tmp_path / "2026-01-15" / "morning"
    assert latest(tmp_path) == "one"
    assert (tmp_path / "latest").readlink() == Path("2026-01-15/morning")
    publish(finished(tmp_path, "two"), tmp_path, DAY, "midday")
    assert latest(tmp_path) == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-01-15", "latest"]


def test_an_older_run_of_the_same_round_is_kept_aside(tmp_path: Path) -> None:
    for words in ("one", "two", "three"):
        publish(finished(tmp_path, words), tmp_path, DAY, "morning")
    assert latest(tmp_path) == "three"
    kept = sorted(path for path in (tmp_path / "2026-01-15").iterdir() if path.name != "morning")
    assert all(path.name.startswith("morning-") for path in kept)
    assert {(path / "index.html").read_text(encoding="utf-8") for path in kept} == {"one", "two"}


@pytest.mark.parametrize("step", range(8))
def test_whatever_step_fails_latest_leads_to_a_whole_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    publish(finished(tmp_path, "one"), tmp_path, DAY, "morning")
    work = finished(tmp_path, "two")
    left = [step]
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(shutil, "copytree", _no_copy if step else shutil.copytree)
    try:
        publish(work, tmp_path, DAY, "morning")
    except ReportsFolderProblem as problem:
        assert "\n" not in str(problem)
    assert latest(tmp_path) in {"one", "two"}


def _no_copy(source: Path, target: Path, **kept: object) -> Path:
    """Copies within the folder work; a copy of the new report, which a failed move falls back on, does not."""
    if "copy_function" not in kept:
        raise OSError(28, "No space left on device")
    target.mkdir()
    for path in source.iterdir():
        shutil.copyfile(path, target / path.name)
    return target


def test_a_latest_that_is_a_folder_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "index.html").write_text("unpacked", encoding="utf-8")
    publish(finished(tmp_path, "one"), tmp_path, DAY, "morning")
    assert latest(tmp_path) == "one"
    assert [path.name[:7] for path in tmp_path.iterdir() if path.name.startswith("latest-")] == ["latest-"]


def test_old_days_go_but_never_the_one_that_latest_leads_to(tmp_path: Path) -> None:
    publish(finished(tmp_path, "old"), tmp_path, date(2025, 11, 1), "evening")
    for name in ("2025-11-02", "2026-01-10", "not-a-date", "2025-99-99"):
        (tmp_path / name).mkdir()
    assert remove_old(tmp_path, DAY, keep_days=30) == [date(2025, 11, 2)]
    assert latest(tmp_path) == "old"
    publish(finished(tmp_path, "new"), tmp_path, DAY, "morning", keep_days=3)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["2025-99-99", "2026-01-15", "latest", "not-a-date"]


def test_a_folder_that_takes_reports_is_left_as_it_was(tmp_path: Path) -> None:
    check_writable(tmp_path / "reports")
    assert list((tmp_path / "reports").iterdir()) == []


def test_a_folder_that_takes_none_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportsFolderProblem, match=r"^the reports folder .*file.* cannot be written: .+$"):
        check_writable(tmp_path / "file")

    def read_only(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", read_only)
        with pytest.raises(ReportsFolderProblem, match="Read-only file system"):
            check_writable(tmp_path)
        with pytest.raises(ReportsFolderProblem, match="Read-only file system"):
            work_folder(tmp_path)
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda _: usage(3 * 2**20))
    with pytest.raises(ReportsFolderProblem, match="only 3 MB left"):
        check_writable(tmp_path)
