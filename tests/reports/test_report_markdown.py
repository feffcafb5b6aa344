"""daily.md: the plan's template, every field filled in."""

from __future__ import annotations

from markdown_it import MarkdownIt

from hypercare.reports.markdown import daily_markdown
from hypercare.reports.summary import Review
from tests.reports.report_examples import at, critical, healthy, hostile, nothing_covered


def test_every_field_of_the_template_is_there() -> None:
    text = daily_markdown(healthy())
    for line in (
        "- **Date**: Thursday 15 January 2026, as of 17:00",
        "- **Day**: 8",
        "## System health",
        "- Status: ✅ Healthy",
        "- Uptime: not measured: no probe has run yet",
        "- Errors: 0",
        "## User activity",
        "- Users logged in: 31",
        "- Active users: 28",
        "- Failed log\\-ins: 3".replace("\\", ""),
        "- Users needing support: 0",
        "## Operations",
        "- Sales created: 412",
        "- Sales finalised: 398",
        "- Production steps updated: 164",
        "- Production orders completed: 11",
        "- Costs entered: 87",
        "## Issues\n\nNone.",
        "## Actions taken\n\nNone recorded.",
        "## Status\n\n✅ On course",
        "- **Reviewed by**: _______________",
    ):
        assert line in text


def test_issues_actions_uptime_and_reviewer_are_filled_in() -> None:
    summary = critical().model_copy(update={"review": Review(by="A. Brandt", at=at(18))})
    text = daily_markdown(summary)
    assert "1. **L3** critical." in text
    assert "10:15 J. Lindqvist" in text
    assert "8.9 hours, 98.4 % (between 97.9 % and 98.9 %; 99.0 % observed)" in text
    assert "- **Reviewed by**: A. Brandt" in text
    assert "❌ Major issues" in text


def test_a_figure_that_could_not_be_read_is_said() -> None:
    assert "- Sales created: not known" in daily_markdown(nothing_covered())


def test_hostile_strings_make_no_link_image_or_markup() -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(daily_markdown(hostile()))
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence"}
