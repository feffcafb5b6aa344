"""What timed out: requests by their status or length, and what the other logs say of waiting in vain."""

from __future__ import annotations

import re
from datetime import timedelta

from hypercare.log_levels.gravity import Gravity
from hypercare.logs.database_words import OF_A_PERSON, WAITED, signs_of_waiting
from hypercare.logs.errors import essence, shortened
from hypercare.logs.record import Record
from hypercare.logs.requests import Request
from hypercare.outcome.durations import milliseconds
from hypercare.outcome.finding import Row

# Lower case; a record that tells of a timeout in English, or by a code, holds at least one of them.
_TIMEOUT_WORDS = (
    b"timeout",
    b"time out",
    b"time-out",
    b"timed out",
    b"timed-out",
    b"timedout",
    b"deadlock",
    b"database is locked",
    b"database table is locked",
    b"40p01",
    b"55p03",
    b"(1205,",
    b"(1213,",
    b"1205 (",
    b"1213 (",
    b"error: 1205",
    b"error: 1213",
)
_WORDS = re.compile(
    r"time[- ]?out|timed[- ]?out|deadlock(?:ed)?\b|database(?: table)? is locked|lock wait"
    # What PostgreSQL, MySQL and MariaDB say by a code in any language: a lock that was not had, a deadlock.
    r"|SQLSTATE\W{0,3}(?:40P01|55P03)\b|\b(?:40P01|55P03):|\((?:1205|1213), |\b1205 \(HY000\)|\b1213 \(40001\)"
    r"|general error: 1205\b|\berror: 1213\b",
    re.IGNORECASE,
)
_STATES = {"40P01", "55P03", "25P03"}
# A person who went to lunch is logged out; that is no trouble.
_OF_A_PERSON = re.compile(
    r"\b(?:user |login |idle )?session\b.{0,40}(?:time[- ]?out|timed[- ]?out)|logged out", re.IGNORECASE
)
_SETTING = re.compile(r"time[- ]?out\w*\s*(?:=|:|set to|is set|configured)\s*\d", re.IGNORECASE)


def signs_of_timeouts(encoding: str) -> tuple[bytes, ...]:
    """What a record that tells of a timeout holds at least one of, in a log of this encoding."""
    return (*_TIMEOUT_WORDS, *signs_of_waiting(encoding))


def timeout_in_request(request: Request, limit: timedelta) -> Row | None:
    too_long = request.duration is not None and request.duration >= limit
    if not request.timed_out and not too_long:
        return None
    took = None if request.duration is None else milliseconds(request.duration)
    return _row(request.record, f"{request.method} {request.route} answered {request.status}", took)


def timeout_in_words(record: Record) -> Row | None:
    """A record that says it waited in vain. What is only told (INFO), set or a person's idle session does not count."""
    if record.gravity in {Gravity.DEBUG, Gravity.INFO}:
        return None
    says = essence(record)
    is_told = _WORDS.search(says) or WAITED.search(says) or str(record.fields.get("state_code") or "") in _STATES
    if not is_told or _OF_A_PERSON.search(says) or OF_A_PERSON.search(says):
        return None
    if record.gravity < Gravity.ERROR and _SETTING.search(says):
        return None
    return _row(record, shortened(says), None)


def long_statement(record: Record, milliseconds_taken: object, limit: timedelta) -> Row | None:
    try:
        took = float(str(milliseconds_taken))
    except ValueError:
        return None
    if took < limit.total_seconds() * 1000:
        return None
    return _row(record, shortened(record.message), round(took))


def _row(record: Record, what: str, took: int | None) -> Row:
    return {
        "at": "" if record.at is None else record.at.isoformat(timespec="seconds"),
        "log": record.source,
        "what": what,
        "took_ms": took,
        "trace": record.trace_id,
        "where": record.place,
    }
