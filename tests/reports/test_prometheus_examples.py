"""What is shipped for Prometheus and Grafana names only metrics, labels and figures that metrics.prom has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as as_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from hypercare.outcome.outcome import Outcome
from hypercare.reports.metrics import metrics_text
from hypercare.reports.summary import DatabaseUse, Summary
from tests.reports.report_examples import EXAMPLES, PROJECT, Example, critical

FOLDER = PROJECT / "docs" / "prometheus"
ALERTS = FOLDER / "alerts.yml"
PROMTOOL = shutil.which("promtool")


def whole_summary() -> Summary:
    """One that has something of all that is told as metrics."""
    use = DatabaseUse(statements=3, seconds=1.5, behind_s=2.0)
    return critical().model_copy(update={"database_use": use})


def labels_by_metric(summary: Summary) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics_text(summary)):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def expressions() -> Iterator[tuple[str, str]]:
    for line in ALERTS.read_text(encoding="utf-8").splitlines():
        if "expr:" in line:
            yield "alerts.yml", line.partition("expr:")[2].strip()
    board: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        yield from (("dashboard.json", target["expr"]) for target in panel["targets"])
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield "dashboard.json", variable["definition"]


@pytest.mark.parametrize(("file", "expression"), list(expressions()))
def test_each_metric_and_each_label_is_there(file: str, expression: str) -> None:
    there = labels_by_metric(whole_summary())
    names = re.findall(r"hypercare_\w+", expression)
    assert names and set(names) <= there.keys(), file
    for name, chosen in re.findall(r"(hypercare_\w+)\{([^}]*)\}", expression):
        assert set(re.findall(r"(\w+)=", chosen)) <= there[name]
    outcomes = {outcome.value for outcome in Outcome}
    assert set(re.findall(r'outcome="([^"]*)"', expression)) <= outcomes


def test_each_figure_of_the_dashboard_is_there() -> None:
    told = set(whole_summary().figures)
    for _, expression in expressions():
        for names in re.findall(r'name=~"([^"]*)"', expression):
            assert set(names.split("|")) <= told


def test_no_two_panels_lie_over_each_other() -> None:
    board = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    places = [panel["gridPos"] for panel in board["panels"]]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_file_is_openmetrics_too_with_the_same_numbers(example: Example) -> None:
    text = metrics_text(example.make())
    ours = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    theirs = [sample for family in as_openmetrics(text) for sample in family.samples]
    assert [(one.name, one.labels, one.value) for one in theirs] == [(one.name, one.labels, one.value) for one in ours]


@pytest.mark.server
@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed on this machine")
@pytest.mark.parametrize("words", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts.test.yml")])
def test_prometheus_itself_takes_the_rules(words: tuple[str, ...]) -> None:
    done = subprocess.run([str(PROMTOOL), *words], cwd=FOLDER, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.server
@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed on this machine")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_prometheus_itself_takes_the_metrics(example: Example) -> None:
    text = metrics_text(example.make())
    done = subprocess.run([str(PROMTOOL), "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
