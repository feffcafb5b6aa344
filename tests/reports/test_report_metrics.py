"""metrics.prom: Prometheus' text format, read as Prometheus' own client reads it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hypercare.reports.metrics import metrics_text
from hypercare.reports.summary import Summary
from hypercare.safe_text import visible
from tests.reports.report_examples import EXAMPLES, HOSTILE, Example, critical, healthy

ABOUT = {"target": "Rosewood Bridal", "round": "daily"}
FAMILIES = {
    "hypercare_coverage_ratio",
    "hypercare_day",
    "hypercare_figure",
    "hypercare_item_duration_seconds",
    "hypercare_item_outcome",
    "hypercare_items",
    "hypercare_open_incidents",
    "hypercare_round_duration_seconds",
    "hypercare_round_timestamp_seconds",
    "hypercare_status",
}


def read(summary: Summary) -> Mapping[tuple[str, frozenset[tuple[str, str]]], float]:
    """Each sample by its name and labels; two that are told apart by nothing fail here."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
    for family in text_string_to_metric_families(metrics_text(summary)):
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found
            found[key] = sample.value
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_family_is_a_gauge_that_is_declared_once_and_bears_the_target_and_the_round(example: Example) -> None:
    summary = example.make()
    families = list(text_string_to_metric_families(metrics_text(summary)))
    names = [family.name for family in families]
    assert sorted(names) == sorted(FAMILIES | ({"hypercare_uptime_ratio"} if summary.uptime else set()))
    assert {family.type for family in families} == {"gauge"}
    assert {(labels["target"], labels["round"]) for labels in (dict(of) for _, of in read(summary))} == {
        (visible(summary.target), summary.round)
    }


@pytest.mark.parametrize("name", [HOSTILE, "two\nlines", 'C:\\new "shop"', "Möbel 家具", "line\r\nend"])
def test_names_arrive_as_they_are_but_for_what_is_not_seen(name: str) -> None:
    told = {dict(labels)["target"] for _, labels in read(healthy().model_copy(update={"target": name}))}
    assert told == {visible(name)}


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        ("status", {"status": "critical"}, 1),
        ("status", {"status": "healthy"}, 0),
        ("item_outcome", {"item": "health.web", "level": "L3", "outcome": "failed"}, 1),
        ("item_outcome", {"item": "health.web", "level": "L3", "outcome": "passed"}, 0),
        ("figure", {"name": "sales_amount"}, 148230.40),
        ("figure", {"name": "sales_amount_by_branch", "part": "Old Town"}, 41020),
        ("open_incidents", {"level": "L3"}, 2),
        ("round_timestamp_seconds", {}, critical().finished.timestamp()),
    ],
)
def test_the_numbers_are_those_of_the_summary(name: str, labels: Mapping[str, str], value: float) -> None:
    assert read(critical())[f"hypercare_{name}", frozenset({**ABOUT, **labels}.items())] == value


def test_a_sum_beyond_six_digits_keeps_its_cents() -> None:
    summary = healthy().model_copy(update={"figures": {"sales_amount": Decimal("12345678.91")}})
    about = {"target": summary.target, "round": str(summary.round), "name": "sales_amount"}
    assert read(summary)["hypercare_figure", frozenset(about.items())] == 12345678.91
