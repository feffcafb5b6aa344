"""The day's rounds as one: their summary, and what pytest wrote in each of them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hypercare.escalation.incident import Incident
from hypercare.history.recent_days import joined
from hypercare.language.texts import translated_page
from hypercare.plan.rounds import DAILY, DAILY_ROUNDS
from hypercare.reports.database_use import use_of_the_day
from hypercare.reports.gathering import counts_of, coverage_of
from hypercare.reports.status import status_of
from hypercare.reports.summary import ItemResult, RoundEntry, Summary
from hypercare.reports.verdict import TONE, verdict_of
from hypercare.reports.words import round_words

Value = TypeVar("Value")
JUNIT, PYTEST_HTML = "junit.xml", "pytest.html"
_TEMPLATES = Path(__file__).parent / "templates"
_COUNTS = ("tests", "failures", "errors", "skipped")


def daily_summary(
    rounds: Sequence[Summary],
    *,
    order: Sequence[str] = (),
    expected: Sequence[str] = tuple(DAILY_ROUNDS),
    due: Mapping[str, datetime] | None = None,
) -> Summary:
    """Merge the rounds of one business day.

    An item keeps the outcome of its own round; where two rounds carry it, that of the later. Of rounds of one name the
    last counts that looked at all its items, and those after it that looked at some again. Items stand in `order` (ids
    as in the plan), then as they came. Incidents are as the latest round knew them. Rounds of `expected` that have not
    run stand in `rounds` with `ran` false, and when they are `due` where that is known.

    Raises:
        ValueError: there is no round, or they are of different days.
    """
    if not rounds:
        raise ValueError("a daily summary needs at least one round")
    if len({summary.date for summary in rounds}) > 1:
        raise ValueError("the rounds of a daily summary are of one business day")
    ran = not_superseded(rounds)
    newest = ran[-1]
    items = _in_order({item.id: item for summary in ran for item in summary.items}, order)
    incidents = _incidents(ran)
    return newest.model_copy(
        update={
            "round": DAILY,
            "partial": False,
            "started": min(summary.started for summary in ran),
            "finished": max(summary.finished for summary in ran),
            "status": status_of(items, incidents),
            "counts": counts_of(items),
            "coverage": coverage_of(items),
            "figures": {name: value for summary in ran for name, value in summary.figures.items()},
            "series": {name: one for summary in ran for name, one in summary.series.items()},
            "recent_figures": joined([summary.recent_figures for summary in ran]),
            "figure_words": {name: words for summary in ran for name, words in summary.figure_words.items()},
            "figure_sources": {name: one for summary in ran for name, one in summary.figure_sources.items()},
            "items": items,
            "incidents": incidents,
            "uptime": next((summary.uptime for summary in reversed(ran) if summary.uptime), None),
            "uptime_gap": newest.uptime_gap,
            "versions": {name: version for summary in ran for name, version in summary.versions.items()},
            "rounds": _entries(ran, expected, due or {}),
            "broken_rounds": _without_twins([one for summary in ran for one in summary.broken_rounds]),
            "missed_rounds": _without_twins([one for summary in ran for one in summary.missed_rounds]),
            "live_looks_at": sorted({instant for summary in ran for instant in summary.live_looks_at}),
            "actions": _without_twins([action for summary in ran for action in summary.actions]),
            "database_use": use_of_the_day([summary.database_use for summary in ran]),
            "branch_isolation": next((one.branch_isolation for one in reversed(ran) if one.branch_isolation), None),
            "review": next((summary.review for summary in reversed(ran) if summary.review), None),
        }
    )


def _in_order(items: dict[str, ItemResult], order: Sequence[str]) -> list[ItemResult]:
    place = {item_id: number for number, item_id in enumerate(order)}
    return sorted(items.values(), key=lambda item: place.get(item.id, len(place)))


def _incidents(ran: Sequence[Summary]) -> list[Incident]:
    latest = {incident.id: incident for summary in ran for incident in summary.incidents}
    by_opening = sorted(latest.values(), key=lambda incident: incident.opened)
    by_urgency = sorted(by_opening, key=lambda incident: incident.level, reverse=True)
    return sorted(by_urgency, key=lambda incident: not incident.is_open)


def not_superseded(rounds: Sequence[Summary]) -> list[Summary]:
    """Of each name the last round that looked at all its items and those after it, in the order of their instants."""
    found: list[Summary] = []
    for summary in sorted(rounds, key=lambda one: (one.as_of, one.finished)):
        if not summary.partial:
            found = [earlier for earlier in found if earlier.round != summary.round]
        found.append(summary)
    return found


def _entries(ran: Sequence[Summary], expected: Sequence[str], due: Mapping[str, datetime]) -> list[RoundEntry]:
    whole: dict[str, Summary] = {}
    for summary in ran:
        whole.setdefault(summary.round, summary)
    names = [*map(str, expected), *(name for name in whole if name not in expected)]
    return [_entry(name, whole.get(name), due.get(name)) for name in names]


def _entry(name: str, summary: Summary | None, due: datetime | None) -> RoundEntry:
    if summary is None:
        return RoundEntry(round=name, ran=False, due=due)
    return RoundEntry(
        round=name,
        due=due,
        status=summary.status,
        as_of=summary.as_of,
        started=summary.started,
        finished=summary.finished,
        counts=summary.counts,
    )


def _without_twins(values: Sequence[Value]) -> list[Value]:
    unique: list[Value] = []
    for value in values:
        if value not in unique:
            unique.append(value)
    return unique


def gather_round_files(rounds: Sequence[tuple[Summary, Path]], into: Path) -> None:
    """From the folders of the rounds: one junit.xml, and a pytest.html that leads to a copy of each round's.

    Raises:
        OSError: a file cannot be written.
    """
    _gather_junit([(one, folder / JUNIT) for one, folder in rounds if (folder / JUNIT).is_file()], into / JUNIT)
    pages = [(one, folder / PYTEST_HTML) for one, folder in rounds if (folder / PYTEST_HTML).is_file()]
    if not pages:
        return
    numbered = list(enumerate(pages, 1))
    (into / "pytest").mkdir(exist_ok=True)
    copies = [f"{one.round}-{number}.html" if one.partial else f"{one.round}.html" for number, (one, _) in numbered]
    for (_, page), copy in zip(pages, copies, strict=True):
        # It lies a folder deeper than it did, and so does the way back.
        text = page.read_text(encoding="utf-8", errors="replace").replace('href="index.html"', 'href="../index.html"')
        (into / "pytest" / copy).write_text(text, encoding="utf-8")
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    entries = [
        (one, round_words(one.round), verdict_of(one), TONE[one.status], copy)
        for (one, _), copy in zip(pages, copies, strict=True)
    ]
    style = Markup((_TEMPLATES / "page.css").read_text(encoding="utf-8"))
    text = translated_page(environment.get_template("pytest.html.j2").render(entries=entries, style=style))
    (into / PYTEST_HTML).write_text(text, encoding="utf-8")


def _gather_junit(files: Sequence[tuple[Summary, Path]], into: Path) -> None:
    """The suites of all rounds, each named after its round. A file that a killed round left torn is left out."""
    whole = ElementTree.Element("testsuites")
    for summary, path in files:
        try:
            # Written by pytest in a round of our own, which escapes what it quotes; never fetched from the target.
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            continue
        for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
            suite.set("name", f"{suite.get('name', 'pytest')}.{summary.round}")
            suite.attrib.pop("hostname", None)
            whole.append(suite)
    if not len(whole):
        return
    for count in _COUNTS:
        whole.set(count, str(sum(int(suite.get(count, "0")) for suite in whole)))
    ElementTree.ElementTree(whole).write(into, encoding="utf-8", xml_declaration=True)
