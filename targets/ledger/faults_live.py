"""What goes wrong in books kept in django-ledger while they are served: in their pages, in who may do what."""

from __future__ import annotations

from faultlab.suite_run import Scope
from hypercare.outcome.level import Level
from targets.foreign.faults import LiveFault

L1, L2, L3 = Level.L1, Level.L2, Level.L3
_PERSON = "UPDATE auth_user SET is_active = {flag} WHERE username = 'check.south.clerk'"
_ALL = "UPDATE auth_user SET is_active = {flag} WHERE username LIKE 'check.%%'"
_PHONE = frozenset({"health.mobile", "perf.mobile"})
# It has no declared API but its log-in, which its pages share.
_LOG_IN = frozenset({"health.api", "users.login", "ops.sales"})

FAULTS = (
    # Nobody can work.
    LiveFault(
        id="the log-in page fails",
        rules=({"path": "^/ledger/auth/login", "status": 500},),
        noticed_by={"health.web": L3, "users.login": L3},
        may_notice=_PHONE | _LOG_IN,
    ),
    # Whoever comes in stands before it.
    LiveFault(
        id="the start page fails",
        rules=({"path": "^/ledger/home/my-dashboard/$", "status": 500},),
        noticed_by={"users.login": L3},
        may_notice=_PHONE | _LOG_IN | {"health.web"},
        scope=Scope.WEB,
    ),
    LiveFault(
        id="the start page is slow",
        rules=({"path": "^/ledger/home/my-dashboard/$", "seconds": 40},),
        noticed_by={"health.web": L3},
        may_notice=_PHONE | _LOG_IN,
        scope=Scope.WEB,
    ),
    # The pages still work, though they look broken.
    LiveFault(
        id="the stylesheets and scripts are missing",
        rules=({"path": r"^/static/.*\.(css|js)$", "status": 404},),
        noticed_by={"health.web": L2},
        may_notice=_PHONE,
        scope=Scope.WEB,
    ),
    LiveFault(
        id="nobody of those who try is let in",
        statements=(_ALL.format(flag="false"),),
        undone_by=(_ALL.format(flag="true"),),
        noticed_by={"users.login": L3},
        may_notice=_PHONE | {"health.web", "ops.sales"},
        scope=Scope.CLIENTS,
    ),
    LiveFault(
        id="nothing is served",
        rules=({"path": ".", "status": 503},),
        noticed_by={"health.web": L3},
        may_notice=_PHONE | _LOG_IN,
    ),
)
