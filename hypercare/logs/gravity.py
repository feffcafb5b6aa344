"""How grave a record is."""

from __future__ import annotations

from enum import IntEnum


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
