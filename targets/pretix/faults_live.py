"""What goes wrong in a pretix while it is served: in its pages, in its API, in who may do what."""

from __future__ import annotations

from faultlab.suite_run import Scope
from hypercare.outcome.level import Level
from targets.foreign.faults import LiveFault

L1, L2, L3 = Level.L1, Level.L2, Level.L3
_ORDERS = "^/api/v1/organizers/kultur/orders/$"
_API = frozenset({"perf.response-time", "verify.sales-totals", "verify.branches", "users.login"})
_TEAM = "UPDATE pretixbase_team SET all_events = {flag} WHERE name = 'North Hall sales'"
_PERSON = "UPDATE pretixbase_user SET is_active = {flag} WHERE email = 'check.south.sales@example.com'"

FAULTS = (
    # Nobody can work in the office.
    LiveFault(
        id="the log-in page fails",
        rules=({"path": "^/control/login", "status": 500},),
        noticed_by={"health.web": L3, "users.login": L3},
        # The API is asked as whoever logs in there, and who cannot log in cannot sell.
        may_notice=frozenset({"health.mobile", "perf.mobile", "health.api", "ops.sales", *_API}),
    ),
    # Work goes on beside it.
    LiveFault(
        id="the page of the events fails",
        rules=({"path": "^/control/events/$", "status": 500},),
        noticed_by={"health.web": L2},
        scope=Scope.WEB,
    ),
    LiveFault(
        id="the page of the events is slow",
        rules=({"path": "^/control/events/$", "seconds": 40},),
        noticed_by={"health.web": L2},
        scope=Scope.WEB,
    ),
    # The pages still work, though they look broken.
    LiveFault(
        id="the stylesheets are missing",
        rules=({"path": r"\.css$", "status": 404},),
        noticed_by={"health.web": L2},
        may_notice=frozenset({"health.mobile"}),
        scope=Scope.WEB,
    ),
    # Whatever sells through the API has stopped.
    LiveFault(
        id="the API's orders fail",
        rules=({"path": _ORDERS, "status": 500},),
        noticed_by={"health.api": L3},
        may_notice=_API,
        scope=Scope.API,
    ),
    LiveFault(
        id="the API answers with a page",
        rules=({"path": _ORDERS, "status": 200},),
        noticed_by={"health.api": L3},
        may_notice=_API,
        scope=Scope.API,
    ),
    # What is kept is right; who looks at the list is misled.
    LiveFault(
        id="the API's list is of yesterday",
        rules=({"path": _ORDERS, "stale_hours": 24},),
        noticed_by={"verify.sales-totals": L2},
        may_notice=frozenset({"verify.branches"}),
        scope=Scope.API,
    ),
    LiveFault(
        id="the API's list has other totals",
        rules=({"path": _ORDERS, "replace": ['"total": ?"4', '"total":"94']},),
        noticed_by={"verify.sales-totals": L2},
        scope=Scope.API,
    ),
    # Other people's customers are shown to strangers.
    LiveFault(
        id="people of one venue see the orders of all",
        statements=(_TEAM.format(flag=1),),
        undone_by=(_TEAM.format(flag=0),),
        noticed_by={"verify.branches": L3},
        scope=Scope.API,
    ),
    # One account of three: its person is helped by the user support.
    LiveFault(
        id="one account was switched off",
        statements=(_PERSON.format(flag=0),),
        undone_by=(_PERSON.format(flag=1),),
        noticed_by={"users.login": L1},
        may_notice=frozenset({"verify.branches"}),
        scope=Scope.API,
    ),
    LiveFault(
        id="nothing is served",
        rules=({"path": ".", "status": 503},),
        noticed_by={"health.web": L3, "health.api": L3, "users.login": L3},
        may_notice=frozenset({"health.mobile", "perf.mobile", "ops.sales", *_API}),
    ),
    # Only we are held back: nobody has to be woken.
    LiveFault(id="the API holds us back", rules=({"path": "^/api/", "status": 429},), noticed_by={}, scope=Scope.API),
)
