"""Logs to measure with: a day's lines of an application, as JSON and plain, some of them errors of ten kinds."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ERRORS = 4_346
_DAYS = 5
_AT_ONCE = 4_000  # lines that are written in one go
_QUIET = (
    "GET /sales/{n} answered 200 in {ms} ms", "POST /sales answered 201 in {ms} ms", "session of user {n} began",
    "order {n} moved on to finished", "price list {n} read in {ms} ms", "mail {n} queued for the customer",
)  # fmt: skip
_WRONG = (
    "cannot print slip of order {n}: the printer does not answer", "payment {n} refused by the terminal",
    "order {n} has no colour", "stock of article {n} is negative", "mail {n} bounced", "export {n} ended early",
    "price of article {n} is missing", "could not save the draft {n}", "scanner {n} sends no code",
    "till {n} answers late: {ms} ms",
)  # fmt: skip
_LOGGERS = ("erp.web", "erp.api.sales", "erp.production.steps", "erp.jobs.mail")


def json_line(at: datetime, level: str, logger: str, message: str, trace: str) -> str:
    """A line as structured loggers write them."""
    line = {
        "at": at.isoformat(timespec="milliseconds"), "level": level, "logger": logger, "message": message,
        "trace_id": trace, "host": "shop-1", "process": 4711,
    }  # fmt: skip
    return json.dumps(line)


def plain_line(at: datetime, level: str, logger: str, message: str, trace: str) -> str:
    """A line as Python's logging writes them."""
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} {level} [{logger}] [{trace}] {message}"


def write_log(path: Path, size: int, form: Callable[..., str], begin: datetime | None = None) -> int:
    """Write about `size` bytes of lines that begin five days ago, or at `begin`, and end now; else always the same.

    Returns:
        how many lines were written, of which `ERRORS` are errors.
    """
    chance = random.Random(4346)
    end = datetime.now(UTC)
    begun = begin or end - timedelta(days=_DAYS)
    lines = size // len(form(end, "INFO", _LOGGERS[1], _QUIET[0].format(n=123456, ms=12), "0" * 32) + "\n")
    step = (end - begun) / lines
    wrong = set(chance.sample(range(lines), min(ERRORS, lines // 100)))
    with path.open("w", encoding="utf-8") as file:
        for first in range(0, lines, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, lines))
            file.writelines(_line(form, begun + step * number, number in wrong, chance) for number in numbers)
    return lines


def _line(form: Callable[..., str], at: datetime, is_wrong: bool, chance: random.Random) -> str:
    level = "ERROR" if is_wrong else "DEBUG" if chance.random() < 0.1 else "INFO"
    message = chance.choice(_WRONG if is_wrong else _QUIET)
    filled = message.format(n=chance.randrange(100_000, 1_000_000), ms=chance.randrange(1, 900))
    return form(at, level, chance.choice(_LOGGERS), filled, f"{chance.getrandbits(128):032x}") + "\n"
