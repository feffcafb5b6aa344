"""How much of a log is understood, by a sample of it: records with a time, with a level, that tell of a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypercare.logs.record import Record, RecordFormat
from hypercare.logs.requests import looks_like_a_request, request_of
from hypercare.logs.sampling import Sample
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import LogSource

_MOST_RECORDS = 400
_LITTLE_TIME = 0.02
_ENOUGH_LINES = 100
_LITTLE_LEVEL = 0.1
_GOES_ON = (b" ", b"\t", b"at ", b"Caused by", b"Traceback", b"...", b"}", b"{", b")", b"#", b"-", b"*", b"=")


@dataclass(frozen=True)
class Understood:
    """`records` of a sample, and how many of them state what; `unknown` are words that stand where levels stand."""

    source: LogSource
    lines: int = 0
    records: int = 0
    timed: int = 0
    levelled: int = 0
    requests: int = 0
    like_requests: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    numbers: tuple[int, ...] = ()
    quiet_unless_told: bool = False

    @property
    def states_times(self) -> bool:
        """Whether lines can be placed in time, so that they need not be taken for today's."""
        if not self.records:
            return True
        return self.timed > 0 and not (self.lines >= _ENOUGH_LINES and self.timed < _LITTLE_TIME * self.lines)

    @property
    def time_gap(self) -> NotCovered | None:
        if self.states_times:
            return None
        return NotCovered(
            f"{_few(self.timed, self.lines)} of the log {self.source.name} states a time that is understood, so it"
            " cannot be told which are of today.",
            remedy="Say how its lines write the time as [[logs]] time_pattern or time_format (for JSON lines fields ="
            ' { time = "..." }), or have the date written; see docs/how-to-add-a-log-source.md.',
        )

    @property
    def level_gap(self) -> NotCovered | None:
        if not self.records or self.quiet_unless_told:
            return None
        name = self.source.name
        if self.unknown:
            words = ", ".join(word for word, _ in self.unknown.most_common(5))
            if self.numbers and self.levelled == 0:
                return NotCovered(
                    f"The levels in the log {name} are numbers ({words}) on a scale that cannot be told.",
                    remedy='Say so as [[logs]] level_scale ("syslog", "python", ...), or levels = { 40 = "error" }.',
                )
            return NotCovered(
                f"{self.unknown.total():,} of {self.records:,} lines of the log {name} state a level that is not known:"
                f" {words}.",
                remedy=f'Say what it means as [[logs]] levels = {{ "{self.unknown.most_common(1)[0][0]}" = "error" }}.',
            )
        if self.levelled < _LITTLE_LEVEL * self.records:
            return NotCovered(
                f"{_few(self.levelled, self.records)} of the log {name} states a level that is understood, so its"
                " errors cannot be told.",
                remedy='Say where it stands as [[logs]] level_pattern (for JSON lines fields = { level = "..." }) and'
                ' what its words mean as levels; where only errors state one, unstated = "info".',
            )
        return None

    def request_gap(self, lines: int, understood: int, lookalikes: int) -> NotCovered | None:
        """For so many lines of a period, of which so many were understood as requests and others only look like one.

        Where none was, the sample tells whether the period had none or they cannot be read.
        """
        if understood > lookalikes or (
            not understood and not lookalikes and (self.requests or not (lines or self.lines))
        ):
            return None
        name = self.source.name
        if not understood:
            since = (
                f"{lines:,} lines in the log {name} since then" if lines else f"{self.lines:,} lines in the log {name}"
            )
            reason = f"None of the {since} is understood as a request."
        else:
            reason = f"Only {understood:,} of {understood + lookalikes:,} requests in the log {name} are understood."
        return NotCovered(reason, remedy="Say how a line tells of one as [[logs]] pattern; see docs/target-file.md.")

    def scaled(self, lines: int) -> dict[str, int]:
        """The parts of so many lines, as the sample has them."""
        if not self.records:
            return {"with a time": 0, "with a level": 0}
        share = lines / self.records
        return {"with a time": round(self.timed * share), "with a level": round(self.levelled * share)}


def _few(some: int, of: int) -> str:
    return f"None of the {of:,} lines" if some == 0 else f"Only {some:,} of {of:,} lines"


def measured(form: RecordFormat, sample: Sample) -> Understood:
    bodies = list(_bodies(form, sample))
    bare = sum(1 for line in sample.lines if line.strip() and not line.startswith(_GOES_ON))
    chosen = bodies if len(bodies) <= _MOST_RECORDS else [
        bodies[len(bodies) * number // _MOST_RECORDS] for number in range(_MOST_RECORDS)
    ]  # fmt: skip
    timed = levelled = requests = like_requests = 0
    unknown: Counter[str] = Counter()
    understanding = form.understood
    for body in chosen:
        record = form.record(body, "")
        request = request_of(record, form)
        timed += record.timed
        requests += request is not None
        like_requests += request is not None or looks_like_a_request(record)
        levelled += bool(record.gravity) or request is not None
        word = unknown_level(record, form)
        unknown.update([word] if word else [])
    return Understood(
        form.source,
        max(len(chosen), bare if len(bodies) <= _MOST_RECORDS else len(chosen)),
        len(chosen),
        timed,
        levelled,
        requests,
        like_requests,
        unknown,
        understanding.field_levels.numbers if understanding.field_levels.scale is None else (),
        understanding.quiet_unless_told,
    )


def unknown_level(record: Record, form: RecordFormat) -> str | None:
    """What a record states as its level, where that is no level that is known."""
    if record.gravity:
        return None
    understanding = form.understood
    if record.fields:
        return understanding.field_levels.unknown(record.fields)
    return understanding.text_levels.unknown_at_its_place(record.message)


def _bodies(form: RecordFormat, sample: Sample) -> Iterator[bytes]:
    """The records of the sample; where no line begins one, each line that is not indented."""
    lines = [line for line in sample.lines if line.strip(b"\x00\r\n \xef\xbb\xbf")]
    starts = [bool(form.head.match(line)) for line in lines]
    if not any(starts):
        yield from (line for line in lines if not line[:1].isspace())
        return
    body: list[bytes] = []
    for line, begins in zip(lines, starts, strict=True):
        if begins and body:
            yield b"\n".join(body)
            body = []
        if body or begins:
            body.append(line)
    if body:
        yield b"\n".join(body)
