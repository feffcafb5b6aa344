"""index.html: the page a manager opens on a phone. One file, no script, nothing from outside.

Every string of the target is hostile: Jinja escapes all of it, a content security policy forbids scripts and
addresses outside, and only paths of our own ever become links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hypercare.charts.chart import TEMPLATES as CHARTS
from hypercare.escalation.incident import Incident
from hypercare.language.texts import translated_page
from hypercare.outcome.durations import short_duration
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.wording import check_words
from hypercare.reports import uptime_words, words
from hypercare.reports.database_use import database_use_words
from hypercare.reports.day_pictures import pictures_of, recent_figures_of
from hypercare.reports.door_matrix import picture_of
from hypercare.reports.figures import figures_of, shown
from hypercare.reports.item_sections import (
    OUTCOME_TONE,
    checks_in_words,
    outcome_in_number,
    sections_of,
    weight_of,
    worst_first,
)
from hypercare.reports.navigation import NavigationLink, navigation_of_report
from hypercare.reports.page_weight import light
from hypercare.reports.plan_form import plan_form
from hypercare.reports.round_gaps import gap_sentences
from hypercare.reports.summary import ItemResult, RoundEntry, Row, Summary
from hypercare.reports.verdict import TONE, open_incidents, response_words, verdict_of
from hypercare.safe_text import visible

_TEMPLATES = Path(__file__).parent / "templates"
_NEEDS_NOBODY = {Outcome.PASSED, Outcome.NOT_COVERED}
# So many open incidents stand as cards; the rest is folded away.
_CARDS = 5


@dataclass(frozen=True)
class FileLink:
    """A file beside the page. `href` is relative to it and made by us."""

    href: str
    name: str
    about: str


@dataclass(frozen=True)
class Links:
    """Where the page leads. `runbook_pages` maps item ids to addresses of their pages, `day_pages` days to those of
    their reports, `tests` ids of checks to their tests in the Allure report, `questions` ids of checks to what they
    asked; `figures` is the page on which each figure says where it comes from, if there is one, and `root` the way to
    the folder with the index of all days.
    """

    files: Sequence[FileLink] = ()
    runbook_pages: Mapping[str, str] | None = None
    day_pages: Mapping[date, str] | None = None
    tests: Mapping[str, str] | None = None
    questions: Mapping[str, str] | None = None
    figures: str = ""
    root: str | None = None

    def runbook(self, item: ItemResult) -> str:
        return (self.runbook_pages or {}).get(item.id, "")

    def test(self, check: str) -> str:
        return (self.tests or {}).get(check, "")

    def asked(self, check: str) -> str:
        return (self.questions or {}).get(check, "")

    def figure(self, name: str, summary: Summary) -> str:
        """Where a figure says which check gave it, and when."""
        return f"{self.figures}#figure-{name}" if self.figures and name in summary.figure_sources else ""


@dataclass(frozen=True)
class Tally:
    outcome: Outcome
    number: int
    words: str
    tone: str


@dataclass(frozen=True)
class Gap:
    """What is not covered for one reason: the words of the items that it keeps back, in whole or in part."""

    reason: str
    remedy: str
    items: Sequence[str]


@dataclass(frozen=True)
class LevelCount:
    name: str
    words: str
    failed: int
    who: str
    respond_within_s: float


def page_html(summary: Summary, links: Links | None = None) -> str:
    """The whole page as text."""
    opened = open_incidents(summary)
    return rendered(
        "index.html.j2",
        summary=summary,
        verdict=verdict_of(summary),
        tones=TONE,
        **page_assets(navigation=navigation_of_report((links or Links()).root)),
        open_incidents=opened,
        cards=opened[:_CARDS],
        more_incidents=opened[_CARDS:],
        form=plan_form(summary),
        over_incidents=[one for one in summary.incidents if not one.is_open],
        attention=_attention(summary, opened),
        levels=_levels(summary),
        tally=_tally(summary),
        figures=[figure for figure in figures_of(summary) if not figure.shares],
        recent_figures=recent_figures_of(summary),
        pictures=pictures_of(summary, links.day_pages if links else None),
        sections=sections_of(light(summary.items)),
        coverage_words=_coverage_words(summary),
        gaps=_gaps(summary),
        round_gaps=gap_sentences(summary),
        database_use=database_use_words(summary.database_use) if summary.database_use else [],
        doors=picture_of(summary.branch_isolation) if summary.branch_isolation else None,
        looks_took=_looks_took(summary),
        looks_at=words.listed(words.short_instant(instant) for instant in summary.live_looks_at),
        meanings=words.OUTCOME_MEANING,
        links=links or Links(),
    )


def _not_run_words(entry: RoundEntry, summary: Summary) -> str:
    """How a round of the day stands that has no result."""
    if any(one.round == entry.round and one.as_of.date() == summary.date for one in summary.broken_rounds):
        return "broke off"
    if entry.due is None:
        return "not yet run"
    return "not run" if entry.due < summary.as_of else "still to come"


def rendered(template: str, **values: object) -> str:
    """A page of this house from its template, in the language of the reports."""
    return translated_page(environment().get_template(template).render(values))


@cache
def environment() -> Environment:
    """How the pages of this house are made: everything is escaped, nothing may be left out."""
    made = Environment(
        loader=FileSystemLoader([_TEMPLATES, CHARTS]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    made.filters.update(filters())
    return made


def filters() -> dict[str, Callable[..., object]]:
    """How values are shown on the pages, by the names that templates have for it."""
    return {
        "cell": _cell,
        "columns": columns_of,
        "duration": short_duration,
        "long_date": words.long_date,
        "looked_at": words.looked_at_words,
        "excepted": words.excepted_words,
        "not_run_words": _not_run_words,
        "number": shown,
        "outcome_words": lambda outcome: words.OUTCOME_WORDS[Outcome(outcome)],
        "promise": words.promise,
        "response": response_words,
        "round_words": words.round_words,
        "short_instant": words.short_instant,
        "slug": lambda outcome: str(outcome).replace(" ", "-"),
        "tone": lambda outcome: OUTCOME_TONE[Outcome(outcome)],
        "bounds": uptime_words.bounds_words,
        "checks_in_words": checks_in_words,
        "counted": words.counted,
        "worst_first": worst_first,
        "check_words": check_words,
        "first_sentence": words.first_sentence,
        "item_words": _item_words,
        "next_step": _next_step,
        "part_name": uptime_words.part_name,
        "part_tone": uptime_words.part_tone,
        "percent": uptime_words.percent_words,
        "promise_kept": uptime_words.promise_words,
        "shares": uptime_words.shares_of,
        "state_tone": uptime_words.state_tone,
        "state_words": uptime_words.state_words,
        "stretch": uptime_words.stretch_words,
        "why": uptime_words.why_words,
    }


def page_assets(*more: str, navigation: Sequence[NavigationLink] = ()) -> dict[str, Any]:
    """What every page carries within itself: its style, to which `more` files are added, icons and navigation."""
    style = Markup("").join(_asset(name) for name in ("page.css", "items.css", "navigation.css", *more))
    charts = Markup((CHARTS / "charts.css").read_text(encoding="utf-8"))
    return {"style": style + charts, "icons": _asset("icons.svg"), "navigation": navigation}


def _finalized(value: object) -> object:
    return visible(value) if type(value) is str else value


def _asset(name: str) -> Markup:
    # Ours, shipped with the package; never a string of the target.
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))


def columns_of(sample: Iterable[Row]) -> list[str]:
    """The columns of all rows, in the order in which they first come."""
    return list(dict.fromkeys(column for row in sample for column in row))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _item_words(item_id: str, summary: Summary) -> str:
    """An item in the plan's words, also one that this round does not carry."""
    return next((item.words for item in summary.items if item.id == item_id and item.words), item_id)


