"""What was seen of errors in a stretch of a log: each kind with its instants, so small that it can be remembered."""

from __future__ import annotations

import base64
import hashlib
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

from hypercare.log_levels.gravity import Gravity

_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HOUR = 3_600_000_000
_MOST_PEOPLE = 100


def microseconds(at: datetime) -> int:
    """An aware instant in microseconds since 1970."""
    return (at - _SINCE) // _MICROSECOND


def instant(number: int) -> datetime:
    """The instant of so many microseconds since 1970."""
    return _SINCE + number * _MICROSECOND


@dataclass(frozen=True)
class ErrorKind:
    """What a record was judged to be. Records of one `fingerprint` may differ in the rest."""

    fingerprint: str
    gravity: Gravity
    by_user: bool
    owner: str


@dataclass
class KindOccurrences:
    """When a kind was seen, in microseconds since 1970, and how its latest record reads.

    `undated` are records that count as written just now; `earliest` is the first time that one of them states. `people`
    are those to whom it happened, by sums that stand for their names, and no more than are worth counting.
    """

    sample: str = ""
    trace_id: str = ""
    place: str = ""
    last: int | None = None
    undated: int = 0
    earliest: int | None = None
    instants: array[int] = field(default_factory=lambda: array("q"))
    people: frozenset[str] = frozenset()


@dataclass
class Occurrences:
    """The kinds of a stretch of a log. `lines` is how many there are of each hour since 1970, `unknown` how often a
    word stood in an hour where levels stand."""

    kinds: dict[ErrorKind, KindOccurrences] = field(default_factory=dict)
    lines: Counter[int] = field(default_factory=Counter)
    unknown: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(len(one.instants) + one.undated for one in self.kinds.values())

    @property
    def newest(self) -> int | None:
        """The latest hour of which it has lines, in microseconds since 1970."""
        return max(self.lines) * _HOUR if self.lines else None

    def add(self, kind: ErrorKind, at: datetime | None, *, recent: bool, says: Sequence[str], person: str = "") -> None:
        """`says` are the sample, the trace and the place of the record."""
        seen = self.kinds.setdefault(kind, KindOccurrences())
        if person and len(seen.people) < _MOST_PEOPLE:
            seen.people |= {hashlib.sha256(person.encode("utf-8", "replace")).hexdigest()[:12]}
        number = None if at is None else microseconds(at)
        if recent or number is None:
            seen.undated += 1
            seen.earliest = number if seen.earliest is None else seen.earliest
        else:
            seen.instants.append(number)
        if recent or number is None or seen.last is None or number >= seen.last:
            seen.last = seen.last if number is None else number
            seen.sample, seen.trace_id, seen.place = says

    def lines_since(self, start: datetime) -> int:
        first = microseconds(start) // _HOUR
        return sum(count for hour, count in self.lines.items() if hour >= first)

    def unknown_since(self, start: datetime) -> Counter[str]:
        first = microseconds(start) // _HOUR
        found: Counter[str] = Counter()
        for (hour, word), count in self.unknown.items():
            found[word] += count if hour >= first else 0
        return +found

    def update(self, other: Occurrences) -> None:
        """Take in those of another stretch of the same log."""
        for kind, seen in other.kinds.items():
            own = self.kinds.setdefault(kind, KindOccurrences())
            own.instants.extend(seen.instants)
            own.undated += seen.undated
            own.people |= seen.people
            if own.last is None or (seen.last is not None and seen.last >= own.last):
                own.last, own.sample, own.trace_id, own.place = seen.last, seen.sample, seen.trace_id, seen.place
        self.lines.update(other.lines)
        self.unknown.update(other.unknown)

    def forget_before(self, start: datetime) -> None:
        """Drop what is older than an instant."""
        first = microseconds(start)
        for seen in self.kinds.values():
            seen.instants = array("q", (number for number in seen.instants if number >= first))
        self.kinds = {kind: seen for kind, seen in self.kinds.items() if seen.instants or seen.undated}
        hour = first // _HOUR
        self.lines = Counter({one: count for one, count in self.lines.items() if one >= hour})
        self.unknown = Counter({one: count for one, count in self.unknown.items() if one[0] >= hour})


def hour_of(at: datetime) -> int:
    """The hour since 1970 that an instant lies in."""
    return microseconds(at) // _HOUR


def hours_between(first: datetime, last: datetime) -> Iterator[datetime]:
    """The full hours after one instant and up to another."""
    for hour in range(hour_of(first) + 1, hour_of(last) + 1):
        yield instant(hour * _HOUR)


def as_json(occurrences: Occurrences) -> dict[str, Any]:
    """As small pieces of JSON, from which `from_json` makes the same."""
    return {
        "kinds": [
            [
                kind.fingerprint, int(kind.gravity), kind.by_user, kind.owner,
                seen.sample, seen.trace_id, seen.place, seen.last, seen.undated, _packed(seen.instants),
                sorted(seen.people),
            ]
            for kind, seen in occurrences.kinds.items()
        ],
        "lines": sorted(occurrences.lines.items()),
        "unknown": [[hour, word, count] for (hour, word), count in occurrences.unknown.items()],
    }  # fmt: skip


def from_json(value: Mapping[str, Any]) -> Occurrences:
    """Raises KeyError, TypeError, ValueError or zlib.error where it is none of ours."""
    found = Occurrences(
        lines=Counter(dict(value["lines"])),
        unknown=Counter({(hour, word): count for hour, word, count in value["unknown"]}),
    )
    for fingerprint, gravity, by_user, owner, sample, trace, place, last, undated, packed, people in value["kinds"]:
        kind = ErrorKind(fingerprint, Gravity(gravity), by_user, owner)
        instants, who = _unpacked(packed), frozenset(people)
        found.kinds[kind] = KindOccurrences(sample, trace, place, last, undated, None, instants, who)
    return found


def _packed(instants: array[int]) -> str:
    ordered = sorted(instants)
    steps = array("q", ordered[:1] + [later - earlier for earlier, later in pairwise(ordered)])
    return base64.b64encode(zlib.compress(steps.tobytes())).decode()


def _unpacked(text: str) -> array[int]:
    steps = array("q")
    steps.frombytes(zlib.decompress(base64.b64decode(text)))
    return array("q", accumulate(steps))
