"""The signs of resistance that people and branches show today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.backdating import rows_of_backdating
from hypercare.adoption.complaints import rows_of_complaints
from hypercare.adoption.idle import rows_of_only_logged_in
from hypercare.adoption.late_entry import rows_of_entry_in_one_go
from hypercare.adoption.paper import PaperSales, is_on_paper
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import LimitsSection

AWAY, IDLE = "does not log in", "logs in and does not work"
COMPLAINS = "complains"
IN_ONE_GO, ON_PAPER, BACKDATES = "enters the day in one go", "sells without the system", "enters under an earlier day"
_OF_BRANCH = "branch "
SIGNS = (AWAY, IDLE, COMPLAINS, IN_ONE_GO, ON_PAPER, BACKDATES)


class Key(NamedTuple):
    """A sign and who shows it: a person by user name, or a branch where `user` is empty."""

    sign: str
    user: str
    branch: str

    @property
    def text(self) -> str:
        """How it is kept; a person's branch is not in it."""
        return f"{self.sign} | {self.user or _OF_BRANCH + self.branch}"

    @classmethod
    def of_text(cls, text: str) -> Key:
        sign, _, who = text.partition(" | ")
        branch = who.removeprefix(_OF_BRANCH)
        return cls(sign, "", branch) if branch != who else cls(sign, who, "")


@dataclass(frozen=True)
class Shown:
    """A sign of today: `extent` is how grave, more is worse, `words` say how much it is."""

    key: Key
    extent: float = 1.0
    words: str = ""


@dataclass
class Signs:
    """What is `shown` today; `judged_branches` are those of which a sign could be told today, by the sign."""

    shown: list[Shown] = field(default_factory=list)
    judged_branches: dict[str, frozenset[str]] = field(default_factory=dict)


def signs_of_today(
    attendance: Attendance, paper: PaperSales, limits: LimitsSection, since: Mapping[str, date]
) -> Signs:
    """What is seen today; `since` are the days from which on branches are known to sell without the system.

    Raises NotCovered where no sign can be told.
    """
    signs = Signs()
    looks: Mapping[str, Callable[[], Iterator[Shown]]] = {
        AWAY: lambda: _people(AWAY, attendance.rows_of_never_came(limits.active_after)[1], "shifts"),
        IDLE: lambda: _people(IDLE, rows_of_only_logged_in(attendance, limits.work_after)[1], ""),
        COMPLAINS: lambda: _people(COMPLAINS, rows_of_complaints(attendance), "issues"),
        BACKDATES: lambda: _people(BACKDATES, rows_of_backdating(attendance)[1], "under an earlier day"),
        IN_ONE_GO: lambda: _in_one_go(attendance, signs),
        ON_PAPER: lambda: _on_paper(paper, since, signs),
    }
    gaps: list[NotCovered] = []
    for look in looks.values():
        try:
            signs.shown += look()
        except NotCovered as gap:
            gaps.append(gap)
    if len(gaps) == len(looks):
        raise gaps[0]
    return signs


def _people(sign: str, rows: list[dict[str, object]], many: str) -> Iterator[Shown]:
    """People, and branches by their people. That somebody stays away longer and longer is no more than that."""
    for row in rows:
        number = int(str(row[many])) if many else 0
        key = Key(sign, str(row.get("user", "")), str(row.get("branch", "")))
        yield Shown(key, 1.0 if sign in (AWAY, IDLE) else float(number), f"{number} {many}" if many else "")


def _in_one_go(attendance: Attendance, signs: Signs) -> Iterator[Shown]:
    judged, rows = rows_of_entry_in_one_go(attendance.model)
    signs.judged_branches[IN_ONE_GO] = judged
    for row in rows:
        many, sales = int(str(row["in half an hour"])), int(str(row["sales"]))
        yield Shown(Key(IN_ONE_GO, "", str(row["branch"])), many / sales, f"{many} of {sales} sales in half an hour")


def _on_paper(paper: PaperSales, since: Mapping[str, date], signs: Signs) -> Iterator[Shown]:
    judged = paper.of_today(since)
    signs.judged_branches[ON_PAPER] = frozenset(one.branch for one in judged)
    silent = [one for one in judged if is_on_paper(one, already=one.branch in since)]
    if len(silent) == len(judged) and not since:
        return
    for one in silent:
        words = f"{one.entered} sales entered where {one.usual:.0f} are usual"
        yield Shown(Key(ON_PAPER, "", one.branch), one.missing, words)
