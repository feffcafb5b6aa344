"""How far a log was read and what was seen there, as it is remembered from round to round."""

from __future__ import annotations

import base64
import logging
import zlib
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypercare.log_sources.protocol import Remembering as Remembering
from hypercare.logs import checkpoints, occurrences
from hypercare.logs.checkpoints import Checkpoint
from hypercare.logs.occurrences import Occurrences, microseconds

_LOG = logging.getLogger(__name__)
# A log that has more than so much to tell is not remembered, and read again.
MOST_RECORDS = 200_000
_MOST_KINDS = 2_000
_MOST_WORDS = 200
_MOST_PIECES = 60
_REMEMBERED_FOR = timedelta(days=15)


@dataclass(eq=False)
class PieceState:
    """What was seen of one piece. `newest` is its latest time, in microseconds since 1970.

    `checkpoint` is None for a packed one that is older than what was asked for. `packed` tells a packed one that was
    read to its end and need not be unpacked again.
    """

    seen: Occurrences = field(default_factory=Occurrences)
    checkpoint: Checkpoint | None = None
    packed: tuple[int, ...] | None = None
    newest: int | None = None


@dataclass
class LogState:
    """How far a log was read of what is from `since` on; `key` says all that such a reading depends on.

    Of a log that is fetched, `read_until` is when, `ids` those of entries that may be fetched again, and `owners` whose
    an error is by the source itself, by its fingerprint.
    """

    key: str
    since: datetime
    pieces: list[PieceState] = field(default_factory=list)
    read_until: datetime | None = None
    ids: frozenset[int] = frozenset()
    owners: dict[str, str] = field(default_factory=dict)

    def shortened(self, as_of: datetime) -> LogState:
        """The same without what is too old to be asked for."""
        since = max(self.since, as_of - _REMEMBERED_FOR)
        first = microseconds(since)
        young = [one for one in self.pieces if one.newest is None or one.newest >= first]
        if since > self.since:
            for piece in young:
                piece.seen.forget_before(since)
        return replace(self, since=since, pieces=young[:_MOST_PIECES])


def remember(memory: Remembering, log: str, state: LogState, at: datetime, redacted: Callable[[str], str]) -> None:
    """Put the state of a log into the memory, unless it is large; `redacted` takes secrets out of what a log says."""
    seen = [one.seen for one in state.pieces]
    many = (sum(one.count for one in seen), sum(len(one.kinds) for one in seen), sum(len(one.unknown) for one in seen))
    if any(number > most for number, most in zip(many, (MOST_RECORDS, _MOST_KINDS, _MOST_WORDS), strict=True)):
        _LOG.debug("log %s: too much to be remembered", log)
        return
    if any(redacted(kind.fingerprint) != kind.fingerprint for one in seen for kind in one.kinds):
        _LOG.debug("log %s: not remembered, as its errors hold secrets", log)
        return
    for one in seen:
        for occurrence in one.kinds.values():
            occurrence.sample = redacted(occurrence.sample)
    pieces = [_piece_as_json(one) for one in state.pieces]
    value: dict[str, Any] = {"key": state.key, "since": state.since.isoformat(), "pieces": pieces}
    if state.read_until is not None:
        owners = {print_: redacted(owner) for print_, owner in list(state.owners.items())[-_MOST_KINDS:]}
        value |= {"read_until": state.read_until.isoformat(), "ids": _packed(state.ids), "owners": owners}
    memory.keep(_name(log), value, at)


def recalled(memory: Remembering, log: str) -> LogState | None:
    """What is remembered of a log; None where nothing is, or another version wrote it."""
    value = memory.recall(_name(log))
    if value is None:
        return None
    try:
        pieces = [_piece_from_json(one) for one in value["pieces"]]
        state = LogState(value["key"], datetime.fromisoformat(value["since"]), pieces)
        if "read_until" not in value:
            return state
        until, ids = datetime.fromisoformat(value["read_until"]), _unpacked(value["ids"])
        return replace(state, read_until=until, ids=ids, owners=dict(value["owners"]))
    except (KeyError, TypeError, ValueError, zlib.error):
        return None


def _name(log: str) -> str:
    return f"log: {log}"


def _packed(ids: frozenset[int]) -> str:
    return base64.b64encode(array("q", sorted(ids)).tobytes()).decode()


def _unpacked(text: str) -> frozenset[int]:
    numbers = array("q")
    numbers.frombytes(base64.b64decode(text))
    return frozenset(numbers)


def _piece_as_json(state: PieceState) -> dict[str, Any]:
    return {
        "seen": occurrences.as_json(state.seen),
        "checkpoint": None if state.checkpoint is None else checkpoints.as_json(state.checkpoint),
        "packed": state.packed,
        "newest": state.newest,
    }


def _piece_from_json(value: Mapping[str, Any]) -> PieceState:
    return PieceState(
        occurrences.from_json(value["seen"]),
        None if value["checkpoint"] is None else checkpoints.from_json(value["checkpoint"]),
        None if value["packed"] is None else tuple(value["packed"]),
        value["newest"],
    )
