"""A history of many rounds for the benchmark: it is what a schedule leaves, so that reports find work in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from benchmarks.accounting.remembered_rounds import remember
from hypercare.history.round_summaries import keep_summary, summaries_of_day
from hypercare.history.store import History
from hypercare.publishing.folder_index import INDEX_DATA, read_index
from tests.publishing.report_folders import leave_day, summary_of


def test_each_day_before_has_its_three_rounds_their_figures_and_a_report(tmp_path: Path) -> None:
    held = summary_of(0)
    leave_day(tmp_path, held)
    history = History(tmp_path / "history.sqlite", "shop")
    history.begin_round("held", "evening", held.date, held.as_of, held.started)
    history.record_figures("held", {"errors": 3})
    keep_summary(history, "held", held.to_json())
    history.finish_round("held", held.finished, "healthy")
    history.close()
    remember(tmp_path, 14)
    history = History(tmp_path / "history.sqlite", "shop")
    for days in range(5):
        assert len(summaries_of_day(history, held.date - timedelta(days=days))) == 3
    assert summaries_of_day(history, held.date - timedelta(days=5)) == ()
    history.close()
    assert [one.date for one in read_index(tmp_path / INDEX_DATA).days] == [
        held.date - timedelta(days=days) for days in range(5)
    ]
