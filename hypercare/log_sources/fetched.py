"""What a session has fetched of a log that is no file: each question asks for what is new, nothing is kept twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hypercare.log_sources.protocol import Entry, EntrySource, Since, SourceRefused
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import LogSource

# Under which a fetched line of JSON says where it is found again.
PLACE = "_found at"
# A row that was begun before another may be there only after it.
_MAY_COME_LATER = timedelta(minutes=5)


class ArrivalMarks(Protocol):
    """How far the order of arrival had come at some instants of the past."""

    def before(self, instant: datetime) -> int | None:
        """A place in that order behind which all lies that arrived since an instant; None where none is known."""

    def note(self, at: datetime, order: int) -> None:
        """Everything up to a place had arrived at an instant."""


@dataclass(frozen=True)
class FetchedLine:
    """An entry as a line of JSON; `order` as its source has it."""

    id: str
    at: datetime
    line: bytes
    order: int | None = None


class FetchedLog:
    """The entries of one source since an instant, in the order of their times.

    `gap` is why nothing could be fetched though the source is there. Where there were more than `most`, only those
    since `cut` are at hand.
    """

    def __init__(
        self, section: LogSource, source: EntrySource, now: Callable[[], datetime], marks: ArrivalMarks | None = None
    ) -> None:
        self.section = section
        self.source = source
        self.gap: NotCovered | None = None
        self.cut: datetime | None = None
        self.fetched_at: datetime | None = None
        self._now = now
        self._marks = marks
        self._since: datetime | None = None
        self._lines: dict[str, FetchedLine] = {}

    @property
    def where(self) -> str:
        return self.source.where

    @property
    def lines(self) -> Sequence[FetchedLine]:
        return sorted(self._lines.values(), key=lambda line: (line.at, line.id))

    def fetch(self, since: datetime) -> None:
        """Have at hand what there is from an instant on, as of now.

        Raises:
            SourceUnreadable: the source is down.
            MonitorFault: our own network, or a secret of ours, is missing.
        """
        now = self._now()
        start = since
        if self._since is not None and self.fetched_at is not None and since >= self._since and self.gap is None:
            start = max(self._since, self.fetched_at - self.section.late_by)
        else:
            self._since, self._lines, self.cut = since, {}, None
        self.gap = None
        try:
            self._take_in(self.source.entries(Since(start, self._after(start))), start)
        except SourceRefused as refused:
            self.gap = NotCovered(f"The log {self.section.name}: {refused.reason}", remedy=refused.remedy)
        self.fetched_at = now

    def come_since(self, instant: datetime) -> Sequence[FetchedLine]:
        """Of what is at hand, what may have come after all was read that was there at an instant, and not too late."""
        start = instant - self.section.late_by
        if self.section.by != "key":
            return [line for line in self.lines if line.at >= start]
        after = self._after(start)
        return [line for line in self.lines if after is None or line.order is None or line.order > after]

    def gap_since(self, start: datetime) -> NotCovered | None:
        """What of the log since an instant is not at hand, said as a question."""
        if self.gap is not None or self.cut is None or start >= self.cut:
            return self.gap
        return NotCovered(
            f"The log {self.section.name} holds more than {self.section.most:,} entries; those before"
            f" {self.cut.isoformat(timespec='minutes')} were not read.",
            remedy="Narrow what is asked for (a query for errors only), or raise most of that [[logs]] entry.",
        )

    def _after(self, start: datetime) -> int | None:
        if self.section.by != "key" or self._marks is None:
            return None
        return self._marks.before(start - _MAY_COME_LATER)

    def _take_in(self, entries: Iterator[Entry], start: datetime) -> None:
        orders: list[int] = []
        for number, entry in enumerate(entries):
            if number >= self.section.most:
                self.cut = entry.at
                break
            if entry.order is not None:
                orders.append(entry.order)
            elif entry.at < start:
                continue
            self._lines[entry.id] = FetchedLine(entry.id, entry.at, _line(entry), entry.order)
        if orders and self._marks is not None and self.section.by == "key":
            if self._after(start) is None and self.cut is None:
                self._marks.note(start - _MAY_COME_LATER, min(orders) - 1)
            self._marks.note(self._now(), max(orders))


def _line(entry: Entry) -> bytes:
    fields = {"at": entry.at.isoformat(), **{name: one for name, one in entry.fields.items() if name != "at"}}
    return json.dumps({**fields, PLACE: entry.place}, ensure_ascii=False, default=str).encode("utf-8", "replace")
