"""Publishing: what is copied, in what order, and that a second time copies only what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hypercare.publishing.folder_index import INDEX_DATA, read_index, write_index
from hypercare.publishing.place import LocalFolder
from hypercare.publishing.problem import PublishProblem
from hypercare.publishing.publication import Publisher
from hypercare.publishing.publishing import publish_reports
from hypercare.reports.summary import Status
from tests.publishing.report_folders import leave_day, reports_of, summary_of


class WatchedFolder(LocalFolder):
    """Notes each file that is put, and may fail at one."""

    def __init__(self, root: Path, fails_at: str | None = None) -> None:
        super().__init__(root)
        self.put_there: list[str] = []
        self._fails_at = fails_at

    def put(self, files: Iterable[tuple[Path, str]]) -> None:
        for source, path in files:
            if path == self._fails_at:
                raise OSError("the line went dead")
            self.put_there.append(path)
            super().put([(source, path)])


def published(reports: Path, place: LocalFolder, *, keep_days: int | None = None, anew: bool = False) -> int:
    return Publisher(reports, place, keep_days=keep_days, anew=anew).publish().copied


def below(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(params=["a folder", "memory", "another protocol"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An address to publish to, and a folder into which what is there can be looked at."""
    there = tmp_path / "there"
    if request.param == "a folder":
        yield str(there), there
        return
    fsspec: Any = pytest.importorskip("fsspec", reason="the extra publish is not installed")
    if request.param == "another protocol":
        fsspec.register_implementation("mounted", mounted_files(), clobber=True)
        yield f"mounted://{there}", there
        return
    store = fsspec.filesystem("memory")
    store.store.clear()
    store.pseudo_dirs[:] = [""]
    yield "memory://shop", there
    store.store.clear()


def mounted_files() -> type[Any]:
    """The files of this machine as a protocol of which nothing is known."""
    from fsspec.implementations.local import LocalFileSystem

    class MountedFiles(LocalFileSystem):  # type: ignore[misc,unused-ignore]
        protocol = ("mounted",)

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return path.removeprefix("mounted://").rstrip("/")

    return MountedFiles


def fetched(address: str, there: Path) -> Path:
    if address.startswith("memory"):
        import fsspec

        if fsspec.filesystem("memory").exists("/shop"):
            fsspec.filesystem("memory").get("/shop/", str(there), recursive=True)
    return there


def test_all_is_there_that_a_page_leads_to(where: tuple[str, Path], tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0, 1)
    (reports / "week-1.html").write_text("<title>Week 1</title>", encoding="utf-8")
    (reports / "week-1.md").write_text("# Week 1", encoding="utf-8")
    write_index(reports)
    publish_reports(reports, where[0])
    there = fetched(*where)
    assert below(there) >= {
        "index.html",
        "index.json",
        "week-1.html",
        "week-1.md",
        "latest/index.html",
        "latest/metrics.prom",
        "latest/summary.json",
        "2026-01-15/day/index.html",
        "2026-01-15/day/runbook/health.web.html",
        "2026-01-16/morning/allure/index.html",
    }
    page = (there / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="(?!data:|#)([^"]+)"', page))
    assert links and [link for link in links if not (there / link).is_file()] == []
    assert "../2026-01-16/day/index.html" in (there / "latest" / "index.html").read_text(encoding="utf-8")


def test_a_second_time_nothing_is_copied_and_then_only_what_changed(where: tuple[str, Path], tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0, 1)
    assert publish_reports(reports, where[0]).copied > 20
    assert publish_reports(reports, where[0]).copied == 0
    (reports / "2026-01-15" / "day" / "metrics.prom").write_text("hypercare_day 9\n", encoding="utf-8")
    assert publish_reports(reports, where[0]).copied == 1
    content = (fetched(*where) / "2026-01-15" / "day" / "metrics.prom").read_text(encoding="utf-8")
    assert content == "hypercare_day 9\n"


