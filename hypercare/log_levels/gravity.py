"""How grave a record is, by its level or by the number of an error that a database server tells no level of."""

from __future__ import annotations

import re
from enum import IntEnum

# "Error: 17806, Severity: 20, State: 14." in the language of the server.
_SQL_SERVER = re.compile(r"\w{4,8}: \d{3,6}, [^\W\d_]{5,20}: (?P<severity>\d{1,2}), [^\W\d_]{4,9}: \d{1,3}\b")
_ORACLE = re.compile(r"^(?:Errors in file .*|ORA-\d{5})\b")


class Gravity(IntEnum):
    UNSTATED = 0
    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


NAMED = {
    "debug": Gravity.DEBUG,
    "info": Gravity.INFO,
    "warning": Gravity.WARNING,
    "error": Gravity.ERROR,
    "critical": Gravity.CRITICAL,
}


def gravity_by_code(line: str) -> Gravity | None:
    """How grave an error of SQL Server or Oracle is by its number; None where the line tells of none.

    Up to severity 16 of SQL Server an error is one of its user, from 24 on the database itself is damaged.
    """
    if "ORA-" in line[:120] and _ORACLE.match(line):
        return Gravity.ERROR
    match = _SQL_SERVER.search(line[:200]) if line.count(": ", 0, 200) >= 3 else None
    if match is None:
        return None
    severity = int(match["severity"])
    return Gravity.CRITICAL if severity >= 24 else Gravity.ERROR if severity >= 17 else Gravity.WARNING


def is_followed(message: str) -> bool:
    """Whether the words of an error stand in the next record, as SQL Server writes them."""
    return message.endswith(".") and len(message) < 120 and _SQL_SERVER.search(message) is not None
