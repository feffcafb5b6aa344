"""The history for other programs: CSV and Parquet, whole or not at all."""

import csv
import sys
from datetime import UTC, date, datetime

import pytest

from hypercare.history.exporting import ExportProblem, export, kinds_of_rows
from tests.history.remembering import NINE, remember, result


def remembered(history):
    remember(history, "r1", result(), result("health.api", "failed", count=3, sentence='=cmd|" /C calc"!A0'))
    history.record_figures("r1", {"sales_amount": "-10.50"})


def rows_in(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_results_stand_in_csv_with_their_round(history, tmp_path):
    remembered(history)
    assert export(history, "results", "csv", tmp_path / "results.csv") == 2
    first, second = rows_in(tmp_path / "results.csv")
    assert (first["round"], first["day"], first["as_of"]) == (
        "morning",
        "2026-01-15",
        "2026-01-15T08:00:00.000000+00:00",
    )
    assert (first["item"], first["outcome"], first["count"]) == ("health.web", "passed", "")
    assert second["count"] == "3"


def test_no_text_of_a_target_is_a_formula_and_every_number_stays_one(lite, tmp_path):
    remembered(lite)
    export(lite, "results", "csv", tmp_path / "results.csv")
    export(lite, "figures", "csv", tmp_path / "figures.csv")
    assert rows_in(tmp_path / "results.csv")[1]["sentence"] == '\'=cmd|" /C calc"!A0'
    assert rows_in(tmp_path / "figures.csv")[0]["value"] == "-10.50"


@pytest.mark.long
def test_parquet_has_instants_days_and_numbers_as_such(history, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    remembered(history)
    assert export(history, "results", "parquet", tmp_path / "results.parquet") == 2
    first, second = parquet.read_table(tmp_path / "results.parquet").to_pylist()
    assert (first["as_of"], first["day"]) == (NINE, date(2026, 1, 15))
    assert first["ended"] == datetime(2026, 1, 15, 8, 1, tzinfo=UTC)
    assert (first["count"], second["count"], second["duration_s"]) == (None, 3, 0.5)
    assert second["sentence"] == '=cmd|" /C calc"!A0'


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_kind_of_row_can_be_exported_also_when_there_is_none(history, tmp_path, kind):
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    for what in kinds_of_rows():
        assert export(history, what, kind, tmp_path / what) == 0
        assert (tmp_path / what).stat().st_size > 0


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(lite, tmp_path):
    with pytest.raises(ExportProblem, match="cannot be written"):
        export(lite, "results", "csv", tmp_path / "no such folder" / "results.csv")
    (tmp_path / "there.csv").mkdir()
    with pytest.raises(ExportProblem, match="cannot be written"):
        export(lite, "results", "csv", tmp_path / "there.csv")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_parquet_without_its_package_is_one_line(lite, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportProblem, match=r'pip install "hypercare\[parquet\]"'):
        export(lite, "results", "parquet", tmp_path / "results.parquet")
    assert list(tmp_path.glob("*.parquet")) == []
