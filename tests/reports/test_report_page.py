"""index.html: everything in it, nothing from outside, nothing of the target that runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from hypercare.history.broken_rounds import BrokenRound
from hypercare.reports.page import FileLink, Links, page_html
from hypercare.reports.summary import RoundEntry
from tests.reports.report_examples import EXAMPLES, HOSTILE, Example, critical, healthy, hostile, nothing_covered

LINKS = Links(
    files=[FileLink("allure/index.html", "Allure report", "all of it")], runbook_pages={"health.web": "r/w.html"}
)


@dataclass
class Seen(HTMLParser):
    """Tags with their attributes, and the visible text."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    return parser


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_nothing_runs_and_nothing_comes_from_outside(example: Example) -> None:
    page = seen(page_html(example.make(), LINKS))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "embed", "form", "base"}
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        address = attributes.get("href") or attributes.get("src") or ""
        assert address.startswith(("#", "data:,", "allure/", "r/")) or not address


def test_a_content_policy_forbids_scripts_and_outside() -> None:
    policies = [a.get("content") or "" for t, a in seen(page_html(healthy())).tags if a.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_hostile_strings_are_shown_as_they_are() -> None:
    page = page_html(hostile())
    assert "<script>alert(1)" not in page
    assert "{{7*7}}" in page and "49" not in seen(page).text.replace("148,230", "")[:200]
    assert "\u202e" not in page and "\x00" not in page
    assert HOSTILE[:20] in seen(page).text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_item_has_its_words_its_outcome_in_words_and_an_icon(example: Example) -> None:
    summary = example.make()
    page = seen(page_html(summary))
    anchors = {attributes["id"] for tag, attributes in page.tags if tag == "details" and "id" in attributes}
    assert anchors == {item.id for item in summary.items}
    assert all(item.words in page.text for item in summary.items)
    symbols = {(a.get("id") or "") for t, a in page.tags if t == "symbol"}
    used = {(a.get("href") or "")[1:] for t, a in page.tags if t == "use"}
    assert used <= symbols


def test_the_finding_the_sample_and_the_next_step_are_there() -> None:
    text = " ".join(seen(page_html(critical(), LINKS)).text.split())
    for words in (
        "3 of 398 sales finalised today",
        "HAR-2026-000123",
        "3 of 3 shown; 398 were looked at",
        "At stake 41.00 EUR",
        "compare them with the receipts",
        "tables sale and sale_line",
        "What to do about health.web",
        "answered at 17:04 by M. Okafor",
        "98.4 % of the time that was observed. Whether the promised 98 % is kept is not certain",
        "web: 8 looks failed.",
        "2 shorter stretches are not shown",
        "Unlocked the account",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("hours", "broke_off", "says"),
    [(-2, False, "not run"), (-2, True, "broke off"), (2, False, "still to come"), (None, False, "not yet run")],
)
def test_a_round_of_the_day_that_has_no_result_says_why(hours: int | None, broke_off: bool, says: str) -> None:
    summary = healthy()
    due = None if hours is None else summary.as_of + timedelta(hours=hours)
    began = summary.as_of - timedelta(hours=2)
    broken = BrokenRound(id="b", round="midday", as_of=began, started=began, last_heard=began)
    entries = [RoundEntry(round="midday", ran=False, due=due)]
    changed = {"rounds": entries, "broken_rounds": [broken] if broke_off else []}
    text = " ".join(seen(page_html(summary.model_copy(update=changed))).text.split())
    assert f"Mid-day round {says}" in text


def test_a_figure_of_nothing_says_so() -> None:
    summary = healthy().model_copy(update={"figures": {"resistance_signs": {}}})
    assert "Signs of resistance none" in " ".join(seen(page_html(summary)).text.split())


def test_figures_are_readable_and_an_unknown_one_is_named_too() -> None:
    summary = healthy().model_copy(update={"figures": {"gowns_fitted": 12, "queue_ms": 7, "sales_amount": None}})
    text = " ".join(seen(page_html(summary)).text.split())
    assert "Gowns fitted 12" in text and "Queue 7 ms" in text and "Sales amount not known" in text


def test_what_is_not_covered_is_said_once_with_its_mend() -> None:
    text = seen(page_html(nothing_covered())).text
    gaps = text[text.index("Coverage") :]
    assert gaps.count("The target file names no way in.") == 1
    assert "Add [web], [api] or [database]" in gaps


def test_when_live_looks_were_made_is_said() -> None:
    assert "live looks were made at 4 Feb 12:00" in seen(page_html(healthy())).text
