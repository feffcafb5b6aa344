"""A report in German: every word of ours, no word of the target's, and the same figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from hypercare.language.chosen import speaking
from hypercare.notification.forms import mail, plain_with_title, short
from hypercare.notification.in_language import in_language
from hypercare.notification.message import Facts, Kind, Message
from hypercare.outcome.level import Level
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.page import page_html
from hypercare.target_file.sections import reports
from tests.reports.report_examples import critical, healthy, hostile, issues

ENGLISH = re.compile(r"\b(the|and|were|with|looked|holds|failed|items|rounds|today|answered|since)\b")
# What the examples say themselves, as a target would.
OF_THE_EXAMPLES = re.compile(
    "Unlock|Answer|caps lock|receipt|Comparing|Watch the|web server|was locked|web app|scratch|monitor's|Owner|"
    "Administrator|reported|overdue|Free 300|sales finalised|sum of their lines|tables sale|log-in attempts|Customer|"
    "It holds|8 looks|Map .mapping"
)


class Texts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "script", "code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script", "code", "pre"}

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(" ".join(data.split()))


@pytest.fixture
def _in_german() -> Iterator[None]:
    with speaking("de"):
        yield


@pytest.mark.usefixtures("_in_german")
@pytest.mark.parametrize("example", [healthy, issues, critical])
def test_no_word_of_ours_is_left_in_english(example: object) -> None:
    summary = example()  # type: ignore[operator]
    page = page_html(getattr(summary, "summary", summary))
    assert '<html lang="de">' in page
    left = [text for text in Texts(page).found if ENGLISH.search(text) and not OF_THE_EXAMPLES.search(text)]
    assert not left, left


@pytest.mark.usefixtures("_in_german")
def test_the_text_says_the_plan_s_fields_in_german() -> None:
    text = daily_markdown(critical())
    for field in (
        "## Systemzustand",
        "## Nutzeraktivität",
        "## Betrieb",
        "## Maßnahmen",
        "**Geprüft von**",
        "**Datum**",
    ):
        assert field in text
    assert "- Verfügbarkeit: 8,9 Stunden, 98,4 % (zwischen 97,9 % und 98,9 %; 99,0 % beobachtet)" in text


@pytest.mark.usefixtures("_in_german")
def test_what_the_target_says_stays_and_stays_harmless() -> None:
    page = page_html(hostile())
    assert "<script>alert" not in page and "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_english_is_what_it_was() -> None:
    page = page_html(critical())
    with speaking("en"):
        assert page_html(critical()) == page


@pytest.mark.usefixtures("_in_german")
def test_a_message_is_in_german_and_what_programs_read_is_not() -> None:
    message = Message(
        key="1",
        kind=Kind.INCIDENT,
        target="Rosewood",
        title="Back again, L2",
        line="Back again, L2",
        at=datetime(2026, 1, 15, 9, tzinfo=UTC),
        level=Level.L2,
        blocks=(Facts(rows=(("On it", "Anna, since 15 Jan 09:20"),)),),
        next_step="Nobody has answered yet.",
        data={"title": "Back again, L2"},
    )
    told = in_language(message)
    assert "Wieder da, L2" in plain_with_title(told) and "Kümmert sich: Anna, seit 15. Jan. 09:20" in plain_with_title(
        told
    )
    assert "Noch hat niemand geantwortet." in mail(told) and "Wieder da" in short(told)
    assert told.data == message.data


def test_a_language_that_is_not_installed_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "missing", lambda extra: ["babel"])
    with pytest.raises(ValueError, match=r'needs what is not installed here: pip install "hypercare\[languages\]"'):
        reports.ReportsSection(language="de")
    assert reports.ReportsSection().language == "en"
