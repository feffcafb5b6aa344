"""GitHub's job summary and annotations: the verdict, the weightiest first, and no command but ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from hypercare.build_server.github import add_to_summary, job_summary, workflow_commands
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import ItemResult, Summary
from tests.reports.report_examples import EXAMPLES, HOSTILE, Example, critical, healthy

COMMAND = re.compile(r"::(error|warning) title=[^:,\r\n]*::[^\r\n]*")
STEERS = (HOSTILE, "a\n::error::b\r\n##[add-mask]c", "100 %, title=x::y", "\x1b]0;title\x07\u202e", "x" * 1_000_000)


def with_failures(*sentences: str, level: Level = Level.L2) -> Summary:
    made = healthy()
    items = [
        ItemResult.model_validate({**dict(item), "outcome": Outcome.FAILED, "sentence": sentence, "level": level})
        for item, sentence in zip(made.items, sentences, strict=False)
    ]
    return made.model_copy(update={"items": items})


def test_a_critical_failure_is_an_error_and_comes_first() -> None:
    lines = list(workflow_commands(critical()))
    assert lines[0] == (
        "::error title=L3 The web app opens in a browser and shows its log-in page%2C with no script error.::"
        "The web app does not answer: the connection was refused."
    )
    kinds = [line.split(" ")[0] for line in lines]
    assert kinds == sorted(kinds) and "::warning" in kinds


def test_a_healthy_day_has_no_annotation() -> None:
    assert list(workflow_commands(healthy())) == []


def test_there_are_no_more_than_are_shown() -> None:
    assert len(list(workflow_commands(with_failures(*["It is wrong."] * 40)))) == 10


@pytest.mark.parametrize("text", STEERS, ids=["markup", "commands", "percent", "escapes", "long"])
def test_a_targets_text_commands_nothing(text: str) -> None:
    (line,) = workflow_commands(with_failures(text))
    assert COMMAND.fullmatch(line) and len(line) < 2000
    assert "##[" not in line and not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line)
    assert not re.search("%(?!25|3A|2C)", line)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_summary_says_the_verdict_and_loads_nothing(example: Example) -> None:
    text = job_summary(example.make(), "https://reports.test/shop/2026-01-15/day/")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert re.findall(r'href="([^"]*)"', html) == ["https://reports.test/shop/2026-01-15/day/"]
    assert "<img" not in html and "<script" not in html
    assert "Can we trade?" in html


@pytest.mark.parametrize("text", STEERS, ids=["markup", "commands", "percent", "escapes", "long"])
def test_a_row_stays_a_row(text: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(job_summary(with_failures(text), None))
    assert html.count("<tr>") == 2 and html.count("<td>") == 4 and "<a" not in html and len(html) < 10_000


def test_rounds_of_one_job_add_to_each_other_until_it_is_full(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    add_to_summary(file, healthy(), None)
    add_to_summary(file, critical(), None)
    text = file.read_text(encoding="utf-8")
    assert text.index("All is well") < text.index("Critical: act now")
    file.write_text("x" * 899_990, encoding="utf-8")
    add_to_summary(file, healthy(), None)
    assert file.stat().st_size == 899_990
