"""What comes round every day: shifts, log-ins, the night's and the counter's jobs, day sheets, issues."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from benchmarks.sales_generator.business import ADMINISTRATOR_ID, Business, Counter, User
from benchmarks.sales_generator.rows import NULL, DayClock, Lines, money, seconds
from benchmarks.sales_generator.selling import Sale
from demo_erp.traffic.rota import ROTA_DAYS_AHEAD

A_DAY = 100_000  # ids that a day may use of what it makes many of
_OFFICE = {"owner": ("10:00", "17:30"), "administrator": ("08:30", "17:30")}
_ISSUES = ("Printer in the back is out of toner", "Which discount for a returning bride?", "Label printer jams")


def shifts(business: Business, day: date) -> Iterator[tuple[User, int, int, int]]:
    """Who works on a day, where, and from when to when in seconds since midnight."""
    for user in business.users:
        if user.role in _OFFICE and day.weekday() < 5:
            starts, ends = map(seconds, _OFFICE[user.role])
            yield user, 1, starts, ends
    for counter in business.counters:
        hours = counter.profile.hours.get(day.weekday())
        if hours is None:
            continue
        opens, closes = map(seconds, hours)
        yield counter.manager, counter.id, opens - 900, closes
        for seller in counter.sellers:
            yield seller, counter.id, opens - 900, closes + 1800
        for worker in counter.workers:
            yield worker, counter.id, opens - 1800, closes


class Routine:
    """Writes what one day leaves besides its sales and orders; `now` in seconds since its midnight."""

    def __init__(self, business: Business, index: int, now: int, lines: Lines, notes: list[str]) -> None:
        self.business, self.index, self.now = business, index, now
        self.day = business.day(index)
        self.clock = DayClock(self.day)
        self.lines, self.notes = lines, notes

    def write(self, sales: list[Sale], logged: bool) -> None:
        """`logged` says whether the day's log, jobs and sessions are still kept."""
        self._shifts()
        self._log_ins(logged)
        for counter in self.business.counters:
            if self.day.weekday() in counter.profile.hours:
                self._sheet(counter, sales)
        self._issues()
        if logged:
            self._jobs(sales)

    def _shifts(self) -> None:
        """Those of the first days are all published at the opening, later each two weeks ahead."""
        ahead = range(ROTA_DAYS_AHEAD + 1) if self.index == 0 else (ROTA_DAYS_AHEAD,)
        for further in ahead:
            day = self.day + timedelta(days=further)
            clock, first = DayClock(day), (self.index + further + 1) * 1000
            for number, (user, branch, starts, ends) in enumerate(shifts(self.business, day)):
                self.lines["shifts"].append(f"{first + number}\t{user.id}\t{branch}\t{clock(starts)}\t{clock(ends)}")

    def _log_ins(self, logged: bool) -> None:
        chance = Random(f"log-ins {self.day}")
        first = (self.index + 1) * 1000
        for number, (user, branch, starts, ends) in enumerate(shifts(self.business, self.day)):
            at, wrong = starts + 120 + int(chance.random() * 480), chance.random() < 0.02
            address = f"10.20.{branch}.{number % 200 + 11}"
            if at > self.now:
                continue
            if wrong:
                early = self.clock(at - 20)
                row = f"{first + 500 + number}\t{user.username}\t{user.id}\t0\twrong_password\tweb\t{address}\t{early}"
                self.lines["login_attempts"].append(row)
            row = f"{first + number}\t{user.username}\t{user.id}\t1\t\tweb\t{address}\t{self.clock(at)}"
            self.lines["login_attempts"].append(row)
            if logged:
                self._session(first + number, user, address, at, ends - 60 - number % 60)

    def _session(self, one: int, user: User, address: str, at: int, out: int) -> None:
        begun, expires = self.clock(at), self.clock(min(at + 12 * 3600, 86_399))
        ended = self.clock(out) if out <= self.now else NULL
        self.lines["sessions"].append(f"{one}\t{one:064x}\t{user.id}\tweb\t{address}\t{begun}\t{expires}\t{ended}")
        own = user.branch or NULL
        self.notes.append(f"{begun}\t{user.id}\t{own}\tlogin\tsession\t{one}\tweb\t")
        if out <= self.now:
            self.notes.append(f"{ended}\t{user.id}\t{own}\tlogout\tsession\t{one}\tweb\t")

    def _sheet(self, counter: Counter, sales: list[Sale]) -> None:
        closes = seconds(counter.profile.hours[self.day.weekday()][1])
        at = closes + 900
        if at > self.now:
            return
        own = [sale.cents for sale in sales if sale.counter is counter and sale.void is None]
        one, who = self.index * 4 + counter.place + 1, counter.sellers[self.index % len(counter.sellers)].id
        self.lines["day_sheets"].append(
            f"{one}\t{counter.id}\t{self.day}\t{len(own)}\t{money(sum(own))}\t{self.clock(at)}\t{who}"
        )
        self.notes.append(f"{self.clock(at)}\t{who}\t{counter.id}\tsheet.hand_in\tday_sheet\t{one}\tweb\t")

    def _jobs(self, sales: list[Sale]) -> None:
        first = (self.index + 1) * A_DAY
        for counter in self.business.counters:
            hours = self.day.weekday() in counter.profile.hours
            if not hours:
                continue
            closes = seconds(counter.profile.hours[self.day.weekday()][1])
            for number, (kind, queued, done) in enumerate(
                (("reminder", seconds("07:45"), seconds("08:00")), ("closing", closes + 2700, closes + 2720))
            ):
                about = {"customer_id": 2 + counter.place} if kind == "reminder" else {"branch_id": counter.id}
                self._job(first + counter.place * 2 + number, kind, about, queued, done)
        start = self.business.first_sale(self.index)
        for sale in sales:
            receipt = {"sale_id": sale.id, "number": sale.number}
            self._job(first + 10 + sale.id - start, "receipt", receipt, sale.final, sale.final + 6)

    def _job(self, one: int, kind: str, about: Mapping[str, object], queued: int, done: int) -> None:
        if queued > self.now:
            return
        at, payload = self.clock(queued), json.dumps(about)
        if done > self.now:
            row = f"{one}\t{kind}\tqueued\t{payload}\t{at}\t{at}\t{NULL}\t{NULL}\t0\t"
        else:
            row = f"{one}\t{kind}\tdone\t{payload}\t{at}\t{at}\t{self.clock(done - 1)}\t{self.clock(done)}\t1\t"
        self.lines["jobs"].append(row)

    def _issues(self) -> None:
        for number, counter in enumerate(self.business.counters):
            hours = counter.profile.hours.get(self.day.weekday())
            at = seconds(hours[0]) + 1800 + 600 * number if hours else self.now + 1
            if at > self.now or (self.index + number) % 3:
                continue
            reported, one = self.clock(at), self.index * 4 + number + 1
            responded, resolved = self.clock(at + 300), self.clock(at + 3600)
            state = ("new", "acknowledged", "resolved")[(at + 300 <= self.now) + (at + 3600 <= self.now)]
            classed = state != "new"
            self.lines["issue_reports"].append(
                f"{one}\t{counter.id}\t{counter.sellers[0].id}\t{_ISSUES[number % 3]}\tReported at the counter.\t"
                f"{'question' if classed else NULL}\tnormal\t{state}\t{reported}\t{self.clock(at + 4 * 3600)}\t"
                f"{self.clock(at + 8 * 3600)}\t{responded if classed else NULL}\t"
                f"{ADMINISTRATOR_ID if classed else NULL}\t{resolved if state == 'resolved' else NULL}\t"
                f"{'Answered on the phone.' if state == 'resolved' else ''}"
            )
