"""The logs of application and database as sources: how far each was read, and how many errors it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypercare.logs.errors import Errors
from hypercare.logs.logs import Logs
from hypercare.logs.pieces import LogUnreadable
from hypercare.logs.reading import LogReader
from hypercare.logs.silence import has_spoken, silence_of
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.intake import listening
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.target import Target

UNREADABLE = "cannot be read"


@dataclass(frozen=True)
class SourceRead:
    """One log. Mistakes of people are none of its `errors`; None where they could not be counted. `trouble` is why it
    was not read up to now, empty where it was; `newest` is its last line's time."""

    name: str
    file: str
    lines: int
    newest: datetime | None
    errors: int | None
    trouble: str
    gap: NotCovered | None

    def row(self) -> Row:
        return {
            "log": self.name,
            "trouble": self.trouble,
            "lines": self.lines,
            "errors": "not counted" if self.errors is None else self.errors,
            "last_line": "" if self.newest is None else self.newest.isoformat(timespec="seconds"),
            "file": self.file,
        }


@dataclass(frozen=True)
class SourcesRead:
    """All logs of one kind since the last review; `complete` is False where there were too many errors to read."""

    sources: Sequence[SourceRead]
    complete: bool

    @property
    def lines(self) -> int:
        return sum(one.lines for one in self.sources)

    @property
    def errors(self) -> int | None:
        """How many there are in all that could be read; None where none could."""
        counted = [one.errors for one in self.sources if one.errors is not None]
        return sum(counted) if counted else None

    def behind(self) -> Found:
        """Logs that were not read up to now."""
        rows = [one.row() for one in self.sources if one.trouble]
        return Found.of_rows(rows, where=", ".join(one.file for one in self.sources), of=len(self.sources))

    def require_understood(self) -> None:
        """Raises NotCovered where the lines of a log cannot be placed or judged, or nothing can be read."""
        for one in self.sources:
            if one.gap is not None:
                raise one.gap
        if not self.complete:
            raise NotCovered(
                "The logs hold more errors than can be read in one round.",
                remedy="See what writes so many; a [[log_rules]] entry may say that they are none.",
            )


class LogSources:
    """Asks each log by itself, so that one which is away does not keep the others from being told of."""

    def __init__(self, target: Target, logs: Logs) -> None:
        self._target = target
        self._logs = logs

    def read(self, holds: str, period: Period) -> SourcesRead:
        """The logs that hold this ("application", "database"), for a period that ends now.

        Raises:
            NotCovered: the target file names none.
        """
        chosen = [one for one in self._target.config.logs if one.holds == holds]
        if not chosen:
            raise NotCovered(
                f"No log of the {holds} is named.",
                remedy=f'Name it as [[logs]] in the target file, with holds = "{holds}".',
            )
        readers = {one.name: self._logs.reader(one) for one in self._target.config.logs}
        read = {one.name: self._errors(one.name, period) for one in chosen}
        found = [self._source(readers, name, errors, lines) for name, (errors, lines) in read.items()]
        attach_rows("logs that were read", [one.row() for one in found])
        return SourcesRead(found, all(errors is None or errors.complete for errors, _ in read.values()))

    def _errors(self, name: str, period: Period) -> tuple[Errors | None, int]:
        """What was found in one of them, and how many of its lines were read; None where it cannot be read."""
        with listening() as intakes:
            try:
                errors = self._logs.errors(period, looking_back=timedelta(0), only=name)
            except ChannelDown:
                return None, 0
        return errors, sum(one.read for (log, what), one in intakes.items() if (log, what) == (name, "lines"))

    def _source(self, readers: dict[str, LogReader], name: str, errors: Errors | None, lines: int) -> SourceRead:
        newest, trouble, gap = self._how_far(readers, name)
        groups = None if errors is None else [one for one in errors.groups if not one.by_user]
        return SourceRead(
            name,
            readers[name].pieces.name,
            lines,
            newest,
            None if groups is None else sum(one.count for one in groups),
            trouble,
            gap,
        )

    def _how_far(self, readers: dict[str, LogReader], name: str) -> tuple[datetime | None, str, NotCovered | None]:
        reader = readers[name]
        try:
            gap = reader.understood.time_gap
            if gap is not None:
                return None, "", gap
            newest, spoke = reader.newest(), has_spoken(reader, self._target)
            if not reader.is_current_there() and not spoke:
                return newest, "only older pieces of it are there", None
            others = any(_has_spoken(one, self._target) for key, one in readers.items() if key != name)
            silent = silence_of(reader, self._target, others)
            gap = reader.level_gap or reader.packed_gap(self._target.unreviewed.start)
            return newest, str(silent["trouble"]) if silent else "", gap
        except LogUnreadable as trouble:
            return None, f"{UNREADABLE}: {trouble.reason}", None


def _has_spoken(reader: LogReader, target: Target) -> bool:
    try:
        return has_spoken(reader, target)
    except LogUnreadable:
        return False
