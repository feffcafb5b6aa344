"""What timed out: requests by their status or length, and what the other logs say of waiting in vain."""

from __future__ import annotations

import re
from datetime import timedelta

from hypercare.target.listed import Row
from hypercare.target.logs.errors import essence, shortened
from hypercare.target.logs.gravity import Gravity
from hypercare.target.logs.record import Record
from hypercare.target.logs.requests import Request, milliseconds

# Lower case; a record that tells of a timeout holds at least one of them.
TIMEOUT_WORDS = (
    b"timeout",
    b"time out",
    b"time-out",
    b"timed out",
    b"timed-out",
    b"timedout",
    b"deadlock",
    b"database is locked",
    b"database table is locked",
)
_WORDS = re.compile(
    r"time[- ]?out|timed[- ]?out|deadlock(?:ed)?\b|database(?: table)? is locked|lock wait", re.IGNORECASE
)
# A person who went to lunch is logged out; that is no trouble.
_OF_A_PERSON = re.compile(
    r"\b(?:user |login |idle )?session\b.{0,40}(?:time[- ]?out|timed[- ]?out)|logged out", re.IGNORECASE
)
_SETTING = re.compile(r"time[- ]?out\w*\s*(?:=|:|set to|is set|configured)\s*\d", re.IGNORECASE)


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
    if not _WORDS.search(says) or _OF_A_PERSON.search(says):
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
