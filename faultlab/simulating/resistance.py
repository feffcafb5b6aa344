"""A life in which not everybody takes the new system up, and what each evening has to tell of it.

A branch goes back to paper on its fifth day and is won back by the tenth, one person never logs in, and one enters
sales under the day before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from faultlab.simulating.life import Life
from faultlab.simulating.moment import Moment, at

DAYS = 11
# From its eighth day on some of its three sellers are on paper still.
PAPER_BRANCH = "HAR"
ON_PAPER: Mapping[int, tuple[str, ...]] = {
    **dict.fromkeys((5, 6, 7), (PAPER_BRANCH,)),
    8: ("lena.hartmann",),
    9: ("aylin.demir", "clara.voss"),
}
AWAY = "zoe.kaufmann"
# Of the days on which she works, those on which she enters some sales under the day before; and her first day, on which
# she could not remember her password.
BACKDATES, BACKDATES_ON, FORGOT_ON = "mia.schubert", (3, 5, 6, 7), 3
_SALES_BACKDATED, _PASSWORDS_FORGOTTEN = 4, 3
_PAPER, _NEVER, _LATER = "sells without the system", "does not log in", "enters under an earlier day"
_UNDERSTAND, _ADDRESS, _MONITOR, _ESCALATE = "understand", "address", "monitor", "escalate"


@dataclass(frozen=True)
class Sign:
    """What an evening tells of one sign: `next` and `cause` by their first words."""

    sign: str
    who: str
    since: int
    goes_on: str
    next: str
    cause: str


@dataclass(frozen=True)
class Evening:
    """What one evening tells: the signs, what is `gone` by (sign, who, days it lasted), and the items that fail."""

    signs: frozenset[Sign] = frozenset()
    gone: frozenset[tuple[str, str, int]] = frozenset()
    failing: frozenset[str] = frozenset()


def truth() -> Mapping[int, Evening]:
    """By day, what happened, as it has to be told."""
    return {day: _evening(day) for day in range(1, DAYS + 1)}


def _evening(day: int) -> Evening:
    signs = frozenset(_signs(day))
    gone = {9: frozenset({(_LATER, BACKDATES, 6)}), 10: frozenset({(_PAPER, PAPER_BRANCH, 5)})}
    return Evening(signs, gone.get(day, frozenset()), frozenset(_failing(day, signs)))


def _signs(day: int) -> Iterator[Sign]:
    if day >= 3:
        # Her second shift is on the third day.
        goes_on = "new" if day == 3 else "as before"
        yield Sign(_NEVER, AWAY, 3, goes_on, _step(day - 3), "habit, or fear of change")
    if day in BACKDATES_ON:
        yield Sign(_LATER, BACKDATES, 3, "new" if day == 3 else "as before", _step(day - 3), "training")
    if day in ON_PAPER:
        goes_on = {5: "new", 8: "decreases", 9: "decreases"}.get(day, "as before")
        yield Sign(_PAPER, PAPER_BRANCH, 5, goes_on, _step(day - 5), "habit, or fear of change")


def _step(days: int) -> str:
    """The four steps of the plan: two days to understand, two to address, three to monitor, then it is escalated."""
    return next(
        step for least, step in ((7, _ESCALATE), (4, _MONITOR), (2, _ADDRESS), (0, _UNDERSTAND)) if days >= least
    )


def _failing(day: int, signs: frozenset[Sign]) -> Iterator[str]:
    if signs:
        yield "resistance.causes"
    if any(one.sign == _NEVER for one in signs):
        yield "resistance.not-logging-in"
    if day in BACKDATES_ON or PAPER_BRANCH in ON_PAPER.get(day, ()):
        yield "resistance.old-methods"


def live(folder: Path, go_live: date, report: Callable[[str], None] = lambda _: None) -> Mapping[int, Evening]:
    """Live it in a new folder, with a round each evening; what each report tells of resistance, by day."""
    told: dict[int, Evening] = {}
    with Life(folder, 1, go_live) as life:
        for day in range(1, DAYS + 1):
            today = at(day, 0).calendar_day(go_live)
            for who in (*ON_PAPER.get(day, ()), AWAY):
                life.go_on_paper(who, today)
        for day in range(1, DAYS + 1):
            if day == FORGOT_ON:
                life.live_until(at(day, 9, 30))
                life.forget_password(BACKDATES, _PASSWORDS_FORGOTTEN)
            if day in BACKDATES_ON:
                life.live_until(at(day, 16, 55))
                life.backdate(BACKDATES, _SALES_BACKDATED)
            told[day] = _told(life, at(day, 17), go_live)
            report(f"day {day}: {told[day]}")
    return told


def _told(life: Life, evening: Moment, go_live: date) -> Evening:
    life.live_until(evening)
    life.round("evening", browser=False)
    today = evening.calendar_day(go_live)
    written = life.reports / today.isoformat() / "evening" / "summary.json"
    items = {item["id"]: item for item in json.loads(written.read_text(encoding="utf-8"))["items"]}
    checks = items["resistance.causes"]["checks"]
    rows = [row for check in checks for row in check["sample"]]
    return Evening(
        signs=frozenset(_sign(row, go_live) for row in rows),
        gone=frozenset(gone for check in checks if check["outcome"] == "awaiting" for gone in _gone(check["sentence"])),
        failing=frozenset(name for name, item in items.items() if _is_failing(name, item)),
    )


def _is_failing(name: str, item: Mapping[str, Any]) -> bool:
    """Whether the share of a branch that uses the system is too small is told by a check of its own."""
    return name.startswith("resistance.") and name != "resistance.not-using" and item["outcome"] == "failed"


def _sign(row: Mapping[str, Any], go_live: date) -> Sign:
    since = (date.fromisoformat(row["since"]) - go_live).days + 1
    assert date.fromisoformat(row["escalate from"]) == date.fromisoformat(row["since"]) + timedelta(days=7)
    first_word = str(row["next"]).replace(":", " ").replace(",", " ").split()[0]
    who = str(row.get("user") or row["branch"])
    return Sign(row["sign"], who, since, row["goes on"], first_word, row["likely cause"])


def _gone(sentence: str) -> Iterator[tuple[str, str, int]]:
    """The rows that a question shows behind its words."""
    shown = sentence[sentence.rindex("(") + 1 : sentence.rindex(")")]
    for row in shown.split("; "):
        cells = dict(cell.split(": ", 1) for cell in row.split(", "))
        yield cells["sign"], cells.get("user") or cells["branch"], int(cells["days"])
