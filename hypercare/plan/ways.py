"""The ways into a target. Which item answers for which is said by the checklist.

A way that is down fails its own item and blocks whatever else needs the way.
"""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    WEB = "web"
    MOBILE = "mobile"
    API = "api"
    DATABASE = "database"
    LOGS = "logs"
    BACKUPS = "backups"
    ISSUES = "issues"


# Ways whose names are plural: "the logs do not work".
SEVERAL = frozenset({Way.LOGS, Way.BACKUPS, Way.ISSUES})