def test_days_that_are_too_old_are_removed_there(where: tuple[str, Path], tmp_path: Path) -> None:
    publish_reports(reports_of(tmp_path / "reports", 0, 5, 9), where[0])
    done = publish_reports(tmp_path / "reports", where[0], keep_days=4)
    assert done.removed == [date(2026, 1, 15)]
    index = read_index(fetched(*where) / INDEX_DATA)
    assert [one.date.day for one in index.days] == [24, 20]
    assert "2026-01-15" not in {path.partition("/")[0] for path in below(where[1])}
    assert publish_reports(tmp_path / "reports", where[0], keep_days=4).copied == 0


def test_what_only_the_suite_needs_stays_here(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    (reports / "history.sqlite").write_bytes(b"secret")
    for folder in (".state", ".work", "rehearsal/2026-01-15/day", "somebody"):
        (reports / folder).mkdir(parents=True)
        (reports / folder / "index.html").write_text("mine", encoding="utf-8")
    (reports / "2026-01-15" / "day" / "passwd").symlink_to("/etc/passwd")
    (reports / "passwd.html").symlink_to("/etc/passwd")
    publish_reports(reports, str(tmp_path / "there"))
    found = below(tmp_path / "there")
    assert not [path for path in found if re.search(r"history|state/|work|rehearsal|somebody|passwd|raw\.json", path)]


def test_a_page_comes_after_what_it_leads_to_and_the_index_last(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0, 1)
    place = WatchedFolder(tmp_path / "there")
    published(reports, place)
    order = [path for path in place.put_there if not path.endswith(".published.json")]
    assert order[-2:] == ["index.json", "index.html"]
    for folder in ("2026-01-15/day", "2026-01-16/day"):
        of_report = [path for path in order if path.startswith(f"{folder}/")]
        assert of_report[-1] == f"{folder}/index.html"


def test_who_opens_the_page_while_it_is_published_sees_the_old_one_whole_or_the_new(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    publish_reports(reports, str(tmp_path / "there"))
    old = (tmp_path / "there" / "2026-01-15" / "day" / "index.html").read_text(encoding="utf-8")
    leave_day(reports, summary_of(0, status=Status.ISSUES), more={"new.csv": "a,b"})
    write_index(reports)
    broken = WatchedFolder(tmp_path / "there", fails_at="2026-01-15/day/index.html")
    with pytest.raises(OSError, match="went dead"):
        published(reports, broken)
    there = tmp_path / "there"
    assert (there / "2026-01-15" / "day" / "index.html").read_text(encoding="utf-8") == old
    assert read_index(there / INDEX_DATA).days[0].status is Status.HEALTHY
    assert [path for path in below(there) if re.search(r"/\.[0-9a-f]{8}-", path)] == [], "no file is left half written"
    publish_reports(reports, str(there))
    assert read_index(there / INDEX_DATA).days[0].status is Status.ISSUES
    assert (there / "2026-01-15" / "day" / "new.csv").is_file()


def test_a_file_that_a_report_no_longer_has_goes_there_too(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    publish_reports(reports, str(tmp_path / "there"))
    (reports / "2026-01-15" / "day" / "allure" / "index.html").unlink()
    publish_reports(reports, str(tmp_path / "there"))
    found = below(tmp_path / "there")
    assert "2026-01-15/day/allure/index.html" not in found and "2026-01-15/morning/allure/index.html" in found


def test_machines_that_share_a_place_add_to_each_other(tmp_path: Path) -> None:
    there = str(tmp_path / "there")
    publish_reports(reports_of(tmp_path / "one", 0, 1), there)
    publish_reports(reports_of(tmp_path / "other", 2), there)
    publish_reports(tmp_path / "one", there)
    assert [one.date.day for one in read_index(tmp_path / "there" / INDEX_DATA).days] == [17, 16, 15]
    latest = (tmp_path / "there" / "latest" / "index.html").read_text(encoding="utf-8")
    assert "../2026-01-17/day/index.html" in latest
    assert '"as_of": "2026-01-17' in (tmp_path / "there" / "latest" / "summary.json").read_text(encoding="utf-8")


def test_an_older_report_of_the_day_does_not_take_the_place_of_a_newer_one(tmp_path: Path) -> None:
    there = str(tmp_path / "there")
    newer = summary_of(0, status=Status.CRITICAL)
    newer = newer.model_copy(update={"finished": newer.finished.replace(hour=23)})
    reports_of(tmp_path / "one", 0)
    leave_day(tmp_path / "other", newer)
    write_index(tmp_path / "other")
    publish_reports(tmp_path / "other", there)
    publish_reports(tmp_path / "one", there)
    publish_reports(tmp_path / "one", there)
    folder = tmp_path / "there"
    assert "critical" in (folder / "2026-01-15" / "day" / "index.html").read_text(encoding="utf-8")
    assert '"status": "critical"' in (folder / "latest" / "summary.json").read_text(encoding="utf-8")
    assert read_index(folder / INDEX_DATA).days[0].status is Status.CRITICAL


def test_a_place_that_was_emptied_is_filled_again(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    copied = publish_reports(reports, str(tmp_path / "there")).copied
    (tmp_path / "there").rename(tmp_path / "gone")
    assert publish_reports(reports, str(tmp_path / "there")).copied == copied


def test_anew_copies_all_whatever_is_believed_to_be_there(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    publish_reports(reports, str(tmp_path / "there"))
    (tmp_path / "there" / "2026-01-15" / "day" / "metrics.prom").unlink()
    assert publish_reports(reports, str(tmp_path / "there")).copied == 0
    publish_reports(reports, str(tmp_path / "there"), anew=True)
    assert (tmp_path / "there" / "2026-01-15" / "day" / "metrics.prom").is_file()


def test_the_reports_of_another_target_are_not_mixed_in(tmp_path: Path) -> None:
    leave_day(tmp_path / "one", summary_of(0))
    leave_day(tmp_path / "other", summary_of(1, target="Old Town Shoes"))
    for folder in ("one", "other"):
        write_index(tmp_path / folder)
    publish_reports(tmp_path / "one", str(tmp_path / "there"))
    with pytest.raises(PublishProblem, match="holds the reports of 'Rosewood Bridal'"):
        publish_reports(tmp_path / "other", str(tmp_path / "there"))


def test_each_target_of_a_fleet_goes_along_in_a_folder_of_its_own(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    for name in ("north", "south"):
        leave_day(reports / name, summary_of(0, target=name))
        write_index(reports / name)
    write_index(reports)
    publish_reports(reports, str(tmp_path / "there"))
    assert {"index.html", "north/index.html", "south/2026-01-15/day/index.html"} <= below(tmp_path / "there")
    assert [one.target for one in read_index(tmp_path / "there" / INDEX_DATA).targets] == ["north", "south"]
    assert publish_reports(reports, str(tmp_path / "there")).copied == 0


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nowhere://somebody:secret@host/folder?key=hidden", "cannot be understood"),
        ("/dev/null/reports", "/dev/null/reports"),
    ],
)
def test_what_is_wrong_with_a_place_is_one_line_without_a_secret(tmp_path: Path, address: str, says: str) -> None:
    with pytest.raises(PublishProblem) as problem:
        publish_reports(reports_of(tmp_path / "reports", 0), address)
    said = str(problem.value)
    assert says in said and "\n" not in said and "secret" not in said and "hidden" not in said


def test_without_fsspec_a_folder_works_and_any_other_place_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in ("fsspec", "fsspec.core"):
        monkeypatch.setitem(sys.modules, name, None)
    reports = reports_of(tmp_path / "reports", 0)
    publish_reports(reports, str(tmp_path / "there"))
    publish_reports(reports, f"file://{tmp_path / 'also'}")
    assert (tmp_path / "there" / "index.html").is_file() and (tmp_path / "also" / "index.html").is_file()
    with pytest.raises(PublishProblem, match=r"pip install \"hypercare\[publish\]\""):
        publish_reports(reports, "s3://bucket/shop")


def test_reports_are_not_published_into_themselves(tmp_path: Path) -> None:
    reports = reports_of(tmp_path / "reports", 0)
    with pytest.raises(PublishProblem, match="folder of the reports itself"):
        publish_reports(reports, str(reports))
