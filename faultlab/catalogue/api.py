"""An API that answers, and answers wrongly: the page of another server, yesterday's figures, somebody else's data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from faultlab.fault import Where, items
from faultlab.gateway.spoiling import (
    answer_lost,
    asked_elsewhere,
    changed,
    cut_short,
    first_answer_by_address,
    instead,
    json_changed,
    slowed,
)
from faultlab.gateway_fault import between
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level

API = "/api/v1"
SALE = rf"{API}/sales/\d+"
ORDER = rf"{API}/production/orders/\d+"
STEP = rf"{API}/production/steps/\d+"
TRIALS = items("ops.sales", "ops.production-steps")
WRONG = {"health.api": Level.L3}


def _an_hour_ago(instant: str) -> str:
    return (datetime.fromisoformat(instant) - timedelta(hours=1)).isoformat()


def _clock_behind(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "now": _an_hour_ago(answer["now"])}


def _health_of_an_hour_ago(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "checked_at": _an_hour_ago(answer["checked_at"])}


def _database_down(answer: dict[str, Any]) -> dict[str, Any]:
    parts = answer["components"]
    return {**answer, "components": {**parts, "database": {**parts["database"], "status": "down"}}}


def _the_day_before(request: Request) -> str:
    day = date.fromisoformat(request.query["day"][0]) - timedelta(days=1)
    return f"{request.path}?day={day}"


def _total_more(sale: dict[str, Any]) -> dict[str, Any]:
    return {**sale, "total": str(Decimal(sale["total"]) + Decimal("0.01"))}


def _without_newest(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "items": page["items"][1:]}


def _prices_as_words(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "items": [{**one, "unit_price": "on request"} for one in page["items"]]}


def _not_done(path: str) -> str:
    """The address of the record itself, for one of what is to be done with it."""
    return path.rsplit("/", 1)[0]


def _open_to_all() -> Spoil:
    """Whoever is not logged in gets what was last told to somebody who is."""
    answers: dict[str, Answer] = {}

    def spoil(request: Request, ask: Ask) -> Answer:
        answer = ask(request)
        if answer.status == 401 and answers:
            return answers.get(request.path, next(iter(answers.values())))
        if answer.status == 200 and request.method == "GET" and "authorization" in request.headers:
            answers[request.path] = answer
        return answer

    return spoil


def _any_password() -> Spoil:
    """A log-in that fails gets the token of the last one that did not."""
    tokens: list[Answer] = []

    def spoil(request: Request, ask: Ask) -> Answer:
        answer = ask(request)
        if not request.goes_to(f"{API}/auth/login"):
            return answer
        if answer.status == 200:
            tokens.append(answer)
        elif tokens:
            return tokens[-1]
        return answer

    return spoil


FAULTS = (
    between(
        "api-error-page-with-two-hundred",
        "A list of customers is answered with an error page, under status 200.",
        Where.API,
        instead(f"{API}/customers", Answer.of_page("<h1>Something went wrong</h1>")),
        {**WRONG, "ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-error-inside-the-answer",
        "The production board is answered with an error, under status 200.",
        Where.API,
        instead(f"{API}/production/board", Answer.of_json({"error": "worker unavailable"})),
        WRONG,
    ),
    between(
        "api-list-is-empty",
        "The list of branches is empty.",
        Where.API,
        instead(f"{API}/branches", Answer.of_json([])),
        WRONG,
        items("users.login") | TRIALS,
    ),
    between(
        "api-list-is-nothing",
        "In place of a list of products there is nothing.",
        Where.API,
        json_changed(f"{API}/products", lambda page: {**page, "items": None}),
        {**WRONG, "ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-number-became-text",
        "Prices of products are words instead of amounts.",
        Where.API,
        json_changed(f"{API}/products", _prices_as_words),
        WRONG,
    ),
    between(
        "api-number-of-records-became-text",
        "The number of issue reports comes as text.",
        Where.API,
        json_changed(f"{API}/issues", lambda page: {**page, "total": "many"}),
        WRONG,
    ),
    between(
        "api-report-of-yesterday",
        "The report of the day is that of yesterday, from somewhere that keeps answers too long.",
        Where.API,
        asked_elsewhere(f"{API}/reports/sales", _the_day_before),
        WRONG,
    ),
    between(
        "api-health-kept-for-an-hour",
        "The look at the system's own health is an hour old.",
        Where.API,
        json_changed(f"{API}/health", _health_of_an_hour_ago),
        WRONG,
    ),
    between(
        "api-clock-an-hour-behind",
        "The server's clock is an hour behind.",
        Where.API,
        json_changed(f"{API}/clock", _clock_behind),
        WRONG,
    ),
    between(
        "api-health-tells-of-a-database-down",
        "The system says itself that its database is down.",
        Where.API,
        json_changed(f"{API}/health", _database_down),
        WRONG,
    ),
    between(
        "api-somebody-else-logged-in",
        "Who logs in as the owner is somebody else by the next request.",
        Where.API,
        json_changed(f"{API}/me", lambda me: {**me, "username": "someone.else", "role": "sales"}),
        {**WRONG, "users.login": Level.L2},
        TRIALS,
    ),
    between(
        "api-another-branch-than-agreed",
        "Everybody works in one branch, whatever their own is.",
        Where.API,
        json_changed(f"{API}/me", lambda me: {**me, "branch": "HAR"} if me["branch"] else me),
        {"users.login": Level.L2},
        items("health.api") | TRIALS,
    ),
    between(
        "api-one-report-slow",
        "One report takes three seconds, everything else is quick.",
        Where.API,
        slowed(f"{API}/reports/production", 3.0),
        {**WRONG, "perf.response-time": Level.L2},
    ),
    between(
        "api-one-report-a-little-slow",
        "One report takes most of a second, which people feel.",
        Where.API,
        slowed(f"{API}/reports/production", 0.9),
        {"perf.response-time": Level.L2},
    ),
    between(
        "api-slow-once",
        "One request in forty takes half a second longer.",
        Where.API,
        slowed(rf"{API}/.*", 0.5, every=40),
        just_below=items("perf.response-time"),
    ),
    between(
        "api-a-little-later",
        "Each answer comes a twentieth of a second later than usual.",
        Where.API,
        slowed(rf"{API}/.*", 0.05),
        just_below=items("health.api", "perf.response-time"),
    ),
    between(
        "api-one-address-gone",
        "The address of the issue reports is gone after a release.",
        Where.API,
        instead(f"{API}/issues", Answer.of_json({"detail": "Not Found"}, 404)),
        WRONG,
    ),
    between(
        "api-leads-to-the-log-in-page",
        "The list of sales leads programs to the log-in page for people.",
        Where.API,
        instead(f"{API}/sales", Answer.of_redirect("/login"), "GET"),
        {**WRONG, "ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-answer-breaks-off",
        "The list of products breaks off in the middle.",
        Where.API,
        cut_short(f"{API}/products"),
        {**WRONG, "ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-everything-refused",
        "The API refuses everybody: too busy.",
        Where.API,
        instead(rf"{API}/.*", Answer.of_json({"detail": "Service Unavailable"}, 503)),
        {**WRONG},
        items("health.mobile", "users.login", "perf.response-time") | TRIALS,
    ),
    between(
        "api-fails-in-the-server",
        "A fault in a release: the branches' list fails in the server.",
        Where.API,
        instead(f"{API}/branches", Answer.of_json({"detail": "Internal Server Error"}, 500)),
        WRONG,
        items("users.login") | TRIALS,
    ),
    between(
        "api-wants-a-newer-app",
        "The API says that no phone's app is new enough.",
        Where.API,
        json_changed(f"{API}/mobile/handshake", lambda answer: {**answer, "supported": False}),
        {**WRONG, "health.mobile": Level.L3},
    ),
    between(
        "api-open-without-log-in",
        "The API tells everything to somebody who is not logged in.",
        Where.API,
        _open_to_all(),
        WRONG,
        items("users.login"),
    ),
    between(
        "api-takes-any-password",
        "Any password is good enough.",
        Where.API,
        _any_password(),
        {"users.login": Level.L3},
    ),
    between(
        "api-session-outlives-log-out",
        "Logging out does not end the session.",
        Where.API,
        instead(f"{API}/auth/logout", Answer(204)),
        {"users.login": Level.L2},
    ),
    between(
        "api-total-a-cent-more",
        "The API shows each sale with a cent more than was entered.",
        Where.API,
        json_changed(SALE, _total_more, "GET"),
        {"ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-finalise-does-nothing",
        "A sale is finalised, is said to be done, and stays a draft.",
        Where.API,
        asked_elsewhere(rf"{SALE}/finalise", lambda request: _not_done(request.path), "GET"),
        {"ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-void-does-nothing",
        "A sale is voided, is said to be void, and stands.",
        Where.API,
        asked_elsewhere(rf"{SALE}/void", lambda request: _not_done(request.path), "GET"),
        {"ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-newest-sale-not-listed",
        "The list of sales lacks the newest one.",
        Where.API,
        json_changed(f"{API}/sales", _without_newest, "GET"),
        {"ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "api-sale-is-refused",
        "No sale can be entered through the API.",
        Where.API,
        instead(f"{API}/sales", Answer.of_json({"detail": "Internal Server Error"}, 500), "POST"),
        {"ops.sales": Level.L2, "ops.production-steps": Level.L2},
    ),
    between(
        "api-answer-to-a-sale-is-lost",
        "A sale is entered, and the answer never arrives.",
        Where.NETWORK,
        answer_lost(f"{API}/sales", "POST"),
        {"ops.sales": Level.L2, "ops.production-steps": Level.L2},
        items("health.api", "focus.branch-isolation"),
    ),
    between(
        "api-step-does-not-start",
        "A step is started, is said to run, and does not.",
        Where.API,
        instead(rf"{STEP}/start", Answer.of_json({"state": "started"})),
        {"ops.production-steps": Level.L2},
    ),
    between(
        "api-step-cannot-be-finished",
        "Steps can be started and never finished.",
        Where.API,
        instead(rf"{STEP}/finish", Answer.of_json({"detail": "conflict"}, 409)),
        {"ops.production-steps": Level.L2},
    ),
    between(
        "api-progress-not-counted",
        "The API shows every order as not begun in percent, whatever was done.",
        Where.API,
        json_changed(ORDER, lambda order: {**order, "progress_percent": 0}, "GET"),
        {"ops.production-steps": Level.L2},
    ),
    between(
        "api-order-kept-too-long",
        "Whoever looks an order up again is shown it as it was the first time.",
        Where.API,
        first_answer_by_address(ORDER),
        {"ops.production-steps": Level.L2},
        # People of another branch are shown what was kept for those of its own.
        items("focus.branch-isolation"),
    ),
    between(
        "api-studio-sale-without-its-order",
        "The API does not tell which production order a studio sale opened.",
        Where.API,
        json_changed(SALE, lambda sale: {**sale, "production_order_id": None}, "GET"),
        {"ops.production-steps": Level.L2},
        items("ops.sales"),
    ),
    between(
        "api-other-spelling-of-the-type",
        "Answers say of what type they are in another spelling.",
        Where.API,
        changed(
            rf"{API}/.*",
            lambda answer: (
                answer.with_header("content-type", "application/json; charset=UTF-8")
                if "json" in answer.media_type
                else answer
            ),
        ),
    ),
    between(
        "api-fields-added",
        "A release adds fields to each answer.",
        Where.API,
        json_changed(rf"{API}/.*", lambda value: {**value, "release": "27.1"} if isinstance(value, dict) else value),
    ),
)
