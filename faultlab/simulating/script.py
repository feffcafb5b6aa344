"""What goes wrong in the weeks that are lived, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from faultlab.catalogue import fault_named
from faultlab.simulating.moment import Moment, at
from hypercare.outcome.level import Level

SERVER_DOWN = "server down"
PROBER_OFF = "prober off"
ON_PAPER = "on paper: "
LOOKING_BACK = "seen by looking back"

# A life begins where its calendar is worth living: seed 2 crosses the change to winter time, 3 to summer time, 4 the
# end of a year, 5 the 29th of February.
GO_LIVE = {
    1: date(2026, 1, 8),
    2: date(2026, 10, 19),
    3: date(2026, 3, 20),
    4: date(2026, 12, 24),
    5: date(2028, 2, 21),
}


def go_live_of(seed: int) -> date:
    """The first day of a life; seeds beyond those above begin where one of them does."""
    return GO_LIVE[(seed - 1) % len(GO_LIVE) + 1]


@dataclass(frozen=True)
class Trouble:
    """From `begins` until `ends` a fault of the catalogue is in, or one of the things named above is so.

    `noticed_by` are items with their levels, `may_notice` others that have to do with it. `adds` is by how much it
    changes a figure of the day it begins on.
    """

    what: str
    begins: Moment
    ends: Moment
    noticed_by: Mapping[str, Level] = field(default_factory=dict)
    may_notice: frozenset[str] = frozenset()
    adds: Mapping[str, Decimal] = field(default_factory=dict)

    def lasts_at(self, moment: Moment) -> bool:
        return self.begins <= moment < self.ends


def of_fault(name: str, begins: Moment, ends: Moment, **adds: str) -> Trouble:
    """A fault of the catalogue, which says itself who must notice."""
    fault = fault_named(name)
    changed = {figure: Decimal(amount) for figure, amount in adds.items()}
    return Trouble(name, begins, ends, fault.noticed_by, fault.may_notice, changed)


def server_down(begins: Moment, ends: Moment) -> Trouble:
    """The prober's channels are told by its looks; of the midday items one says that no sale can be made."""
    may = {"perf.mobile", "perf.response-time", "ops.production-steps", "health.api", "health.web", "health.mobile"}
    return Trouble(SERVER_DOWN, begins, ends, {"ops.sales": Level.L3}, frozenset(may))


def on_paper(branch: str, day: int) -> tuple[Trouble, Trouble]:
    """The counter of a branch uses paper for a whole day; the next morning its people are missed."""
    may = frozenset({"focus.adoption", "resistance.not-using"})
    used = Trouble(f"{ON_PAPER}{branch}", at(day, 0, 1), at(day + 1, 0, 1), {"ops.sales": Level.L2}, may)
    return used, Trouble(LOOKING_BACK, at(day + 1, 0, 1), at(day + 1, 9, 15), {"users.active": Level.L1})


HEALTHY: Sequence[Trouble] = ()
FOURTEEN_DAYS: Sequence[Trouble] = (
    server_down(at(2, 11), at(2, 14)),
    # The evening adds up for how long it was.
    Trouble(LOOKING_BACK, at(2, 14), at(2, 23), {"focus.downtime": Level.L3}),
    of_fault("slow-for-some", at(3, 11, 30), at(3, 16)),
    of_fault("slow-for-some", at(4, 11, 30), at(4, 16)),
    *on_paper("HAR", 5),
    of_fault("job-failed", at(6, 11), at(7, 8)),
    of_fault("backup-truncated", at(6, 16, 50), at(7, 1)),
    of_fault("password-guessed", at(8, 8, 30), at(8, 16), login_failures="30"),
    of_fault("sale-past-the-application", at(9, 14), at(10, 8), sales_created="1"),
    Trouble(PROBER_OFF, at(10, 12, 30), at(10, 16, 30)),
    of_fault("issue-without-answer", at(12, 11), at(12, 16), issues_reported="1"),
    of_fault("error-never-seen", at(13, 11, 30), at(13, 13)),
)
