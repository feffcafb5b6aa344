"""What every round loads, loaded once: the process that imports this is copied for each round of a fleet."""

from __future__ import annotations

import gc
from importlib import import_module

# Named as text, since nothing here is used. Plug-ins of pytest are not among them: it rewrites them as it loads them.
MODULES = (
    "_pytest.junitxml",
    "pytest",
    "hypercare.database.database",
    "hypercare.escalation.incidents",
    "hypercare.fleet.one_round",
    "hypercare.history.migrating",
    "hypercare.history.opening",
    "hypercare.notification.notifier",
    "hypercare.reports.writer",
    "hypercare.suite.notify",
    "hypercare.suite.publishing",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
)
for _name in MODULES:
    import_module(_name)
# What is never looked at again is never copied.
gc.freeze()
