"""The logs of the target as the checks speak of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from hypercare.logs.errors import ErrorCollector, ErrorJudge, Errors
from hypercare.logs.filters import ByteFilter, holding, may_be_errors, or_holding
from hypercare.logs.gaps import require_none
from hypercare.logs.incremental import Reading
from hypercare.logs.log_state import Remembering
from hypercare.logs.occurrences import ErrorKind
from hypercare.logs.own_statements import NO_STATEMENTS, OwnStatements, own_statements
from hypercare.logs.readers import LogReaders, note_intake, translated, unless_remote_is_down
from hypercare.logs.reading import DISORDER, LogReader, Window
from hypercare.logs.reading_key import reading_key
from hypercare.logs.record import Record
from hypercare.logs.refused_writes import RefusedWrites
from hypercare.logs.request_pass import RequestPass
from hypercare.logs.request_use import RequestUse
from hypercare.logs.requests import Request, Requests, looks_like_a_request, request_of
from hypercare.logs.silence import clock_trouble_of, has_spoken, silence_counts, silence_of
from hypercare.logs.timeouts import long_statement, signs_of_timeouts, timeout_in_words
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from hypercare.database.database import Database

LOOKING_BACK = timedelta(days=7)
_LAST_DAY = timedelta(days=1)
_ANY = ("application", "access", "database")


class Logs:
    """Reads the target's logs. Each question looks again, but what was read of errors is not read a second time.

    A `memory` holds that from round to round. Every question raises NotCovered when no such log is configured and
    ChannelDown when one cannot be read.
    """

    def __init__(
        self,
        target: Target,
        memory: Remembering | None = None,
        database: Callable[[], Database] | None = None,
    ) -> None:
        self._target = target
        self._readers = LogReaders(target, memory, database)
        self._passes: dict[tuple[Period, timedelta], RequestPass] = {}

    def reader(self, source: LogSource) -> LogReader:
        """A reader of one log for whoever asks of it by itself. Its questions may raise LogUnreadable."""
        return self._readers.of(source)

    def close(self) -> None:
        self._readers.close()

    @property
    def names(self) -> str:
        return ", ".join(source.name for source in self._target.config.logs)

    def errors(self, period: Period, *, looking_back: timedelta = LOOKING_BACK, only: str = "") -> Errors:
        """The errors of a period in all logs, or in `only` one, grouped and classed with what the days before know of
        them.

        A log server that is down keeps nobody from hearing of what the others tell: it is told last.
        """
        window = self._window(Period(period.start - looking_back, period.end))
        collector = ErrorCollector(self._target.calendar, period, window)
        complete = True
        gaps: list[NotCovered] = []
        down: list[ChannelDown] = []
        readers = [one for one in self._readers.each("application", "database") if only in {"", one.source.name}]
        if not readers:
            raise NotCovered(
                "no log of the target tells of errors: only access logs are named",
                remedy='Name that of the application as [[logs]], or of its database with holds = "database".',
            )
        for reader in readers:
            with unless_remote_is_down(reader, down), translated(reader):
                gap = reader.understood.time_gap
                if gap is None:
                    reading = self._errors_in(reader, window)
                    collector.add(reader.source.name, reading.pieces, reading.owners)
                    complete = complete and reading.complete
                    gap = reader.level_gap
                note_intake(reader)
                gaps += [one for one in (gap, reader.packed_gap(window.start)) if one is not None]
        recurring_from = self._target.config.limits.recurring_from
        errors = collector.errors(self.names, recurring_from, complete=complete, gaps=gaps)
        errors = replace(errors, down=next(iter(down), None))
        if not errors.groups and errors.down is not None:
            raise errors.down
        attach_rows("errors", errors.rows())
        return errors

    def _errors_in(self, reader: LogReader, window: Window) -> Reading:
        """What is known of the errors in a log by now, of which only what is new is read."""
        config, target = self._target.config, self._target
        today = target.calendar.date_of(target.as_of)
        known_errors = [one for one in config.known_errors if one.until is None or today <= one.until]
        judge = ErrorJudge(config.log_rules, known_errors)
        in_database = reader.source.holds == "database"
        own = self._own_statements(reader)

        def judged(record: Record) -> tuple[ErrorKind, str] | None:
            return None if own.hold(record) else judge.kind(record, in_database=in_database)

        key = reading_key(reader, config.log_rules, known_errors, own)

        def chosen() -> ByteFilter | None:
            said = [rule.says for rule in config.log_rules]
            return or_holding(may_be_errors(reader.understanding), said, reader.understanding)

        reading = self._readers.errors_in(reader, key, self._widest(window), chosen, judged)
        reader.tally.lines = sum(seen.lines_since(window.start - DISORDER) for _, seen in reading.pieces)
        for _, seen in reading.pieces:
            reader.tally.unknown.update(seen.unknown_since(window.start))
        return reading

    def _widest(self, window: Window) -> Window:
        """One that holds what any question of this round looks back to, so that it is read once."""
        if self._target.is_replay:
            return window
        periods = (self._target.today, self._target.unreviewed, self._target.since_last_round)
        return replace(window, start=min([window.start, *(one.start - LOOKING_BACK for one in periods)]))

    def requests(self, period: Period) -> Requests:
        """How long the requests of a period took, by route and channel, without those of trial users and of probers.

        Raises NotCovered when no line of a log that should tell of requests is understood as one.
        """
        one = self._request_pass("figures", period)
        requests = one.requests
        if not requests.understood:
            require_none(requests.gaps)
        attach_rows("requests by route", [route.row() for route in requests.by_route()])
        return requests

    def each_request(
        self,
        period: Period,
        requests: Requests,
        note_read: Callable[[str, int, int], None],
        is_enough: Callable[[Request], bool] = lambda _: False,
    ) -> Iterator[Request]:
        """The requests of a period, log by log; each log in pieces, the newest first, and each piece in order.

        How many lines were understood, and which logs do not say what was requested, is noted in `requests`; how much
        of each was read is told to `note_read`: its name, lines, and how many of them were understood. A log is read no
        further once `is_enough` says so of its next request.
        """
        window = self._window(period)
        readers = [one for one in self._readers.each(*_ANY) if one.source.tells_of_requests]
        if not readers:
            raise NotCovered(
                "no log of the target tells of requests",
                remedy='Name one as [[logs]] with holds = "access", or with a pattern for the lines that tell of them.',
            )
        for reader in readers:
            with translated(reader):
                gap = reader.understood.time_gap
                if gap is not None:
                    requests.gaps.append(gap)
                    note_read(reader.source.name, reader.understood.lines, 0)
                    continue
                lines = understood = lookalikes = 0
                for record in reader.records(window):
                    lines += 1
                    request = request_of(record, reader.form)
                    if request is None:
                        lookalikes += looks_like_a_request(record)
                        continue
                    if is_enough(request):
                        break
                    understood += 1
                    yield request
                requests.lines += lines
                requests.understood += understood
                note_read(reader.source.name, lines, understood)
                both = reader.understood.request_gap(lines, understood, lookalikes), reader.packed_gap(period.start)
                requests.gaps += [gap for gap in both if gap is not None]

    def each_record(self, period: Period, signs: Sequence[bytes], gaps: list[NotCovered]) -> Iterator[Record]:
        """What the logs of application and database say in a period that holds any of `signs` (small ASCII letters),
        without what tells of our own statements; `gaps` are of logs whose lines cannot be placed in time."""
        window = self._window(period)
        readers = list(self._readers.each("application", "database"))
        if not readers:
            raise NotCovered(
                "no log of the application or of its database is named",
                remedy="Name one as [[logs]] in the target file.",
            )
        for reader in readers:
            with translated(reader):
                gap = reader.understood.time_gap
                if gap is not None:
                    gaps.append(gap)
                else:
                    yield from self._of_the_target(reader, reader.records(window, holding(signs)))
                    gap = reader.pieces.gap_since(window.start)
                    gaps += [gap] if gap is not None else []
                note_intake(reader)

    def use(self, period: Period, question: str) -> RequestUse:
        """Who asked for what in a period, and what was refused, without trial users and probers.

        `question` is a name of its own: one that asks again wants a new reading.

        Raises NotCovered when no line of a log that should tell of requests is understood as one.
        """
        one = self._request_pass(question, period)
        if not one.requests.understood:
            require_none(one.requests.gaps)
        return one.use

    def failed_requests(self, period: Period) -> Found:
        """Requests that the system answered with a server error (status 500 to 599)."""
        one = self._request_pass("failed", period)
        if not one.failed.count:
            require_none(one.requests.gaps)
        return one.found(one.failed)

    def refused_writes(self) -> Found:
        """Requests that save something and fail in the server now, though they were taken earlier in the last day.

        Raises NotCovered when the logs tell of no such request at all.
        """
        now = self._target.as_of
        period = Period(now - _LAST_DAY, now)
        requests = Requests(self._logs_of_requests)
        writes = RefusedWrites(period, self._logs_of_requests)
        for request in self.each_request(period, requests, _took_in_requests):
            writes.add(request)
        if not requests.understood:
            require_none(requests.gaps)
        return writes.found()

    def timeouts(self, period: Period, *, limit: timedelta, statement_limit: timedelta) -> Found:
        """Requests and statements that timed out or took longer than their limit, in all logs."""
        gaps: list[NotCovered] = []
        parts: list[Found] = []
        if any(source.tells_of_requests for source in self._target.config.logs):
            one = self._request_pass("timeouts", period, limit)
            gaps += one.requests.gaps
            parts.append(one.found(one.timed_out))
        parts.append(Found.of_rows(self._timeouts(period, statement_limit, gaps), where=self.names))
        sample = [row for part in parts for row in (*part.sample, *part.more)]
        found = Found(count=sum(part.count for part in parts), sample=sample, where=self.names)
        attach_rows("timeouts", found.sample)
        if not found.count:
            require_none(gaps)
        return found

    def silent(self) -> Found:
        """Logs that say nothing although the business is open."""
        readers = list(self._readers.each(*_ANY))
        written_logs: dict[str, bool] = {}
        for reader in readers:
            with translated(reader):
                written_logs[reader.source.name] = has_spoken(reader, self._target)

        def judged(reader: LogReader) -> Row | None:
            others = any(has_written for name, has_written in written_logs.items() if name != reader.source.name)
            return silence_of(reader, self._target, others)

        found = self._each_timed(readers, judged)
        empty = [one.source.name for one in readers if silence_counts(one.source) and not one.understood.lines]
        if empty and not found.count:
            raise NotCovered(
                f"The log {empty[0]} holds no line, so nothing tells whether it is still written.",
                remedy="Set silent_after of the log, if there is always something to write.",
            )
        return found

    def with_wrong_clock(self) -> Found:
        """Logs whose times cannot be right."""
        readers = list(self._readers.each(*_ANY))
        return self._each_timed(readers, lambda reader: clock_trouble_of(reader, self._target))

    def gone(self) -> Found:
        """Logs that stand only as rotated pieces, with nothing new for as long as people worked."""

        def judged(reader: LogReader) -> Row | None:
            if reader.is_current_there() or has_spoken(reader, self._target):
                return None
            return {"log": reader.source.name, "file": reader.pieces.name, "trouble": "is not there"}

        return self._each(list(self._readers.each(*_ANY)), judged)

    def _each(self, readers: list[LogReader], judged: Callable[[LogReader], Row | None]) -> Found:
        rows: list[Row] = []
        for reader in readers:
            with translated(reader):
                row = judged(reader)
            if row is not None:
                rows.append(row)
        return Found.of_rows(rows, where=self.names, of=len(readers))

    def _each_timed(self, readers: list[LogReader], judged: Callable[[LogReader], Row | None]) -> Found:
        """As `_each`, of logs whose lines can be placed in time; raises NotCovered when others are all that is left."""
        gaps: dict[str, NotCovered] = {}
        for reader in readers:
            with translated(reader):
                gap = reader.understood.time_gap
                note_intake(reader)
            if gap is not None:
                gaps[reader.source.name] = gap
        found = self._each([reader for reader in readers if reader.source.name not in gaps], judged)
        if not found.count:
            require_none(gaps.values())
        return found

    def _request_pass(self, question: str, period: Period, limit: timedelta | None = None) -> RequestPass:
        """One reading of the requests of a period for all questions, and another for one that asks again."""
        limit = limit or self._target.config.limits.request_timeout
        key = (period, limit)
        one = self._passes.get(key)
        if one is None or question in one.asked:
            one = RequestPass(Requests(self._logs_of_requests), self._target.config.canary.users, limit)
            for request in self.each_request(period, one.requests, one.note_read):
                one.add(request)
            self._passes[key] = one
        one.asked.add(question)
        one.tell_what_was_read()
        return one

    def _timeouts(self, period: Period, statement_limit: timedelta, gaps: list[NotCovered]) -> Iterator[Row]:
        window = self._window(period)
        for reader in self._readers.each("application", "database"):
            is_database = reader.source.holds == "database"
            with translated(reader):
                gap = reader.understood.time_gap
                note_intake(reader)
                if gap is not None:
                    gaps.append(gap)
                    continue
                chosen = None if is_database else holding(signs_of_timeouts(reader.understanding.parts_encoding))
                for record in self._of_the_target(reader, reader.records(window, chosen)):
                    row = timeout_in_words(record)
                    if row is None and is_database:
                        row = long_statement(record, reader.form.value(record.fields, "duration_ms"), statement_limit)
                    if row is not None:
                        yield row
                gap = reader.packed_gap(period.start)
                gaps += [gap] if gap is not None else []

    def _of_the_target(self, reader: LogReader, records: Iterator[Record]) -> Iterator[Record]:
        """Without what a database's log tells of our own statements."""
        own = self._own_statements(reader)
        yield from (record for record in records if not own.hold(record))

    def _own_statements(self, reader: LogReader) -> OwnStatements:
        if reader.source.holds != "database":
            return NO_STATEMENTS
        database = self._target.config.database
        return own_statements(make_url(database.url).username if database else None, reader.sample_lines)

    @property
    def _logs_of_requests(self) -> str:
        return ", ".join(source.name for source in self._target.config.logs if source.tells_of_requests)

    def _window(self, period: Period) -> Window:
        """A period that reaches the present has no end: what arrives during the look belongs to it."""
        target = self._target
        reaches_present = period.end >= target.as_of and not target.is_replay
        return Window(period.start, None if reaches_present else period.end, self._target.worked_on)


def _took_in_requests(log: str, lines: int, understood: int) -> None:
    """Tell how much of a log of requests was read."""
    took_in(log, "requests", lines, understood)
