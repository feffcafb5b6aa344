"""The ways into a target, and the item that answers for each.

A way that is down fails its own item and blocks whatever else needs the way.
"""

from __future__ import annotations

ANSWERS_FOR = {
    "web": "health.web",
    "mobile": "health.mobile",
    "api": "health.api",
    "database": "health.database",
    "logs": "health.logs",
    "backups": "backup.accessible",
    "issues": "issues.reported",
}

# Ways whose names are plural: "the logs do not work".
SEVERAL = frozenset({"logs", "backups", "issues"})
