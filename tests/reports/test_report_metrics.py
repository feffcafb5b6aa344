"""metrics.prom: Prometheus' text format."""

from __future__ import annotations

import re

import pytest

from hypercare.reports.metrics import metrics_text
from tests.reports.report_examples import EXAMPLES, Example, critical

SAMPLE = re.compile(r'([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\n"])*",?)*)\} (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)')


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_line_is_well_formed_and_each_family_is_declared_once(example: Example) -> None:
    declared: list[str] = []
    seen: set[str] = set()
    for line in metrics_text(example.make()).split("\n")[:-1]:
        if line.startswith("# TYPE"):
            declared.append(line.split()[2])
        elif not line.startswith("# HELP"):
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] == declared[-1]
            assert f"{match[1]}{match[2]}" not in seen
            seen.add(f"{match[1]}{match[2]}")
    assert len(declared) == len(set(declared))


def test_the_numbers_are_those_of_the_summary() -> None:
    text = metrics_text(critical())
    about = 'target="Rosewood Bridal",round="daily"'
    assert f'hypercare_status{{{about},status="critical"}} 1' in text
    assert f'hypercare_item_outcome{{{about},item="health.web",level="L3",outcome="failed"}} 1' in text
    assert f'hypercare_item_outcome{{{about},item="health.web",level="L3",outcome="passed"}} 0' in text
    assert f'hypercare_figure{{{about},name="sales_amount"}} 148230.40' in text
    assert f'hypercare_figure{{{about},name="sales_amount_by_branch",part="Old Town"}} 41020.00' in text
    assert f'hypercare_open_incidents{{{about},level="L3"}} 2' in text
    assert f"hypercare_coverage_ratio{{{about}}} 0.909" in text
    assert "hypercare_round_timestamp_seconds" in text
