"""What was lived, written down: a file a life for programs, and one page of all of them for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from faultlab.simulating.week_results import Weeks

SUMMARY = "weeks.md"
_ORDER = ("passed", "awaiting", "not covered", "failed", "flaky", "blocked", "monitor fault")


def write_life(weeks: Weeks, out: Path, script: str, on: date) -> Path:
    """Write a life down as `script`-`seed`.json."""
    out.mkdir(parents=True, exist_ok=True)
    written = out / f"{script}-{weeks.seed}.json"
    data = {"script": script, "date": on.isoformat(), **weeks.as_dict()}
    written.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return written


def summarise(out: Path) -> Path:
    """Write the page about all lives that lie in a folder."""
    lives = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.glob("*-*.json"))]
    page = out / SUMMARY
    page.write_text("\n".join(_lines(lives)) + "\n", encoding="utf-8")
    return page


def _lines(lives: list[Mapping[str, Any]]) -> Iterator[str]:
    yield "# The first weeks, lived"
    yield ""
    rounds, differences = (sum(_length(life[name]) for life in lives) for name in ("rounds", "differences"))
    days = sorted({life["date"] for life in lives})
    verdict = "nothing was said that is not so" if not differences else f"{differences} differences from the truth"
    yield f"{len(lives)} lives with {rounds} rounds, {' and '.join(days)}: {verdict}."
    yield ""
    yield "| life | begins | days | rounds | looks | outcomes | asked of people | differences | minutes |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for life in lives:
        row = (f"{life['script']}, seed {life['seed']}", life["go_live"], life["days"], life["rounds"], life["looks"])
        asked = f"{sum(life['asked'].values()) / life['days']:.1f} a day"
        more = (_outcomes(life["outcomes"]), asked, len(life["differences"]), f"{life['took_s'] / 60:.0f}")
        yield f"| {' | '.join(map(str, (*row, *more)))} |"
    yield from _asked(lives)
    for life in lives:
        yield from _story(life)


def _asked(lives: list[Mapping[str, Any]]) -> Iterator[str]:
    """Which line asked somebody something on how many days, of all lives."""
    days = Counter[str]()
    for life in lives:
        days.update(life["asked"])
    rows: list[Mapping[str, Any]] = [{"line": name, "days of all lives": many} for name, many in days.most_common()]
    yield from _table("Asked of people", ("line", "days of all lives"), rows)


def _length(value: int | list[Any]) -> int:
    return value if isinstance(value, int) else len(value)


def _outcomes(counts: Mapping[str, int]) -> str:
    counter = Counter(counts)
    return ", ".join(f"{counter[name]} {name}" for name in _ORDER if counter[name])


def _story(life: Mapping[str, Any]) -> Iterator[str]:
    """What differs; and of a life with troubles, or in which something differs, everything told beside the truth."""
    if not (life["troubles"] or life["differences"]):
        return
    yield from ("", f"## {life['script'].capitalize()}, seed {life['seed']}")
    if life["differences"]:
        yield from ("", "Differences from the truth:", "", *(f"- {one}" for one in life["differences"]))
    yield from _table("Troubles", ("from", "to", "what", "to be noticed by"), life["troubles"])
    yield from _table("Incidents", ("what", "level", "since", "until", "is true"), life["incidents"])
    yield from _table("Uptime", ("of", "told", "true", "up_s", "down_s", "unknown_s"), life["uptime"])
    yield from _table("Sums of the weeks", ("week", "figure", "told", "true"), life["sums"])


def _table(title: str, columns: tuple[str, ...], rows: list[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield from ("", f"### {title}", "", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|")
    for row in rows:
        yield f"| {' | '.join(str(row[name]) for name in columns)} |"
