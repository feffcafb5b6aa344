"""The index of a reports folder: which days it names, where it leads, and that it is read anew only where it must."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from hypercare.plan.rounds import Round
from hypercare.publishing import folder_index
from hypercare.publishing.folder_index import read_index, write_index
from hypercare.publishing.index_page import index_page
from hypercare.publishing.report_index import IndexedDay, ReportIndex
from hypercare.reports.summary import Status
from hypercare.reports.writer import ROOT, pages_of_days
from tests.publishing.report_folders import leave_day, reports_of, summary_of
from tests.reports.report_examples import HOSTILE, round_summary

DAY = date(2026, 1, 15)


def page_of(reports: Path) -> str:
    return (reports / "index.html").read_text(encoding="utf-8")


def links_of(page: str) -> set[str]:
    return set(re.findall(r'href="(?!data:|#)([^"]+)"', page))


def test_each_day_is_named_with_its_status_and_leads_to_its_report(tmp_path: Path) -> None:
    leave_day(tmp_path, summary_of(0))
    leave_day(tmp_path, summary_of(1, status=Status.CRITICAL))
    index = write_index(tmp_path)
    assert [(one.date, one.status, one.number, one.href) for one in index.days] == [
        (date(2026, 1, 16), Status.CRITICAL, 9, "2026-01-16/day/index.html"),
        (DAY, Status.HEALTHY, 8, "2026-01-15/day/index.html"),
    ]
    assert 'aria-label="Friday 16 January 2026, day 9: critical"' in page_of(tmp_path)


def test_every_link_leads_to_a_file_that_is_there(tmp_path: Path) -> None:
    reports_of(tmp_path, 0, 1, 40)
    (tmp_path / "latest").symlink_to("2026-02-24/day")
    for name in ("week-1", "month-1", "exit.week-1", "readiness", "plan"):
        (tmp_path / f"{name}.html").write_text(f"<title>{name} &amp; more · Shop</title>", encoding="utf-8")
    (tmp_path / "fleet").mkdir()
    (tmp_path / "fleet" / "index.html").write_text("<title>Fleet</title>", encoding="utf-8")
    reports_of(tmp_path / "old-town-1a2b", 3)
    write_index(tmp_path)
    links = links_of(page_of(tmp_path))
    assert [link for link in links if not (tmp_path / link).is_file()] == []
    assert links >= {
        "2026-01-15/day/index.html",
        "2026-01-15/morning/index.html",
        "week-1.html",
        "month-1.html",
        "exit.week-1.html",
        "readiness.html",
        "plan.html",
        "fleet/index.html",
        "old-town-1a2b/index.html",
        "latest/index.html",
    }
    assert "week-1 &amp; more" in page_of(tmp_path) and "· Shop" not in page_of(tmp_path)


def test_a_report_leads_to_all_days_from_its_own_folder_and_as_latest(tmp_path: Path) -> None:
    reports_of(tmp_path, 0)
    write_index(tmp_path)
    assert ROOT == "../"
    assert 'url=../index.html"' in (tmp_path / "2026-01-15" / "index.html").read_text(encoding="utf-8")
    # From `latest`, which is beside it, the same way leads there at once; the calendar of a report names the day.
    assert 'id="day-2026-01-15"' in page_of(tmp_path)
    found = pages_of_days(tmp_path / "2026-01-16" / "day", [date(2026, 1, 15), date(2026, 1, 1)])
    assert found == {date(2026, 1, 15): "../index.html#day-2026-01-15"}


def test_a_day_whose_rounds_are_not_merged_stands_as_its_newest_round(tmp_path: Path) -> None:
    for name in (Round.MORNING, Round.MIDDAY):
        folder = tmp_path / "2026-01-15" / name
        folder.mkdir(parents=True)
        round_summary(name).write(folder / "summary.json")
        (folder / "index.html").write_text("", encoding="utf-8")
        os.utime(folder / "summary.json", (1, 1 + list(Round).index(name)))
    assert [one.href for one in write_index(tmp_path).days] == ["2026-01-15/midday/index.html"]


def test_a_day_of_which_only_the_history_tells_is_shown_without_a_link(tmp_path: Path) -> None:
    reports_of(tmp_path, 0)
    remembered = {date(2026, 1, 9): {"healthy", "issues"}, DAY: {"critical"}}
    index = write_index(tmp_path, remembered, go_live=date(2026, 1, 8))
    assert [(one.date, one.status, one.number, one.href) for one in index.days][1:] == [
        (date(2026, 1, 9), Status.ISSUES, 2, "")
    ]
    assert index.days[0].status is Status.HEALTHY, "the report that is there knows better"
    assert "day 2: with issues; its report is not here" in page_of(tmp_path)


def test_a_day_of_which_nothing_is_known_is_no_healthy_day(tmp_path: Path) -> None:
    reports_of(tmp_path, 0)
    page = page_of(tmp_path)
    assert page.count('class="day good') == 1 and "<span>16</span>" in page


def test_only_reports_that_changed_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports_of(tmp_path, *range(5))
    read: list[str] = []
    real = folder_index.read_summary
    monkeypatch.setattr(folder_index, "read_summary", lambda file: (read.append(file.parts[-3]), real(file))[1])
    first = page_of(tmp_path)
    write_index(tmp_path)
    assert (read, page_of(tmp_path)) == ([], first)
    leave_day(tmp_path, summary_of(2, status=Status.ISSUES))
    write_index(tmp_path)
    assert read == ["2026-01-17"]


@pytest.mark.parametrize("broken", ["", "{", '{"schema": 1}'])
def test_a_summary_that_cannot_be_read_leaves_only_its_day_out(tmp_path: Path, broken: str) -> None:
    reports_of(tmp_path, 0, 1)
    for round_name in ("day", "morning"):
        (tmp_path / "2026-01-16" / round_name / "summary.json").write_text(broken, encoding="utf-8")
    assert [one.date for one in write_index(tmp_path).days] == [DAY]


def test_an_index_that_cannot_be_read_is_made_from_the_reports(tmp_path: Path) -> None:
    reports_of(tmp_path, 0)
    (tmp_path / "index.json").write_text("nonsense", encoding="utf-8")
    assert len(write_index(tmp_path).days) == 1
    assert read_index(tmp_path / "index.json").days[0].date == DAY


def test_an_empty_folder_says_that_there_is_no_report(tmp_path: Path) -> None:
    write_index(tmp_path)
    assert "No report yet" in page_of(tmp_path) and links_of(page_of(tmp_path)) == set()


def test_a_hostile_name_is_text_and_the_page_loads_nothing(tmp_path: Path) -> None:
    leave_day(tmp_path, summary_of(0, target=HOSTILE))
    (tmp_path / "week-1.html").write_text("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>", encoding="utf-8")
    write_index(tmp_path)
    page = page_of(tmp_path)
    assert "<script" not in page and "<img" not in page and "\u202e" not in page
    assert "default-src 'none'" in page
    assert [link for link in links_of(page) if "//" in link or link.startswith("/")] == []


def test_the_rehearsal_of_a_round_is_no_target_of_its_own(tmp_path: Path) -> None:
    reports_of(tmp_path, 0)
    reports_of(tmp_path / "rehearsal", 0)
    assert write_index(tmp_path).targets == []


def test_the_page_of_four_hundred_days_is_light() -> None:
    days = [
        IndexedDay(date=DAY - timedelta(number), number=1, status=Status.HEALTHY, href="2026-01-15/day/index.html")
        for number in range(400)
    ]
    assert len(index_page(ReportIndex.of(days)).encode()) < 200_000