def _next_step(incident: Incident, summary: Summary) -> str:
    """What to do first about an incident: what the gravest of its items that failed says."""
    failed = [one for one in summary.items if one.id in incident.items and one.outcome is Outcome.FAILED]
    return next((one.next_step for one in sorted(failed, key=weight_of) if one.next_step), "")


def _attention(summary: Summary, opened: Sequence[Incident]) -> list[ItemResult]:
    """What no open incident stands for already, the weightiest first."""
    spoken_for = {item_id for incident in opened for item_id in (*incident.items, *incident.blocked)}
    waiting = [item for item in summary.items if item.outcome not in _NEEDS_NOBODY and item.id not in spoken_for]
    return sorted(waiting, key=weight_of)


def _levels(summary: Summary) -> list[LevelCount]:
    failed = [item.level for item in summary.items if item.outcome is Outcome.FAILED]
    counts = []
    for level in sorted(Level, reverse=True):
        promise = summary.levels.get(level)
        who, respond_within_s = (promise.who, promise.respond_within_s) if promise else ("", 0.0)
        counts.append(LevelCount(level.value, level.words, failed.count(level), who, respond_within_s))
    return counts


def _tally(summary: Summary) -> list[Tally]:
    parts = []
    for outcome in Outcome:
        number = summary.counts.get(outcome.value, 0)
        if number:
            text = f"{number} {outcome_in_number(outcome, number)}"
            parts.append(Tally(outcome, number, text, OUTCOME_TONE[outcome]))
    return parts


def _coverage_words(summary: Summary) -> str:
    """Why not every item was looked at, in one line."""
    coverage = summary.coverage
    reasons = {
        Outcome.NOT_COVERED: "not covered",
        Outcome.BLOCKED: "blocked",
        Outcome.MONITOR_FAULT: "kept back by a fault of our own",
        Outcome.AWAITING: "for a person to answer",
    }
    rest = [f"{summary.counts[o]} {text}" for o, text in reasons.items() if summary.counts.get(o)]
    were = "was" if coverage.covered == 1 else "were"
    head = f"{coverage.covered} of {words.counted(coverage.items, 'item')} {were} looked at in the system itself"
    return f"{head}; {words.listed(rest)}." if rest else f"{head}."


def _gaps(summary: Summary) -> list[Gap]:
    words_of = {item.id: item.words or item.id for item in summary.items}
    grouped: dict[tuple[str, str], list[str]] = {}
    for gap in summary.coverage.not_covered:
        part = " (in part)" if gap.partial else ""
        grouped.setdefault((gap.reason, gap.remedy), []).append(f"{words_of.get(gap.id, gap.id)}{part}")
    return [Gap(reason, remedy, items) for (reason, remedy), items in grouped.items()]


def _looks_took(summary: Summary) -> float:
    ran = [entry for entry in summary.rounds if entry.started and entry.finished]
    if ran:
        return sum(_seconds(entry.started, entry.finished) for entry in ran)
    return _seconds(summary.started, summary.finished)


def _seconds(start: datetime | None, end: datetime | None) -> float:
    return max(0.0, (end - start).total_seconds()) if start and end else 0.0
