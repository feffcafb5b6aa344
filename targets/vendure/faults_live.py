"""What goes wrong with a Vendure that is served: before it (a gateway spoils what passes), in it, and with its people."""

# ruff: noqa: E501 - one of a kind on a line

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from faultlab.gateway.spoiling import EVERYTHING, instead, slowed
from faultlab.suite_run import Scope
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level
from targets.foreign.faults import ForeignFault, PutIn, nothing, sql

L1, L2, L3 = Level.L1, Level.L2, Level.L3
API, WEB, PHONE, LOG_IN, SPEED = "health.api", "health.web", "health.mobile", "users.login", "perf.response-time"
TOTALS, BRANCHES = "verify.sales-totals", "verify.branches"
_ADMIN = "/admin-api"
_OF_SOUTH = "(SELECT userId FROM administrator WHERE emailAddress = 'check.south.sales')"


def before(id_: str, spoil: Spoil, noticed_by: Mapping[str, Level], *may: str) -> ForeignFault:
    return replace(in_system(id_, nothing, noticed_by, *may), spoil=spoil)


def in_system(id_: str, put_in: PutIn, noticed_by: Mapping[str, Level], *may: str) -> ForeignFault:
    return ForeignFault(
        id=id_, put_in=put_in, noticed_by=noticed_by, may_notice=frozenset(may), scope=Scope.CLIENTS, serves=True
    )


def asking(word: str, change: Callable[[Any], Any]) -> Spoil:
    """The answer to GraphQL questions that hold a word, changed."""

    def spoil(request: Request, ask: Ask) -> Answer | None:
        answer = ask(request)
        meant = request.method == "POST" and word.encode() in request.body and answer.status == 200
        return answer.with_json(change(answer.json())) if meant else answer

    return spoil


def _refused(word: str, answer: Answer) -> Spoil:
    """This answer in place of the system's to GraphQL questions that hold a word."""
    return lambda request, ask: answer if word.encode() in request.body else ask(request)


def _slow(word: str, seconds: float) -> Spoil:
    def spoil(request: Request, ask: Ask) -> Answer | None:
        if word.encode() in request.body:
            time.sleep(seconds)
        return ask(request)

    return spoil


def _as_hours_ago(answer: Any) -> Any:
    """As a cache gives it that was filled before the newest thirty orders."""
    orders = (answer.get("data") or {}).get("orders")
    if orders:
        orders["items"] = orders["items"][30:]
    return answer


def _some_totals_twice(answer: Any) -> Any:
    """All of them would be totals of another kind: with tax and without."""
    for order in ((answer.get("data") or {}).get("orders") or {}).get("items", [])[::4]:
        if "totalWithTax" in order:
            order["totalWithTax"] *= 2
    return answer


def _somebody_else(answer: Any) -> Any:
    me = (answer.get("data") or {}).get("me")
    if me:
        me["identifier"] = "somebody.else"
    return answer


_BAD_GATEWAY = Answer.of_page("<h1>502 Bad Gateway</h1>", 502)
LIVE = (
    before("everything is answered with 429", instead(EVERYTHING, Answer(429)), {}),
    before(
        "the server is behind a gateway that finds it no more",
        instead(EVERYTHING, _BAD_GATEWAY),
        {WEB: L3, API: L3},
        PHONE,
        LOG_IN,
        SPEED,
    ),
    before("the look at its own health answers 502", instead("/health", _BAD_GATEWAY), {API: L3}),
    before(
        "the administration's API answers 502, its pages come",
        instead(_ADMIN, _BAD_GATEWAY),
        {LOG_IN: L3, API: L3},
        WEB,
        PHONE,
        SPEED,
    ),
    before(
        "orders cannot be listed in the API",
        _refused("orders(", Answer.of_json({"errors": [{"message": "Unknown column"}], "data": None})),
        {API: L3},
        WEB,
        PHONE,
    ),
    before("the look of the pages is missing", instead(r"/admin/styles.*\.css", Answer(404)), {WEB: L2}, PHONE),
    before(
        "the administration's own script is missing",
        instead(r"/admin/main.*\.js", Answer(404)),
        {WEB: L3},
        PHONE,
        LOG_IN,
    ),
    before(
        "the page of the administration takes three quarters of a minute",
        slowed("/admin/", 45.0, "GET"),
        {WEB: L3},
        PHONE,
        LOG_IN,
    ),
    before("the newest orders take three seconds", _slow("orders(", 3.0), {SPEED: L2, API: L3}, WEB, PHONE),
    # L2: the books are right, and what people are shown of them is not.
    before("the list of orders is that of the night", asking("orders(", _as_hours_ago), {TOTALS: L2}, API, WEB),
    before(
        "the list of orders shows other totals here and there",
        asking("orders(", _some_totals_twice),
        {TOTALS: L2},
        API,
        WEB,
    ),
    before("whoever logs in is somebody else", asking("me {", _somebody_else), {LOG_IN: L2}, API),
    in_system(
        "the password of one account was changed",
        sql(f"UPDATE authentication_method SET passwordHash = 'none' WHERE userId = {_OF_SOUTH}"),
        {LOG_IN: L1},
    ),
    in_system(
        "nobody's password is known any more",
        sql("UPDATE authentication_method SET passwordHash = 'none' WHERE passwordHash IS NOT NULL"),
        {LOG_IN: L3},
        API,
        WEB,
        PHONE,
    ),
    in_system(
        "one account was moved to the other branch",
        sql(
            f"UPDATE user_roles_role SET roleId = (SELECT id FROM role WHERE code = 'north-sales') WHERE userId = {_OF_SOUTH}"
        ),
        {LOG_IN: L2},
        # The sales that this person sees by then are of another branch than the file says.
        BRANCHES,
    ),
    in_system(
        "one account was given a role in the other branch, too",
        sql(
            "INSERT INTO user_roles_role (userId, roleId) SELECT userId, (SELECT id FROM role WHERE code = 'north-sales') FROM administrator WHERE emailAddress = 'check.south.sales'"
        ),
        {LOG_IN: L2},
    ),
)
